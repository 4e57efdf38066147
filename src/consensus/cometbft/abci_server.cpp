#include "consensus/cometbft/abci_server.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

#include "base/log.h"

namespace chancery::consensus {

namespace {

constexpr std::size_t kMostRequestBytes = 64U << 20;
constexpr std::size_t kReadBytes = 256U << 10;

/// Reads length-prefixed messages from a socket and writes answers, several in one write when more requests wait.
class Connection {
 public:
  Connection(int socket, AbciHandler& handler) : socket_(socket), handler_(handler) {}

  void serve() {
    while (true) {
      std::size_t length = 0;
      if (!take_length(length) || length > kMostRequestBytes || !fill(length)) return;
      abci::Request request;
      if (!request.ParseFromArray(&in_[begin_], static_cast<int>(length))) return;
      begin_ += length;
      answer(handler_.handle(request));
      if (request.has_flush() && !send()) return;
    }
  }

 private:
  /// Makes `count` bytes available from begin_ on; false at the end of the stream.
  bool fill(std::size_t count) {
    if (begin_ + count <= end_) return true;
    std::memmove(in_.data(), in_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    if (in_.size() < count + kReadBytes) in_.resize(count + kReadBytes);
    while (end_ < count) {
      const ssize_t got = ::recv(socket_, &in_[end_], in_.size() - end_, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      end_ += static_cast<std::size_t>(got);
    }
    return true;
  }

  bool take_length(std::size_t& length) {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (!fill(1)) return false;
      const auto byte = static_cast<std::uint8_t>(in_[begin_++]);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if ((byte & 0x80U) == 0) {
        length = static_cast<std::size_t>(value);
        return true;
      }
    }
    return false;
  }

  void answer(const abci::Response& response) {
    std::size_t length = response.ByteSizeLong();
    while (length >= 0x80) {
      out_.push_back(static_cast<char>(length | 0x80U));
      length >>= 7U;
    }
    out_.push_back(static_cast<char>(length));
    response.AppendToString(&out_);
  }

  bool send() {
    std::size_t sent = 0;
    while (sent < out_.size()) {
      const ssize_t count = ::send(socket_, &out_[sent], out_.size() - sent, MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return false;
      sent += static_cast<std::size_t>(count);
    }
    out_.clear();
    return true;
  }

  const int socket_;
  AbciHandler& handler_;
  std::vector<char> in_ = std::vector<char>(kReadBytes);
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::string out_;
};

}  // namespace

struct AbciServer::State {
  explicit State(AbciHandler& the_handler) : handler(the_handler) {}

  AbciHandler& handler;
  std::string path;
  int listener = -1;
  std::thread accepting;
  std::mutex mutex;
  bool stopping = false;
  struct Open {
    int socket;
    std::thread thread;
    bool done = false;
  };
  std::list<Open> connections;

  void accept_loop() {
    while (true) {
      const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
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
      one.thread = std::thread([this, &one] {
        Connection(one.socket, handler).serve();
        const std::lock_guard own_lock(mutex);
        ::close(one.socket);
        one.socket = -1;
        one.done = true;
      });
    }
  }
};

AbciServer::AbciServer() = default;

AbciServer::~AbciServer() {
  stop();
}

Result<std::unique_ptr<AbciServer>> AbciServer::start(const std::string& path, AbciHandler& handler) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return fail(Reason::kUnavailable,
                fmt::format("the socket path {} is longer than {} bytes", path, sizeof(address.sun_path) - 1));
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  std::unique_ptr<AbciServer> server(new AbciServer());
  server->state_ = std::make_unique<State>(handler);
  State& state = *server->state_;
  state.path = path;
  ::unlink(path.c_str());
  state.listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool listening = state.listener >= 0 &&
                         ::bind(state.listener, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
                         ::chmod(path.c_str(), S_IRUSR | S_IWUSR) == 0 && ::listen(state.listener, 16) == 0;
  if (!listening) return fail(Reason::kUnavailable, fmt::format("{}: {}", path, std::strerror(errno)));
  state.accepting = std::thread([&state] { state.accept_loop(); });
  return server;
}

void AbciServer::stop() {
  if (!state_) return;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->stopping) return;
    state_->stopping = true;
    for (State::Open& one : state_->connections) {
      if (one.socket >= 0) ::shutdown(one.socket, SHUT_RDWR);
    }
  }
  if (state_->listener >= 0) ::shutdown(state_->listener, SHUT_RDWR);
  if (state_->accepting.joinable()) state_->accepting.join();
  for (State::Open& one : state_->connections) {
    if (one.thread.joinable()) one.thread.join();
  }
  if (state_->listener >= 0) ::close(state_->listener);
  ::unlink(state_->path.c_str());
}

}  // namespace chancery::consensus
