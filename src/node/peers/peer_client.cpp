#include "node/peers/peer_client.h"

#include <map>
#include <mutex>
#include <vector>

#include "base/json_reader.h"
#include "node/peers/peer_dialogue.h"

namespace chancery::node {

namespace {

std::chrono::milliseconds millis(std::int64_t count) {
  return std::chrono::milliseconds(count);
}

Status check_hello(const PeerResponse& answer, const Digest& network_id, const Clock& clock,
                   std::int64_t tolerance_ms) {
  if (!answer.ok()) {
    return fail(Reason::kMalformed, "the peer answers " + std::to_string(answer.status), "对方应答异常");
  }
  ASSIGN_OR_RETURN(const Json hello, parse_json(answer.body, {.max_bytes = 4096, .max_depth = 4}));
  JsonReader reader(hello);
  ASSIGN_OR_RETURN(const Digest network, reader.required_digest("network"));
  if (network != network_id) {
    return fail(Reason::kCertificateWrongName, "the peer runs another network", "对方运行的是另一个网络");
  }
  ASSIGN_OR_RETURN(const std::int64_t time_ms, reader.required_integer("time_ms", 0, INT64_MAX));
  const std::int64_t ahead_ms = time_ms - clock.now_ms();
  if (ahead_ms > tolerance_ms || ahead_ms < -tolerance_ms) {
    return fail(Reason::kPeerClockOff, "its clock is " + std::to_string(ahead_ms / 1000) + " s ahead of ours",
                "对方时钟比本机快 " + std::to_string(ahead_ms / 1000) + " 秒");
  }
  return {};
}

}  // namespace

struct PeerClient::State {
  std::shared_ptr<PeerTls> tls;
  PeerClientOptions options;
  std::mutex mutex;
  std::map<std::string, std::vector<std::unique_ptr<PeerDialogue>>, std::less<>> kept;  // guarded by mutex

  /// A kept connection of today's certificate; null when there is none. Older ones end here.
  std::unique_ptr<PeerDialogue> take(std::string_view peer) {
    const std::lock_guard lock(mutex);
    const auto found = kept.find(peer);
    if (found == kept.end()) return nullptr;
    auto& idle = found->second;
    const auto oldest = std::chrono::steady_clock::now() - millis(options.kept_for_ms);
    std::erase_if(idle, [&](const auto& dialogue) {
      return dialogue->generation() != tls->generation() || dialogue->last_used() < oldest;
    });
    if (idle.empty()) return nullptr;
    auto out = std::move(idle.back());
    idle.pop_back();
    return out;
  }

  void keep(std::string_view peer, std::unique_ptr<PeerDialogue> dialogue) {
    if (!dialogue->reusable() || dialogue->generation() != tls->generation()) return;
    const std::lock_guard lock(mutex);
    auto& idle = kept[std::string(peer)];
    if (idle.size() < options.kept_per_peer) idle.push_back(std::move(dialogue));
  }
};

PeerClient::PeerClient(std::shared_ptr<PeerTls> tls, const PeerClientOptions& options)
    : state_(std::make_unique<State>()) {
  state_->tls = std::move(tls);
  state_->options = options;
}

PeerClient::~PeerClient() = default;

Result<PeerResponse> PeerClient::call(std::string_view peer, std::string_view method, std::string_view target,
                                      std::string_view body, std::int64_t timeout_ms) {
  State& state = *state_;
  const auto snapshot = state.tls->snapshot();
  const Peer* const known = snapshot->list.find(peer);
  if (known == nullptr) {
    return fail(Reason::kNotFound, "there is no peer " + std::string(peer), "没有节点 " + std::string(peer));
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto deadline = begin + millis(timeout_ms > 0 ? timeout_ms : state.options.call_timeout_ms);
  const std::size_t limit = state.options.body_limit_bytes;
  if (auto dialogue = state.take(peer)) {
    auto answer = dialogue->ask(method, target, body, limit, deadline);
    if (answer || !dialogue->broken_before_answer()) {
      if (answer) state.keep(peer, std::move(dialogue));
      return answer;
    }
  }
  auto dialogue = std::make_unique<PeerDialogue>(*state.tls, *known);
  const auto connected_by = std::chrono::steady_clock::now() + millis(state.options.connect_timeout_ms);
  TRY(dialogue->open(std::min(deadline, connected_by)));
  auto answer = dialogue->ask(method, target, body, limit, deadline);
  if (answer) state.keep(peer, std::move(dialogue));
  return answer;
}

Result<crypto::Certificate> PeerClient::probe(std::string_view peer, const Clock& clock, std::int64_t tolerance_ms) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->kept.erase(std::string(peer));
  }
  ASSIGN_OR_RETURN(const PeerResponse answer, call(peer, "GET", "/peer/v1/hello"));
  const auto list = state_->tls->seen();
  TRY(check_hello(answer, list.network_id, clock, tolerance_ms));
  const Peer* const known = list.find(peer);
  CHANCERY_CHECK(known != nullptr && known->certificate);
  return *known->certificate;
}

}  // namespace chancery::node
