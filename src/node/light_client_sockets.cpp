#include "node/light_client_sockets.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cstring>
#include <list>
#include <map>
#include <mutex>
#include <thread>

#include "base/json.h"
#include "base/log.h"

namespace chancery::node {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Unix = asio::local::stream_protocol;

namespace {

constexpr std::size_t kMostRequestBytes = 4'096;
constexpr int kWaitingConnections = 16;

}  // namespace

struct LightClientSockets::State {
  struct Door {
    std::string peer;
    std::string path;
    int listener = -1;
    std::thread accepting;
  };
  struct Open {
    int socket = -1;
    std::thread thread;
    bool done = false;
  };

  explicit State(PeerTransport& the_transport) : transport(the_transport) {}

  PeerTransport& transport;
  std::list<Door> doors;
  std::mutex mutex;
  bool stopping = false;
  std::list<Open> connections;

  Status open_door(Door& door);
  void accept_at(const Door& door);
  void serve(int socket, const std::string& peer);
};

Status LightClientSockets::State::open_door(Door& door) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (door.path.size() >= sizeof(address.sun_path)) {
    return fail(Reason::kUnavailable, fmt::format("the socket path {} is too long", door.path));
  }
  std::memcpy(address.sun_path, door.path.c_str(), door.path.size() + 1);
  ::unlink(door.path.c_str());
  door.listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool listening =
      door.listener >= 0 && ::bind(door.listener, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
      ::chmod(door.path.c_str(), S_IRUSR | S_IWUSR) == 0 && ::listen(door.listener, kWaitingConnections) == 0;
  if (!listening) return fail(Reason::kUnavailable, fmt::format("{}: {}", door.path, std::strerror(errno)));
  door.accepting = std::thread([this, &door] { accept_at(door); });
  return {};
}

void LightClientSockets::State::accept_at(const Door& door) {
  while (true) {
    const int socket = ::accept4(door.listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
    const std::lock_guard lock(mutex);
    if (socket < 0 || stopping) {
      if (socket >= 0) ::close(socket);
      return;
    }
    std::erase_if(connections, [](Open& one) {
      if (one.done) one.thread.join();
      return one.done;
    });
    Open& one = connections.emplace_back();
    one.socket = socket;
    one.thread = std::thread([this, &one, peer = door.peer] {
      serve(one.socket, peer);
      const std::lock_guard own_lock(mutex);
      ::close(one.socket);
      one.socket = -1;
      one.done = true;
    });
  }
}

void LightClientSockets::State::serve(int socket, const std::string& peer) {
  asio::io_context context;
  boost::system::error_code error;
  Unix::socket stream(context);
  const int copy = ::dup(socket);  // the stream closes its own
  if (copy < 0) return;
  stream.assign(Unix(), copy, error);
  boost::beast::flat_buffer buffer;
  while (!error) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(kMostRequestBytes);
    http::read(stream, buffer, parser, error);
    if (error) return;
    const auto answer = transport.post(peer, std::string(kLightClientPath), parser.get().body());
    if (!answer) log_warn("light_client.unanswered", {{"peer", peer}, {"error", answer.error().message()}});
    http::response<http::string_body> response(answer ? http::status::ok : http::status::bad_gateway,
                                               parser.get().version());
    response.set(http::field::content_type, "application/json");
    response.keep_alive(parser.get().keep_alive());
    response.body() = answer.value_or(std::string());
    response.prepare_payload();
    http::write(stream, response, error);
    if (!response.keep_alive()) return;
  }
}

LightClientSockets::LightClientSockets() = default;

LightClientSockets::~LightClientSockets() {
  stop();
}

Result<std::unique_ptr<LightClientSockets>> LightClientSockets::start(const std::string& directory,
                                                                      PeerTransport& transport,
                                                                      const std::vector<std::string>& peers) {
  std::unique_ptr<LightClientSockets> sockets(new LightClientSockets());
  sockets->state_ = std::make_unique<State>(transport);
  for (std::size_t i = 0; i < peers.size(); ++i) {
    auto& door = sockets->state_->doors.emplace_back();
    door.peer = peers[i];
    door.path = fmt::format("{}/light-{}.sock", directory, i);
    TRY(sockets->state_->open_door(door));
  }
  return sockets;
}

void LightClientSockets::stop() {
  if (!state_) return;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->stopping) return;
    state_->stopping = true;
    for (State::Open& one : state_->connections) {
      if (one.socket >= 0) ::shutdown(one.socket, SHUT_RDWR);
    }
  }
  for (State::Door& door : state_->doors) {
    if (door.listener >= 0) ::shutdown(door.listener, SHUT_RDWR);
    if (door.accepting.joinable()) door.accepting.join();
    if (door.listener >= 0) ::close(door.listener);
    ::unlink(door.path.c_str());
  }
  for (State::Open& one : state_->connections) {
    if (one.thread.joinable()) one.thread.join();
  }
}

std::string LightClientSockets::server_of(std::string_view peer) const {
  for (const State::Door& door : state_->doors) {
    if (door.peer == peer) return "unix://" + door.path;
  }
  return {};
}

Result<consensus::CometStateSync> find_trusted_block(const ledger::Genesis& genesis, PeerTransport& transport,
                                                     const std::vector<std::string>& peers, std::uint64_t height,
                                                     const LightClientSockets& sockets) {
  struct Named {
    std::uint64_t power = 0;
    std::vector<std::string> servers;
  };
  std::map<std::string, Named> by_hash;
  std::uint64_t total = 0;
  for (const ledger::Validator& validator : genesis.validators) total += validator.power;
  const std::string request =
      Json{{"jsonrpc", "2.0"}, {"id", 1}, {"method", "commit"}, {"params", {{"height", std::to_string(height)}}}}
          .dump();
  const Json::json_pointer place("/result/signed_header/commit/block_id/hash");
  for (const std::string& peer : peers) {
    const auto validator = std::ranges::find(genesis.validators, peer, &ledger::Validator::name);
    if (validator == genesis.validators.end()) continue;
    const auto text = transport.post(peer, std::string(kLightClientPath), request);
    const auto answer = text ? parse_json(*text, {.max_bytes = 4U << 20}) : std::unexpected(text.error());
    if (!answer || !answer->contains(place) || !answer->at(place).is_string()) continue;
    Named& named = by_hash[answer->at(place).get<std::string>()];
    named.power += validator->power;
    named.servers.push_back(sockets.server_of(peer));
  }
  for (auto& [hash, named] : by_hash) {
    if (!digest_from_hex(hash) || named.power * 3 <= total || named.servers.size() < 2) continue;
    return consensus::CometStateSync{named.servers, height, hash};
  }
  return fail(Reason::kUnavailable,
              fmt::format("fewer than two validators with a third of the power name the engine's block {}", height),
              fmt::format("没有足够的验证者指明引擎的第 {} 区块", height));
}

}  // namespace chancery::node
