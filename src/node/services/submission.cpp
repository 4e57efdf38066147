#include "node/services/submission.h"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>

#include "crypto/hash.h"
#include "ledger/transaction.h"

namespace chancery::node {

namespace {

constexpr std::size_t kMaxKeyChars = 128;
/// Long enough for a full queue, short enough that a lost transaction can be repeated soon.
constexpr std::int64_t kWindow_ms = 60'000;

Status check_key(std::string_view key) {
  if (key.size() <= kMaxKeyChars && std::ranges::all_of(key, [](char c) { return c > ' ' && c < '\x7f'; })) {
    return {};
  }
  return fail(Reason::kInvalidValue, "an Idempotency-Key has 1 to 128 visible ASCII characters",
              "幂等键应为 1 至 128 个可见 ASCII 字符");
}

/// What the row says: whose request it was and which transaction answered it.
struct Row {
  Digest request_hash{};
  Digest transaction_id{};

  Bytes encode() const {
    Bytes out = to_bytes(BytesView(request_hash));
    append(out, transaction_id);
    return out;
  }
  static Result<Row> decode(BytesView bytes) {
    if (bytes.size() != 64) return fail(Reason::kCorrupt, "an idempotency row is damaged");
    return Row{*to_digest(bytes.first(32)), *to_digest(bytes.last(32))};
  }
};

std::unexpected<Error> mismatch() {
  return fail(Reason::kIdempotencyMismatch, "the first request under this key was another one",
              "该幂等键首次用于另一请求");
}
std::unexpected<Error> in_flight() {
  return fail(Reason::kInFlight, "the first request under this key has no answer yet", "首次请求尚无结果");
}

Digest hash_of_calls(const std::vector<CallRequest>& calls, std::string_view memo) {
  Bytes joined;
  for (const CallRequest& call : calls) {
    for (const std::string_view part :
         {std::string_view(call.contract), std::string_view(call.method), std::string_view(call.args)}) {
      append_u64_be(joined, part.size());
      append(joined, as_bytes(part));
    }
  }
  return crypto::domain_hash(crypto::HashAlgorithm::kSha256, "chancery/request/calls/1", {joined, as_bytes(memo)});
}

}  // namespace

struct Submission::State {
  explicit State(Node& node_in) : node(node_in) {}
  Node& node;

  std::mutex mutex;
  std::condition_variable changed;
  /// Rows whose request is being worked on.
  std::map<Bytes, Digest> flights;
  /// Transactions that nobody waits for any more but that may still become final.
  struct Pending {
    Row row;
    std::int64_t until_ms = 0;
  };
  std::map<Bytes, Pending> pending;

  Bytes row_key(std::string_view account, std::string_view key) const {
    const Digest digest = crypto::domain_hash(crypto::HashAlgorithm::kSha256, "chancery/idempotency/1",
                                              {as_bytes(account), as_bytes(key)});
    return to_bytes(BytesView(digest));
  }

  /// Waits for a first request under the same key, then claims the key.
  Status take_off(const Bytes& key, const Digest& request_hash) {
    std::unique_lock lock(mutex);
    const bool free = changed.wait_for(lock, std::chrono::milliseconds(kInFlightWait_ms), [&] {
      const auto found = flights.find(key);
      return found == flights.end() || found->second != request_hash;
    });
    const auto found = flights.find(key);
    if (found != flights.end() && found->second != request_hash) return mismatch();
    if (!free) return in_flight();
    flights.emplace(key, request_hash);
    return {};
  }
  void land(const Bytes& key) {
    const std::lock_guard lock(mutex);
    flights.erase(key);
    changed.notify_all();
  }

  Result<Submitted> answer_at(const Digest& id, std::uint64_t leaf_index, wire::Entry entry) const {
    if (!entry.reason().empty()) {
      const auto reason = reason_from_wire_name(entry.reason());
      return fail(reason.value_or(Reason::kInternal), entry.detail());
    }
    Submitted out;
    out.transaction_id = id;
    out.height = entry.height();
    out.leaf_index = leaf_index;
    out.entry = std::move(entry);
    return out;
  }

  Result<std::optional<Submitted>> answer_of_row(const Row& row, const Digest& request_hash) const {
    if (row.request_hash != request_hash) return mismatch();
    ASSIGN_OR_RETURN(const auto found, node.ledger().find_transaction(row.transaction_id));
    if (!found.has_value()) return std::nullopt;
    ASSIGN_OR_RETURN(Submitted out, answer_at(row.transaction_id, found->leaf_index, found->entry));
    out.repeated = true;
    return out;
  }

