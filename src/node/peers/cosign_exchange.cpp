#include "node/peers/cosign_exchange.h"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "base/json.h"
#include "base/json_reader.h"
#include "base/log.h"
#include "merkle/checkpoint.h"
#include "merkle/signed_note.h"

namespace chancery::node {

namespace {

/// Signatures of blocks that peers finished before this node.
constexpr std::size_t kMostEarly = 512;
constexpr std::size_t kMostEarlyNotes = 64;  // of one block
/// A block that lacks signatures for so long is asked about again.
constexpr std::chrono::milliseconds kAskAgain{1'000};
constexpr std::chrono::milliseconds kPauseAfterFailure{200};

struct Message {
  std::uint64_t height = 0;
  std::string note;  ///< empty: not there yet
};

Result<Message> parse_message(const std::string& body) {
  ASSIGN_OR_RETURN(const Json json, parse_json(body, {.max_bytes = merkle::kMaxNoteBytes * 2, .max_depth = 4}));
  JsonReader reader(json);
  Message out;
  ASSIGN_OR_RETURN(const std::int64_t height, reader.required_integer("height", 1, INT64_MAX));
  out.height = static_cast<std::uint64_t>(height);
  ASSIGN_OR_RETURN(const auto note, reader.optional_string("note", merkle::kMaxNoteBytes));
  out.note = note.value_or("");
  TRY(reader.refuse_unknown_members());
  return out;
}

std::string to_text(const Message& message) {
  Json out = {{"height", message.height}};
  if (!message.note.empty()) out["note"] = message.note;
  return out.dump();
}

}  // namespace

struct CosignExchange::State {
  State(ledger::Ledger& the_ledger, PeerTransport& the_transport, Events the_events, bool is_observer)
      : ledger(the_ledger), transport(the_transport), events(std::move(the_events)), observes(is_observer) {}

  ledger::Ledger& ledger;
  PeerTransport& transport;
  const Events events;
  const bool observes;

  mutable std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  std::uint64_t durable = 0;
  std::map<std::uint64_t, std::vector<std::string>> early;  ///< signed notes
  std::vector<PeerState> peers;
  std::vector<std::thread> threads;

  void call_loop(std::size_t index);
  Status exchange(std::size_t index, std::uint64_t height);
  Status take(const Message& message);
  Result<std::string> own_note(std::uint64_t height) const;
};

CosignExchange::CosignExchange(ledger::Ledger& ledger, PeerTransport& transport, std::vector<std::string> peers,
                               Events events, bool observes)
    : state_(std::make_unique<State>(ledger, transport, std::move(events), observes)) {
  for (std::string& name : peers) state_->peers.push_back({std::move(name), 0, false, {}});
  state_->durable = ledger.durable_header().height();
  for (std::size_t i = 0; i < state_->peers.size(); ++i) {
    state_->threads.emplace_back([state = state_.get(), i] { state->call_loop(i); });
  }
}

CosignExchange::~CosignExchange() {
  stop();
}

void CosignExchange::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    state_->changed.notify_all();
  }
  for (std::thread& thread : state_->threads) {
    if (thread.joinable()) thread.join();
  }
}

Result<std::string> CosignExchange::State::own_note(std::uint64_t height) const {
  if (observes) return std::string();
  return ledger.durable_note(height);
}

Status CosignExchange::State::take(const Message& message) {
  if (message.note.empty()) return {};
  ASSIGN_OR_RETURN(const merkle::SignedNote note, merkle::parse_note(message.note));
  if (message.height > ledger.durable_header().height()) {
    const std::lock_guard lock(mutex);
    auto& notes = early[message.height];
    if (notes.size() < kMostEarlyNotes) notes.push_back(message.note);
    while (early.size() > kMostEarly) early.erase(std::prev(early.end()));
    return {};
  }
  ASSIGN_OR_RETURN(const std::string ours, ledger.durable_note(message.height));
  ASSIGN_OR_RETURN(const auto conflict, ledger::find_conflict(ours, message.note, ledger.genesis().validators));
  if (conflict) {
    events.conflict(*conflict);
    return fail(Reason::kProofInvalid, fmt::format("block {} has another checkpoint here", message.height));
  }
  // Each line by itself: a wrong one must not take the others with it.
  Status status;
  for (const merkle::NoteSignature& line : note.signatures) {
    const auto moved = ledger.cosign(message.height, {line});
    if (!moved) status = std::unexpected(moved.error());
    if (moved && *moved) events.head_moved();
  }
  return status;
}

