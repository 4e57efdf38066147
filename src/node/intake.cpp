#include "node/intake.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>

#include <fmt/format.h>

#include "base/metrics.h"
#include "ledger/transaction.h"

namespace chancery::node {

namespace {

/// Enough to fill the lanes of the signature check many times over, few enough for a short wait.
constexpr std::size_t kVerifyTogether = 1'024;

struct DigestHash {
  std::size_t operator()(const Digest& digest) const { return static_cast<std::size_t>(read_u64_be(digest)); }
};

/// One request: its outcomes, and who waits for them.
struct Submission {
  std::vector<Bytes> raw;
  std::vector<Outcome> outcomes;
  std::size_t open = 0;  ///< outcomes that have not reached `until` yet
  Stage until = Stage::kFinal;
  std::function<void(std::vector<Outcome>)> done;
  std::optional<ledger::IdempotencyRow> idempotency;
};

struct Waiter {
  std::shared_ptr<Submission> submission;
  std::size_t index;
};

struct InFlight {
  Outcome outcome;
  std::vector<Waiter> waiters;
};

struct Counters {
  Counter& received = metrics().counter("chancery_transactions_received_total", "Transactions that came in.");
  Counter& refused = metrics().counter("chancery_transactions_refused_total", "Transactions refused at the door.");
  Counter& final = metrics().counter("chancery_transactions_final_total", "Transactions that became final.");
};
Counters& counters() {
  static Counters one;
  return one;
}

}  // namespace

Outcome final_outcome(const Digest& id, const ledger::TransactionLookup& found) {
  Outcome out{id, Stage::kFinal, found.entry.height(), found.leaf_index, std::nullopt};
  if (!found.entry.reason().empty()) {
    out.error =
        Error{reason_from_wire_name(found.entry.reason()).value_or(Reason::kInternal), found.entry.detail(), {}};
  }
  return out;
}

struct Intake::State {
  State(ledger::Ledger& the_ledger, const Clock& the_clock, std::size_t the_queue_transactions)
      : ledger(the_ledger), clock(the_clock), queue_transactions(the_queue_transactions) {}

  ledger::Ledger& ledger;
  const Clock& clock;
  const std::size_t queue_transactions;
  consensus::Engine* engine = nullptr;

  mutable std::mutex mutex;
  std::condition_variable arrived;
  std::deque<std::shared_ptr<Submission>> queue;
  std::size_t queued = 0;
  bool stopping = false;
  std::optional<Error> failed;

  mutable std::mutex flights_mutex;
  std::unordered_map<Digest, InFlight, DigestHash> flights;

  std::thread thread;

  void loop();
  void process(const std::vector<std::shared_ptr<Submission>>& batch);
  Result<ledger::ParsedTransaction> parse(Bytes raw) const;

  /// Puts an outcome in its place; calls `done` when it was the last one that the submission waits for.
  void settle(const Waiter& waiter, Outcome outcome, std::vector<std::shared_ptr<Submission>>& finished);
  static void call_done(const std::vector<std::shared_ptr<Submission>>& finished);
};

Intake::Intake(ledger::Ledger& ledger, const Clock& clock, std::size_t queue_transactions)
    : state_(std::make_unique<State>(ledger, clock, queue_transactions)) {}

Intake::~Intake() {
  stop();
}

void Intake::set_engine(consensus::Engine& engine) {
  state_->engine = &engine;
  state_->thread = std::thread([state = state_.get()] { state->loop(); });
}

void Intake::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    state_->arrived.notify_all();
  }
  if (state_->thread.joinable()) state_->thread.join();
}

void Intake::submit(std::vector<Bytes> transactions, Stage until, std::function<void(std::vector<Outcome>)> done,
                    std::optional<ledger::IdempotencyRow> idempotency) {
  counters().received.add(transactions.size());
  auto submission = std::make_shared<Submission>();
  submission->raw = std::move(transactions);
  submission->outcomes.resize(submission->raw.size());
  submission->open = submission->raw.size();
  submission->until = until;
  submission->done = std::move(done);
  submission->idempotency = std::move(idempotency);
  std::optional<Error> refusal;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->failed) {
      refusal = state_->failed;
    } else if (state_->stopping) {
      refusal = Error{Reason::kUnavailable, "the node is stopping", "节点正在停止"};
    } else if (state_->queued + submission->raw.size() > state_->queue_transactions) {
      refusal = Error{Reason::kOverloaded, fmt::format("{} transactions are waiting", state_->queued), {}};
    } else if (!submission->raw.empty()) {
      state_->queued += submission->raw.size();
      state_->queue.push_back(submission);
      state_->arrived.notify_one();
      return;
    }
  }
  for (Outcome& outcome : submission->outcomes) {
    outcome.stage = Stage::kRefused;
    outcome.error = refusal;
  }
  submission->done(std::move(submission->outcomes));
}

