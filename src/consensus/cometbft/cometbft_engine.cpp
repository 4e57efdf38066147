#include "consensus/cometbft/cometbft_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "consensus/cometbft/abci_server.h"
#include "consensus/cometbft/application.h"
#include "consensus/cometbft/comet_process.h"
#include "consensus/cometbft/comet_rpc.h"

namespace chancery::consensus {

namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Bytes around each transaction in a bundle's protobuf.
constexpr std::size_t kFrameBytes = 6;
constexpr milliseconds kRetryOffer{250};

/// A bundle of this node that no block has taken yet.
struct Offered {
  Bytes encoded;
  std::vector<Digest> ids;
  std::int64_t last_valid_ms = 0;  ///< after this block time none of its transactions can take effect
  Steady::time_point offer_at;     ///< when to offer it next
};

}  // namespace

struct CometbftEngine::State {
  State(ledger::Ledger& the_ledger, const Clock& the_clock, crypto::PrivateKey key, EngineEvents the_events,
        CometbftOptions the_options)
      : ledger(the_ledger),
        clock(the_clock),
        engine_key(std::move(key)),
        events(std::move(the_events)),
        options(std::move(the_options)),
        cache(options.queue_transactions * 2),
        rpc(options.home.rpc_socket()) {}

  ledger::Ledger& ledger;
  const Clock& clock;
  const crypto::PrivateKey engine_key;
  const EngineEvents events;
  const CometbftOptions options;
  BundleCache cache;
  const CometRpc rpc;

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<ledger::OrderedTransaction> queue;
  Steady::time_point first_queued;
  std::map<Digest, Offered> offered;
  std::size_t offered_transactions = 0;
  std::optional<Error> fatal;
  bool stopping = false;

  std::unique_ptr<CometApplication> application;
  std::unique_ptr<AbciServer> server;
  std::unique_ptr<CometProcess> process;
  std::thread bundling;

  void bundle_loop();
  std::vector<ledger::OrderedTransaction> next_bundle(std::unique_lock<std::mutex>& lock);
  void make_bundle(std::vector<ledger::OrderedTransaction> transactions);
  void offer(const Digest& name, const Bytes& encoded);
  void offer_due(std::unique_lock<std::mutex>& lock);
  void included(const Digest& name);
  /// Answers for bundles whose transactions can never take effect any more.
  void give_up_expired(std::uint64_t height, std::int64_t block_time_ms);
  void die(const Error& error);
  /// Writes CometBFT's directory. A ledger that is as its snapshot left it has no block yet that CometBFT saw decided:
  /// CometBFT then begins afresh and finds the state behind the snapshot by its light client.
  Status prepare_home();
};

CometbftEngine::CometbftEngine() = default;

CometbftEngine::~CometbftEngine() {
  stop();
}

Result<std::unique_ptr<CometbftEngine>> CometbftEngine::start(ledger::Ledger& ledger, const Clock& clock,
                                                              crypto::PrivateKey engine_key, EngineEvents events,
                                                              CometbftOptions options) {
  std::error_code error;
  std::filesystem::create_directories(options.home.directory, error);
  std::unique_ptr<CometbftEngine> engine(new CometbftEngine());
  engine->state_ = std::make_unique<State>(ledger, clock, std::move(engine_key), std::move(events), std::move(options));
  State& state = *engine->state_;
  ApplicationEvents application_events;
  application_events.engine.ordered = state.events.ordered;
  application_events.engine.final = [&state](const ledger::BlockResult& block) {
    if (state.events.final) state.events.final(block);
    state.give_up_expired(block.height, block.time_ms);
  };
  application_events.engine.fatal = [&state](const Error& why) { state.die(why); };
  application_events.included = [&state](const Digest& name) { state.included(name); };
  ApplicationOptions application_options;
  application_options.chain_id = CometHome::chain_id(ledger.genesis());
  application_options.snapshot_heights = state.options.snapshot_heights;
  state.application = std::make_unique<CometApplication>(ledger, clock, state.cache, std::move(application_events),
                                                         std::move(application_options));
  ASSIGN_OR_RETURN(state.server, AbciServer::start(state.options.home.abci_socket(), *state.application));
  state.process = CometProcess::start(state.options.program, state.options.home.directory,
                                      [&state] { return state.prepare_home(); });
  state.bundling = std::thread([&state] { state.bundle_loop(); });
  return engine;
}

Status CometbftEngine::State::prepare_home() {
  CometHome home = options.home;
  const std::uint64_t joined = ledger.horizon().joined_height;
  if (joined >= kFirstEngineHeight && ledger.durable_header().height() == joined && options.state_sync) {
    ASSIGN_OR_RETURN(home.state_sync, options.state_sync(joined));
    TRY(home.forget_blocks());
  }
  return home.write(ledger.genesis(), engine_key);
}

Status CometbftEngine::submit(std::vector<ledger::OrderedTransaction> transactions) {
  const std::lock_guard lock(state_->mutex);
  if (state_->fatal) return std::unexpected(*state_->fatal);
  if (state_->stopping) return fail(Reason::kUnavailable, "the node is stopping");
  const std::size_t waiting = state_->queue.size() + state_->offered_transactions;
  if (waiting + transactions.size() > state_->options.queue_transactions) {
    return fail(Reason::kOverloaded, fmt::format("{} transactions are waiting for a block", waiting));
  }
  if (state_->queue.empty()) state_->first_queued = Steady::now();
  std::ranges::move(transactions, std::back_inserter(state_->queue));
  state_->changed.notify_all();
  return {};
}