Status CosignExchange::State::exchange(std::size_t index, std::uint64_t height) {
  ASSIGN_OR_RETURN(std::string note, own_note(height));
  std::string peer;
  {
    const std::lock_guard lock(mutex);
    peer = peers[index].name;
  }
  ASSIGN_OR_RETURN(const std::string text,
                   transport.post(peer, std::string(kCosignaturesPath), to_text({height, std::move(note)})));
  ASSIGN_OR_RETURN(const Message answer, parse_message(text));
  if (answer.height != height) return fail(Reason::kMalformed, "the answer is about another block");
  TRY(take(answer));
  const std::lock_guard lock(mutex);
  if (!answer.note.empty()) peers[index].height = std::max(peers[index].height, height);
  return {};
}

void CosignExchange::State::call_loop(std::size_t index) {
  std::uint64_t sent = 0;
  bool failed = false;
  while (true) {
    std::uint64_t height = 0;
    {
      std::unique_lock lock(mutex);
      if (failed) changed.wait_for(lock, kPauseAfterFailure, [&] { return stopping; });
      const bool news = changed.wait_for(lock, kAskAgain, [&] { return stopping || durable > sent; });
      if (stopping) return;
      height = durable;
      if (!news && height <= 1) continue;
    }
    if (height == sent) {
      // Nothing new for a while: ask only when signatures are missing.
      if (ledger.awaiting_cosignatures().empty()) continue;
    }
    const Status status = exchange(index, height);
    failed = !status;
    if (status) sent = height;
    const std::lock_guard lock(mutex);
    if (failed && peers[index].reached) {
      log_warn("peer.unreachable", {{"peer", peers[index].name}, {"error", status.error().message()}});
    }
    peers[index].reached = !failed;
    peers[index].error = failed ? status.error().message() : "";
  }
}

void CosignExchange::gather(std::uint64_t height) {
  for (std::size_t index = 0; index < state_->peers.size(); ++index) {
    // A peer that does not answer is no news: its own loop reports that.
    if (const Status asked = state_->exchange(index, height); !asked) continue;
  }
}

void CosignExchange::durable(std::uint64_t height) {
  std::vector<std::string> notes;
  {
    const std::lock_guard lock(state_->mutex);
    state_->durable = height;
    if (const auto found = state_->early.find(height); found != state_->early.end()) notes = std::move(found->second);
    while (!state_->early.empty() && state_->early.begin()->first <= height) state_->early.erase(state_->early.begin());
    state_->changed.notify_all();
  }
  for (std::string& note : notes) {
    if (const Status taken = state_->take({height, std::move(note)}); !taken) {
      log_warn("peer.cosignature_refused", {{"height", height}, {"error", taken.error().message()}});
    }
  }
}

Result<std::string> CosignExchange::answer(const std::string& peer, const std::string& body) {
  ASSIGN_OR_RETURN(const Message message, parse_message(body));
  TRY(state_->take(message));
  {
    const std::lock_guard lock(state_->mutex);
    for (PeerState& one : state_->peers) {
      if (one.name == peer) one.height = std::max(one.height, message.height);
    }
  }
  Message out{message.height, {}};
  if (message.height <= state_->ledger.durable_header().height()) {
    ASSIGN_OR_RETURN(out.note, state_->own_note(message.height));
  }
  return to_text(out);
}

std::vector<CosignExchange::PeerState> CosignExchange::peers() const {
  const std::lock_guard lock(state_->mutex);
  return state_->peers;
}

}  // namespace chancery::node