std::optional<Outcome> Intake::in_flight(const Digest& id) const {
  const std::lock_guard lock(state_->flights_mutex);
  const auto found = state_->flights.find(id);
  if (found == state_->flights.end()) return std::nullopt;
  return found->second.outcome;
}

void Intake::State::loop() {
  while (true) {
    std::vector<std::shared_ptr<Submission>> batch;
    {
      std::unique_lock lock(mutex);
      arrived.wait(lock, [&] { return stopping || !queue.empty(); });
      if (queue.empty()) return;
      std::size_t count = 0;
      while (!queue.empty() && (batch.empty() || count + queue.front()->raw.size() <= kVerifyTogether)) {
        count += queue.front()->raw.size();
        batch.push_back(std::move(queue.front()));
        queue.pop_front();
      }
    }
    std::size_t count = 0;
    for (const auto& one : batch) count += one->raw.size();
    process(batch);
    const std::lock_guard lock(mutex);
    queued -= count;
  }
}

Result<ledger::ParsedTransaction> Intake::State::parse(Bytes raw) const {
  const ledger::Genesis& genesis = ledger.genesis();
  ASSIGN_OR_RETURN(auto out, ledger::parse_transaction(std::move(raw), genesis.suite->hash));
  if (out.body.network_id() != as_text(genesis.network_id)) {
    return fail(Reason::kWrongNetwork, "the transaction names network " + to_hex(as_bytes(out.body.network_id())));
  }
  const std::int64_t window_ms = out.body.not_after_ms() - out.body.not_before_ms();
  if (window_ms > genesis.parameters.window_ms) {
    return fail(Reason::kWindowTooLong,
                fmt::format("the window is {} ms, the limit is {} ms", window_ms, genesis.parameters.window_ms));
  }
  const std::int64_t now_ms = clock.now_ms();
  if (out.body.not_before_ms() > now_ms) {
    return fail(Reason::kNotYetValid, fmt::format("valid from {} ms, it is {} ms", out.body.not_before_ms(), now_ms));
  }
  return out;
}

void Intake::State::settle(const Waiter& waiter, Outcome outcome, std::vector<std::shared_ptr<Submission>>& finished) {
  Submission& submission = *waiter.submission;
  submission.outcomes[waiter.index] = std::move(outcome);
  if (--submission.open == 0) finished.push_back(waiter.submission);
}

void Intake::State::call_done(const std::vector<std::shared_ptr<Submission>>& finished) {
  for (const auto& submission : finished) submission->done(std::move(submission->outcomes));
}

