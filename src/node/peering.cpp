#include "node/peering.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "node/files.h"
#include "node/peers/certificates.h"
#include "node/snapshot_shelf.h"

namespace chancery::node {

namespace {

constexpr std::size_t kPeerListBytes = 4U << 20;
constexpr std::string_view kPeerPath = "/peer/v1";
constexpr std::int64_t kSnapshotTimeout_ms = 60'000;

const ledger::Validator* validator_named(const ledger::Genesis& genesis, std::string_view name) {
  const auto found = std::ranges::find(genesis.validators, name, &ledger::Validator::name);
  return found == genesis.validators.end() ? nullptr : &*found;
}

}  // namespace

Peering::Peering(PeerList list, ledger::Genesis genesis, std::shared_ptr<PeerTls> tls, const Clock& clock)
    : list_(std::move(list)), genesis_(std::move(genesis)), tls_(std::move(tls)), clock_(clock), client_(tls_) {}

Peering::~Peering() {
  stop();
}

Result<std::unique_ptr<Peering>> Peering::open(const std::string& directory, std::string_view passphrase,
                                               const ledger::Genesis& genesis, const Clock& clock) {
  ASSIGN_OR_RETURN(const std::string text, read_file(peers_path(directory), kPeerListBytes));
  ASSIGN_OR_RETURN(PeerList list, PeerList::parse(text));
  if (list.network_id != genesis.network_id) {
    return fail(Reason::kWrongNetwork,
                fmt::format("{} is of network {}", peers_path(directory), to_hex(list.network_id)));
  }
  ASSIGN_OR_RETURN(const NodeIdentity identity, load_identity(directory, passphrase));
  ASSIGN_OR_RETURN(auto tls, PeerTls::create(list, identity, clock));
  auto out = std::unique_ptr<Peering>(new Peering(std::move(list), genesis, tls, clock));
  out->watch_ = std::make_unique<PeerFileWatch>(directory, std::string(passphrase), std::move(tls), clock);
  return out;
}

Result<NodeNetwork> Peering::network(std::string cometbft) {
  NodeNetwork out;
  out.cometbft = std::move(cometbft);
  out.engine_listen = list_.own().engine_address;
  if (out.engine_listen.empty()) {
    return fail(Reason::kInvalidValue, fmt::format("peers.json names no engine_address for \"{}\"", list_.own_name));
  }
  out.own_name = list_.own_name;
  for (const Peer& peer : list_.peers) {
    if (peer.name == list_.own_name) continue;
    out.peers.push_back(peer.name);
    const ledger::Validator* validator = validator_named(genesis_, peer.name);
    if (validator != nullptr && validator->engine_key && !peer.engine_address.empty()) {
      out.engine_peers.push_back({*validator->engine_key, peer.engine_address});
    }
  }
  out.transport = this;
  return out;
}

Status Peering::serve(Node& node) {
  ASSIGN_OR_RETURN(const HostPort address, parse_host_port(list_.own().address));
  PeerServerOptions options;
  options.address = address.host;
  std::from_chars(address.port.data(), address.port.data() + address.port.size(), options.port);
  ASSIGN_OR_RETURN(server_, PeerServer::start(options, tls_, clock_));
  server_->handle("POST", fmt::format("{}/*", kPeerPath), [&node](const PeerRequest& request) -> PeerResponse {
    const std::string_view path = std::string_view(request.path).substr(kPeerPath.size());
    auto answer = node.answer_peer(request.peer, path, request.body);
    if (!answer) return {reason_text(answer.error().reason).http_status, "text/plain", answer.error().message()};
    return {200, "application/json", std::move(*answer)};
  });
  return {};
}

void Peering::stop() {
  if (watch_) watch_->stop();
  if (server_) server_->stop();
}

Result<std::string> Peering::post(const std::string& peer, const std::string& path, const std::string& body) {
  // A part of a snapshot has megabytes; everything else is short.
  const std::int64_t timeout_ms = path.starts_with(kSnapshotsPath) ? kSnapshotTimeout_ms : 0;
  ASSIGN_OR_RETURN(PeerResponse answer,
                   client_.call(peer, "POST", fmt::format("{}{}", kPeerPath, path), body, timeout_ms));
  if (answer.status != 200) {
    return fail(Reason::kPeerRefused,
                fmt::format("{} answers {}: {}", peer, answer.status, answer.body.substr(0, 200)));
  }
  return std::move(answer.body);
}

}  // namespace chancery::node