  Result<std::optional<Submitted>> earlier(const Bytes& key, const Digest& request_hash) {
    ASSIGN_OR_RETURN(const auto bytes, node.ledger().idempotency_row(key));
    if (bytes.has_value()) {
      ASSIGN_OR_RETURN(const Row row, Row::decode(*bytes));
      return answer_of_row(row, request_hash);
    }
    Pending waiting;
    {
      const std::lock_guard lock(mutex);
      const auto found = pending.find(key);
      if (found == pending.end()) return std::nullopt;
      waiting = found->second;
      if (node.clock().now_ms() > waiting.until_ms) {
        pending.erase(found);
        return std::nullopt;
      }
    }
    if (waiting.row.request_hash != request_hash) return mismatch();
    // Not in the ledger and not too late to come: doing it again could do it twice.
    return in_flight();
  }

  void remember_pending(const Bytes& key, const Row& row, std::int64_t until_ms) {
    const std::lock_guard lock(mutex);
    const std::int64_t now_ms = node.clock().now_ms();
    std::erase_if(pending, [&](const auto& entry) { return now_ms > entry.second.until_ms; });
    pending[key] = {row, until_ms};
  }

  wire::Body body_of(const std::vector<CallRequest>& calls, std::string_view memo) const {
    const std::int64_t window = std::min(kWindow_ms, node.genesis().parameters.window_ms);
    wire::Body body = ledger::make_body(node.genesis().network_id, node.clock().now_ms(), window, node.random());
    for (const CallRequest& call : calls) ledger::add_call(body, call.contract, call.method, call.args);
    body.set_memo(std::string(memo));
    return body;
  }

  struct Trip;
  Status prepare(std::string_view account, const Item& item, std::set<Bytes>& own_keys, Trip& trip);
  Status travel(const Session& session, const std::vector<Trip*>& trips);
  Result<Submitted> arrive(const Trip& trip);