std::vector<ledger::OrderedTransaction> CometbftEngine::State::next_bundle(std::unique_lock<std::mutex>& lock) {
  std::vector<ledger::OrderedTransaction> out;
  const auto deadline = first_queued + milliseconds(options.bundle_wait_ms);
  changed.wait_until(lock, deadline, [&] { return stopping || queue.size() >= options.bundle_transactions; });
  std::size_t bytes = 0;
  while (!queue.empty() && out.size() < options.bundle_transactions) {
    bytes += queue.front().transaction->raw.size() + kFrameBytes;
    if (!out.empty() && bytes > options.bundle_bytes) break;
    out.push_back(std::move(queue.front()));
    queue.pop_front();
  }
  first_queued = Steady::now();
  return out;
}

void CometbftEngine::State::make_bundle(std::vector<ledger::OrderedTransaction> transactions) {
  std::vector<BytesView> raw;
  Offered offer_of;
  for (const auto& one : transactions) {
    raw.push_back(one.transaction->raw);
    offer_of.ids.push_back(one.transaction->id);
    offer_of.last_valid_ms = std::max(offer_of.last_valid_ms, one.transaction->body.not_after_ms());
  }
  offer_of.encoded = encode_bundle(raw);
  offer_of.offer_at = Steady::now();
  const Digest name = BundleCache::name_of(offer_of.encoded);
  auto known = std::make_shared<KnownBundle>();
  known->transactions = std::move(transactions);
  cache.put(name, std::move(known));
  const std::lock_guard lock(mutex);
  offered_transactions += offer_of.ids.size();
  offered.emplace(name, std::move(offer_of));
}

void CometbftEngine::State::offer(const Digest& name, const Bytes& encoded) {
  const Status taken = rpc.broadcast(encoded);
  const std::lock_guard lock(mutex);
  const auto found = offered.find(name);
  if (found == offered.end()) return;  // in a block already
  found->second.offer_at = Steady::now() + (taken ? milliseconds(options.offer_again_ms) : kRetryOffer);
}

void CometbftEngine::State::offer_due(std::unique_lock<std::mutex>& lock) {
  std::vector<std::pair<Digest, Bytes>> due;
  const auto now = Steady::now();
  for (const auto& [name, one] : offered) {
    if (one.offer_at <= now) due.emplace_back(name, one.encoded);
  }
  lock.unlock();
  for (const auto& [name, encoded] : due) offer(name, encoded);
  lock.lock();
}

void CometbftEngine::State::bundle_loop() {
  std::unique_lock lock(mutex);
  while (!stopping && !fatal) {
    if (queue.empty()) {
      changed.wait_for(lock, kRetryOffer, [&] { return stopping || fatal || !queue.empty(); });
    }
    if (!queue.empty()) {
      auto transactions = next_bundle(lock);
      lock.unlock();
      if (!transactions.empty()) make_bundle(std::move(transactions));
      lock.lock();
    }
    offer_due(lock);
  }
}

void CometbftEngine::State::included(const Digest& name) {
  const std::lock_guard lock(mutex);
  const auto found = offered.find(name);
  if (found == offered.end()) return;
  offered_transactions -= found->second.ids.size();
  offered.erase(found);
}

void CometbftEngine::State::give_up_expired(std::uint64_t height, std::int64_t block_time_ms) {
  ledger::BlockResult expired{height, block_time_ms, {}};
  {
    const std::lock_guard lock(mutex);
    std::erase_if(offered, [&](const auto& entry) {
      const Offered& one = entry.second;
      if (one.last_valid_ms >= block_time_ms) return false;
      offered_transactions -= one.ids.size();
      for (const Digest& id : one.ids) {
        expired.results.push_back({id, false, 0, Error{Reason::kExpired, "no block took it while it was valid", {}}});
      }
      return true;
    });
  }
  if (!expired.results.empty() && events.final) events.final(expired);
}

void CometbftEngine::State::die(const Error& error) {
  {
    const std::lock_guard lock(mutex);
    if (fatal) return;
    fatal = error;
    changed.notify_all();
  }
  if (events.fatal) events.fatal(error);
}

void CometbftEngine::stop() {
  if (!state_) return;
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    state_->changed.notify_all();
  }
  if (state_->application) state_->application->stop();
  if (state_->bundling.joinable()) state_->bundling.join();
  if (state_->process) state_->process->stop();
  if (state_->server) state_->server->stop();
}

EngineHealth CometbftEngine::health() const {
  return {state_->process->running(), state_->process->starts(), state_->process->last_error()};
}

Result<std::string> CometbftEngine::answer_light_client(const std::string& request) const {
  constexpr std::size_t kMostRequestBytes = 4'096;
  constexpr std::array<std::string_view, 3> kMethods = {"commit", "validators", "consensus_params"};
  ASSIGN_OR_RETURN(const Json json, parse_json(request, {.max_bytes = kMostRequestBytes, .max_depth = 4}));
  const auto method = json.find("method");
  if (method == json.end() || !method->is_string()) return fail(Reason::kMalformed, "no JSON-RPC request");
  if (std::ranges::find(kMethods, method->get<std::string>()) == kMethods.end()) {
    return fail(Reason::kForbidden, "not a question of a light client: " + method->get<std::string>().substr(0, 64));
  }
  return state_->rpc.forward(request);
}

Result<Json> CometbftEngine::ask(const std::string& method) const {
  return state_->rpc.call(method);
}

}  // namespace chancery::consensus