void Intake::State::process(const std::vector<std::shared_ptr<Submission>>& batch) {
  std::vector<std::shared_ptr<Submission>> finished;
  std::vector<std::shared_ptr<ledger::ParsedTransaction>> parsed;
  std::vector<Waiter> waiters;
  const auto refuse = [&](const Waiter& waiter, const Digest& id, Error error) {
    counters().refused.add();
    const std::lock_guard lock(flights_mutex);
    settle(waiter, {id, Stage::kRefused, 0, 0, std::move(error)}, finished);
  };

  for (const auto& submission : batch) {
    for (std::size_t i = 0; i < submission->raw.size(); ++i) {
      auto transaction = parse(std::move(submission->raw[i]));
      if (!transaction) {
        refuse({submission, i}, {}, std::move(transaction).error());
        continue;
      }
      parsed.push_back(std::make_shared<ledger::ParsedTransaction>(std::move(*transaction)));
      waiters.push_back({submission, i});
    }
  }

  std::vector<ledger::ParsedTransaction*> pointers;
  for (const auto& one : parsed) pointers.push_back(one.get());
  std::vector<Status> verified(parsed.size());
  ledger::verify_signatures(
      pointers,
      [this](std::string_view account, const crypto::KeyId& key_id) { return ledger.account_key(account, key_id); },
      verified);

  std::vector<ledger::OrderedTransaction> ordered;
  {
    const std::lock_guard lock(flights_mutex);
    for (std::size_t i = 0; i < parsed.size(); ++i) {
      const Digest& id = parsed[i]->id;
      if (!verified[i]) {
        counters().refused.add();
        settle(waiters[i], {id, Stage::kRefused, 0, 0, std::move(verified[i]).error()}, finished);
        continue;
      }
      const auto [flight, is_new] = flights.try_emplace(id);
      if (is_new) {
        flight->second.outcome = {id, Stage::kReceived, 0, 0, std::nullopt};
        ordered.push_back({parsed[i], waiters[i].submission->idempotency});
      }
      if (waiters[i].submission->until <= flight->second.outcome.stage) {
        settle(waiters[i], flight->second.outcome, finished);
      } else {
        flight->second.waiters.push_back(waiters[i]);
      }
    }
  }
  std::vector<Digest> ids;
  for (const auto& one : ordered) ids.push_back(one.transaction->id);
  if (!ordered.empty()) {
    if (const Status taken = engine->submit(std::move(ordered)); !taken) {
      counters().refused.add(ids.size());
      const std::lock_guard lock(flights_mutex);
      for (const Digest& id : ids) {
        const auto flight = flights.find(id);
        if (flight == flights.end()) continue;
        for (const Waiter& waiter : flight->second.waiters) {
          settle(waiter, {id, Stage::kRefused, 0, 0, taken.error()}, finished);
        }
        flights.erase(flight);
      }
    }
  }
  call_done(finished);
}

void Intake::ordered(std::uint64_t height, std::span<const Digest> ids) {
  std::vector<std::shared_ptr<Submission>> finished;
  {
    const std::lock_guard lock(state_->flights_mutex);
    for (const Digest& id : ids) {
      const auto found = state_->flights.find(id);
      if (found == state_->flights.end()) continue;
      InFlight& flight = found->second;
      flight.outcome.stage = Stage::kOrdered;
      flight.outcome.height = height;
      std::erase_if(flight.waiters, [&](const Waiter& waiter) {
        if (waiter.submission->until != Stage::kOrdered) return false;
        state_->settle(waiter, flight.outcome, finished);
        return true;
      });
    }
  }
  State::call_done(finished);
}

void Intake::final(const ledger::BlockResult& block) {
  std::vector<std::shared_ptr<Submission>> finished;
  // What was sent again has the answer of its first time, also when it has expired since. It is in the log, because a
  // block is durable before this is called.
  const auto outcome_of = [&](const ledger::TransactionResult& result) -> Outcome {
    if (result.recorded) return {result.id, Stage::kFinal, block.height, result.leaf_index, result.error};
    if (const auto first = state_->ledger.find_transaction(result.id); first && *first)
      return final_outcome(result.id, **first);
    return {result.id, Stage::kRefused, 0, 0, result.error};
  };
  std::vector<Outcome> outcomes;
  outcomes.reserve(block.results.size());
  for (const auto& result : block.results) outcomes.push_back(outcome_of(result));
  {
    const std::lock_guard lock(state_->flights_mutex);
    for (Outcome& outcome : outcomes) {
      const auto found = state_->flights.find(outcome.id);
      if (found == state_->flights.end()) continue;
      for (const Waiter& waiter : found->second.waiters) state_->settle(waiter, outcome, finished);
      state_->flights.erase(found);
    }
  }
  counters().final.add(outcomes.size());
  State::call_done(finished);
}

void Intake::fatal(const Error& error) {
  std::vector<std::shared_ptr<Submission>> finished;
  {
    const std::lock_guard lock(state_->mutex);
    state_->failed = error;
  }
  {
    const std::lock_guard lock(state_->flights_mutex);
    for (auto& [id, flight] : state_->flights) {
      for (const Waiter& waiter : flight.waiters) {
        // Its block may have become durable: the stage says how far it was seen to come, the error that nobody knows
        // more.
        Outcome unknown = flight.outcome;
        unknown.error = error;
        state_->settle(waiter, std::move(unknown), finished);
      }
    }
    state_->flights.clear();
  }
  State::call_done(finished);
}

}  // namespace chancery::node