  Result<Submitted> answer_of(const Outcome& outcome) const {
    if (outcome.stage == Stage::kFinal) {
      ASSIGN_OR_RETURN(wire::Entry entry, node.ledger().entry(outcome.leaf_index));
      return answer_at(outcome.id, outcome.leaf_index, std::move(entry));
    }
    if (outcome.error.has_value()) return std::unexpected(*outcome.error);
    return fail(Reason::kTimeout, "the transaction is on its way");
  }
};

Submission::Submission(Node& node) : state_(std::make_unique<State>(node)) {}
Submission::~Submission() = default;

Result<std::optional<Submitted>> Submission::earlier(std::string_view account, std::string_view idempotency_key,
                                                     const Digest& request_hash) {
  if (idempotency_key.empty()) return std::nullopt;
  TRY(check_key(idempotency_key));
  const Bytes key = state_->row_key(account, idempotency_key);
  return state_->earlier(key, request_hash);
}

Result<Submitted> Submission::submit(const Session& session, const std::vector<CallRequest>& calls,
                                     std::string_view idempotency_key, std::string_view memo) {
  return submit(session, calls, idempotency_key, hash_of_calls(calls, memo), memo);
}

Result<Submitted> Submission::submit(const Session& session, const std::vector<CallRequest>& calls,
                                     std::string_view idempotency_key, const Digest& request_hash,
                                     std::string_view memo) {
  std::vector<Item> items;
  items.push_back({calls, std::string(idempotency_key), request_hash, std::string(memo)});
  return std::move(submit_many(session, std::move(items)).front());
}

namespace {

struct Arrivals {
  std::mutex mutex;
  std::condition_variable ready;
  std::size_t waiting = 0;
  std::vector<std::optional<Outcome>> outcomes;
};

}  // namespace

/// One item on its way.
struct Submission::State::Trip {
  Bytes row_key;  ///< claimed until the trip ends; empty: no idempotency
  Row row;
  std::string body_bytes;
  std::int64_t not_after_ms = 0;
  std::optional<Result<Submitted>> answer;  ///< known before anything is sent
  std::optional<Outcome> outcome;
};

/// Claims the key, looks for an earlier answer, else makes the body.
Status Submission::State::prepare(std::string_view account, const Item& item, std::set<Bytes>& own_keys, Trip& trip) {
  if (!item.idempotency_key.empty()) {
    TRY(check_key(item.idempotency_key));
    Bytes key = row_key(account, item.idempotency_key);
    if (!own_keys.insert(key).second) {
      return fail(Reason::kConflict, "the same Idempotency-Key twice in one request", "同一请求中幂等键重复");
    }
    TRY(take_off(key, item.request_hash));
    trip.row_key = std::move(key);
    ASSIGN_OR_RETURN(auto answered, earlier(trip.row_key, item.request_hash));
    if (answered.has_value()) {
      trip.answer = std::move(*answered);
      return {};
    }
  }
  const wire::Body body = body_of(item.calls, item.memo);
  trip.body_bytes = body.SerializeAsString();
  trip.not_after_ms = body.not_after_ms();
  trip.row = {item.request_hash, ledger::transaction_id(node.genesis().suite->hash, as_bytes(trip.body_bytes))};
  return {};
}

/// Signs all bodies together, submits each with its row, and waits for all of them. An error: nothing was sent.
Status Submission::State::travel(const Session& session, const std::vector<Trip*>& trips) {
  std::vector<BytesView> messages;
  for (const Trip* trip : trips) messages.push_back(as_bytes(trip->body_bytes));
  ASSIGN_OR_RETURN(const auto signatures, crypto::sign_batch(session.key(), messages, node.random()));
  const crypto::KeyId key_id = crypto::key_id(session.key().public_key());
  const auto arrivals = std::make_shared<Arrivals>();
  arrivals->outcomes.resize(trips.size());
  arrivals->waiting = trips.size();
  for (std::size_t i = 0; i < trips.size(); ++i) {
    wire::Transaction transaction;
    transaction.set_body(trips[i]->body_bytes);
    wire::Signature& signature = *transaction.add_signatures();
    signature.set_account(session.account());
    signature.set_key_id(key_id.data(), key_id.size());
    signature.set_algorithm(static_cast<std::uint32_t>(session.key().algorithm()));
    signature.set_value(signatures[i].data(), signatures[i].size());
    std::vector<Bytes> one;
    one.push_back(to_bytes(transaction.SerializeAsString()));
    std::optional<ledger::IdempotencyRow> row;
    if (!trips[i]->row_key.empty()) row = ledger::IdempotencyRow{trips[i]->row_key, trips[i]->row.encode()};
    node.submit(
        std::move(one), Stage::kFinal,
        [arrivals, i](std::vector<Outcome> outcomes) {
          const std::lock_guard lock(arrivals->mutex);
          arrivals->outcomes[i] = std::move(outcomes.front());
          if (--arrivals->waiting == 0) arrivals->ready.notify_all();
        },
        std::move(row));
  }
  std::unique_lock lock(arrivals->mutex);
  arrivals->ready.wait_for(lock, std::chrono::milliseconds(kSubmitTimeout_ms), [&] { return arrivals->waiting == 0; });
  for (std::size_t i = 0; i < trips.size(); ++i) trips[i]->outcome = arrivals->outcomes[i];
  return {};
}

/// What a trip that was sent came to. A transaction that may still become final keeps its key.
Result<Submitted> Submission::State::arrive(const Trip& trip) {
  const bool unknown =
      !trip.outcome.has_value() || trip.outcome->stage == Stage::kReceived || trip.outcome->stage == Stage::kOrdered;
  if (unknown && !trip.row_key.empty()) remember_pending(trip.row_key, trip.row, trip.not_after_ms);
  if (trip.outcome.has_value()) return answer_of(*trip.outcome);
  return fail(Reason::kTimeout, "the transaction is on its way", "交易正在处理中");
}

std::vector<Result<Submitted>> Submission::submit_many(const Session& session, std::vector<Item> items) {
  std::vector<State::Trip> trips(items.size());
  std::vector<State::Trip*> sent;
  std::set<Bytes> own_keys;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Status status = state_->prepare(session.account(), items[i], own_keys, trips[i]);
    if (!status.has_value()) trips[i].answer = std::unexpected(status.error());
    if (!trips[i].answer.has_value()) sent.push_back(&trips[i]);
  }
  if (!sent.empty()) {
    if (const Status status = state_->travel(session, sent); !status.has_value()) {
      for (State::Trip* trip : sent) trip->answer = std::unexpected(status.error());
    }
  }
  std::vector<Result<Submitted>> out;
  out.reserve(items.size());
  for (State::Trip& trip : trips) {
    out.push_back(trip.answer.has_value() ? std::move(*trip.answer) : state_->arrive(trip));
    if (!trip.row_key.empty()) state_->land(trip.row_key);
  }
  return out;
}

}  // namespace chancery::node
