#include "consensus/solo/solo_engine.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include <fmt/format.h>

namespace chancery::consensus {

namespace {
/// Executed blocks that may wait for their write: one in the write, one ready behind it.
constexpr std::size_t kExecutedAhead = 1;
}  // namespace

struct SoloEngine::State {
  State(ledger::Ledger& the_ledger, const Clock& the_clock, EngineEvents the_events, const SoloOptions& the_options)
      : ledger(the_ledger), clock(the_clock), events(std::move(the_events)), options(the_options) {}

  ledger::Ledger& ledger;
  const Clock& clock;
  const EngineEvents events;
  const SoloOptions options;

  std::mutex mutex;
  std::condition_variable work;      // for the executing thread
  std::condition_variable executed;  // for the committing thread
  std::deque<ledger::OrderedTransaction> queue;
  std::chrono::steady_clock::time_point first_queued;
  std::deque<std::shared_ptr<ledger::ExecutedBlock>> blocks;
  std::optional<Error> refusing;  // why nothing can be taken: fatal, or the disk is full for now
  bool fatal = false;
  bool stopping = false;
  bool executing_done = false;

  std::thread executing_thread;
  std::thread committing_thread;

  void execute_loop();
  void commit_loop();
  std::vector<ledger::OrderedTransaction> next_block();
  Result<ledger::BlockResult> commit_when_possible(const std::shared_ptr<ledger::ExecutedBlock>& block);
  void die(const Error& error);
};

SoloEngine::SoloEngine(ledger::Ledger& ledger, const Clock& clock, EngineEvents events, const SoloOptions& options)
    : state_(std::make_unique<State>(ledger, clock, std::move(events), options)) {
  state_->executing_thread = std::thread([state = state_.get()] { state->execute_loop(); });
  state_->committing_thread = std::thread([state = state_.get()] { state->commit_loop(); });
}

SoloEngine::~SoloEngine() {
  stop();
}

Status SoloEngine::submit(std::vector<ledger::OrderedTransaction> transactions) {
  const std::lock_guard lock(state_->mutex);
  if (state_->refusing) return std::unexpected(*state_->refusing);
  if (state_->stopping) return fail(Reason::kUnavailable, "the node is stopping");
  if (state_->queue.size() + transactions.size() > state_->options.queue_transactions) {
    return fail(Reason::kOverloaded, fmt::format("{} transactions are waiting", state_->queue.size()));
  }
  if (state_->queue.empty()) state_->first_queued = std::chrono::steady_clock::now();
  for (auto& transaction : transactions) state_->queue.push_back(std::move(transaction));
  state_->work.notify_one();
  return {};
}

void SoloEngine::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    state_->work.notify_all();
    state_->executed.notify_all();
  }
  if (state_->executing_thread.joinable()) state_->executing_thread.join();
  if (state_->committing_thread.joinable()) state_->committing_thread.join();
}

std::vector<ledger::OrderedTransaction> SoloEngine::State::next_block() {
  const auto& parameters = ledger.genesis().parameters;
  std::unique_lock lock(mutex);
  work.wait(lock, [&] { return fatal || ((stopping || !queue.empty()) && blocks.size() <= kExecutedAhead); });
  if (fatal || queue.empty()) return {};
  const auto deadline = first_queued + std::chrono::milliseconds(parameters.block_wait_ms);
  work.wait_until(lock, deadline, [&] { return fatal || stopping || queue.size() >= parameters.block_transactions; });
  // The write of the block before may still run: then more transactions join this block instead of a queue of blocks.
  work.wait(lock, [&] { return fatal || blocks.size() <= kExecutedAhead; });
  if (fatal) return {};
  const std::size_t count = std::min<std::size_t>(queue.size(), parameters.block_transactions);
  std::vector<ledger::OrderedTransaction> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(std::move(queue.front()));
    queue.pop_front();
  }
  first_queued = std::chrono::steady_clock::now();
  return out;
}

void SoloEngine::State::execute_loop() {
  while (true) {
    std::vector<ledger::OrderedTransaction> transactions = next_block();
    if (transactions.empty()) break;
    std::vector<Digest> ids;
    ids.reserve(transactions.size());
    for (const auto& one : transactions) ids.push_back(one.transaction->id);
    auto block = ledger.execute(ledger.next_block_time_ms(clock.now_ms()), transactions);
    if (!block) {
      die(block.error());
      break;
    }
    {
      const std::lock_guard lock(mutex);
      blocks.push_back(*block);
      executed.notify_one();
    }
    if (events.ordered) events.ordered(ledger::height_of(**block), ids);
  }
  const std::lock_guard lock(mutex);
  executing_done = true;
  executed.notify_all();
}

Result<ledger::BlockResult> SoloEngine::State::commit_when_possible(
    const std::shared_ptr<ledger::ExecutedBlock>& block) {
  while (true) {
    auto result = ledger.commit(block);
    std::unique_lock lock(mutex);
    if (result || result.error().reason != Reason::kReadOnly) {
      if (!fatal) refusing.reset();
      return result;
    }
    refusing = result.error();
    if (stopping) return result;
    executed.wait_for(lock, std::chrono::milliseconds(options.retry_ms), [&] { return stopping; });
  }
}

void SoloEngine::State::commit_loop() {
  while (true) {
    std::shared_ptr<ledger::ExecutedBlock> block;
    {
      std::unique_lock lock(mutex);
      executed.wait(lock, [&] { return fatal || executing_done || !blocks.empty(); });
      if (fatal || blocks.empty()) return;
      block = blocks.front();
    }
    auto result = commit_when_possible(block);
    if (!result) {
      die(result.error());
      return;
    }
    {
      const std::lock_guard lock(mutex);
      blocks.pop_front();
      work.notify_one();
    }
    if (events.final) events.final(*result);
  }
}

void SoloEngine::State::die(const Error& error) {
  {
    const std::lock_guard lock(mutex);
    if (fatal) return;
    fatal = true;
    refusing = error;
    work.notify_all();
    executed.notify_all();
  }
  if (events.fatal) events.fatal(error);
}

}  // namespace chancery::consensus
