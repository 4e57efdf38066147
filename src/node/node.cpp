#include "node/node.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "base/metrics.h"
#include "consensus/solo/solo_engine.h"
#include "contracts/registry.h"
#include "node/backup.h"
#include "node/checkpoint_signer.h"
#include "node/disk_forecast.h"
#include "node/files.h"
#include "node/genesis_file.h"
#include "node/intake.h"
#include "node/light_client_sockets.h"
#include "node/node_files.h"
#include "node/snapshot_shelf.h"
#include "storage/store.h"

namespace chancery::node {

namespace {
constexpr std::size_t kKeyFileBytes = 64U << 10;
constexpr std::int64_t kForecastEvery_ms = 3'600'000;
}  // namespace

std::string_view to_string(Stage stage) {
  switch (stage) {
    case Stage::kRefused:
      return "refused";
    case Stage::kReceived:
      return "received";
    case Stage::kOrdered:
      return "ordered";
    case Stage::kFinal:
      return "final";
  }
  return "refused";
}

struct Node::State {
  NodeOptions options;
  Clock* clock = nullptr;
  Random* random = nullptr;
  ledger::Genesis genesis;
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<FileCheckpointSigner> signer;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<Intake> intake;
  std::unique_ptr<consensus::Engine> engine;
  consensus::CometbftEngine* cometbft = nullptr;  ///< the same, in a network of several
  std::unique_ptr<CosignExchange> cosigning;
  std::unique_ptr<SnapshotShelf> shelf;
  std::unique_ptr<LightClientSockets> light_client;  ///< while the engine finds its way after a snapshot

  /// Blocks that are durable here and wait for more than two thirds of the signatures.
  std::mutex finality_mutex;
  std::deque<ledger::BlockResult> awaiting;

  mutable std::mutex mutex;
  std::condition_variable wake_background;
  std::map<std::uint64_t, std::function<void(std::uint64_t)>> subscribers;
  std::uint64_t next_token = 1;
  std::optional<Error> fatal;
  bool stopping = false;
  std::thread background;

  Status start_engine();
  void on_durable(const ledger::BlockResult& block);
  /// Evidence against a validator, as a file of its own.
  void keep_conflict(const ledger::ConflictingCheckpoints& found);
  void release_final();
  void on_final(const ledger::BlockResult& block);
  void on_fatal(const Error& error);
  void work_in_background();
  void show_disk_forecast() const;
};

Node::Node() : state_(std::make_unique<State>()) {}
Node::~Node() {
  stop();
}

Result<std::unique_ptr<Node>> Node::open(const NodeOptions& options, Clock& clock, Random& random) {
  std::unique_ptr<Node> node(new Node());
  State& state = *node->state_;
  state.options = options;
  state.clock = &clock;
  state.random = &random;
  ASSIGN_OR_RETURN(state.genesis, read_genesis(options.directory));
  // Opening a key takes a fifth of a second of purpose-made work; meanwhile the store reads its log.
  auto opening = std::async(std::launch::async, [&state] {
    return FileCheckpointSigner::open(state.options.directory, state.options.passphrase, state.genesis);
  });
  const auto signer_is_open = [&state, &opening]() -> Status {
    if (state.signer) return {};
    ASSIGN_OR_RETURN(state.signer, opening.get());
    return {};
  };
  auto store =
      storage::Store::open({.path = store_path(options.directory),
                            .cache_bytes = options.cache_bytes,
                            .reserve_bytes = options.reserve_bytes,
                            .accept_repair = [&state, &signer_is_open](const storage::Store& repaired) -> Status {
                              TRY(signer_is_open());
                              return ledger::holds_all_that_was_signed(*state.signer)(repaired);
                            }});
  TRY(signer_is_open());
  if (!store) return std::unexpected(store.error());
  state.store = std::move(*store);
  ASSIGN_OR_RETURN(state.ledger, ledger::Ledger::open(*state.store, state.genesis, contracts::native_contracts(),
                                                      contracts::account_keys(), *state.signer));
  state.intake = std::make_unique<Intake>(*state.ledger, clock, options.queue_transactions);
  state.shelf = std::make_unique<SnapshotShelf>(
      *state.store, *state.ledger,
      [&state](std::uint64_t height) {
        if (state.cosigning) state.cosigning->gather(height);
      },
      ShelfOptions{.directory = snapshots_path(options.directory), .every_blocks = options.snapshot_every_blocks});
  TRY(state.start_engine());
  state.intake->set_engine(*state.engine);
  if (options.scrub_per_second > 0) state.background = std::thread([&state] { state.work_in_background(); });
  log_info("node.open", {{"network", to_hex(state.genesis.network_id)},
                         {"height", state.ledger->head().height},
                         {"records", state.ledger->record_count()}});
  return node;
}

Status Node::State::start_engine() {
  consensus::EngineEvents events;
  events.ordered = [this](std::uint64_t height, std::span<const Digest> ids) { intake->ordered(height, ids); };
  events.final = [this](const ledger::BlockResult& block) { on_durable(block); };
  events.fatal = [this](const Error& error) { on_fatal(error); };
  if (genesis.has_consensus() != options.network.has_value()) {
    return fail(Reason::kInvalidValue, genesis.has_consensus()
                                           ? "the genesis is of several nodes: peers.json is missing"
                                           : "the genesis is of one node: it has no peers");
  }
  if (!options.network) {
    engine = std::make_unique<consensus::SoloEngine>(
        *ledger, *clock, std::move(events), consensus::SoloOptions{.queue_transactions = options.queue_transactions});
    return {};
  }
  const NodeNetwork& network = *options.network;
  if (signer->observes() &&
      std::ranges::find(genesis.validators, network.own_name, &ledger::Validator::name) != genesis.validators.end()) {
    return fail(Reason::kProofUntrusted,
                fmt::format("the node's keys are not those of the validator \"{}\"", network.own_name));
  }
  ASSIGN_OR_RETURN(const std::string pem, read_file(engine_key_path(options.directory), kKeyFileBytes));
  ASSIGN_OR_RETURN(auto key, crypto::PrivateKey::from_pkcs8_pem(pem, options.passphrase));
  cosigning = std::make_unique<CosignExchange>(
      *ledger, *network.transport, network.peers,
      CosignExchange::Events{[this] { release_final(); }, [this](const auto& found) { keep_conflict(found); }},
      signer->observes());
  consensus::CometbftOptions engine_options;
  engine_options.home = {engine_home(options.directory), network.engine_listen, network.engine_peers,
                         network.commit_wait_ms};
  engine_options.program = network.cometbft;
  engine_options.queue_transactions = options.queue_transactions;
  engine_options.snapshot_heights = [this] { return shelf->heights(); };
  engine_options.state_sync = [this](std::uint64_t height) -> Result<consensus::CometStateSync> {
    const NodeNetwork& peers = *options.network;
    if (!light_client) {
      ASSIGN_OR_RETURN(light_client,
                       LightClientSockets::start(engine_home(options.directory), *peers.transport, peers.peers));
    }
    return find_trusted_block(genesis, *peers.transport, peers.peers, height, *light_client);
  };
  ASSIGN_OR_RETURN(auto started, consensus::CometbftEngine::start(*ledger, *clock, std::move(key), std::move(events),
                                                                  std::move(engine_options)));
  cometbft = started.get();
  engine = std::move(started);
  return {};
}

void Node::State::on_durable(const ledger::BlockResult& block) {
  {
    const std::lock_guard lock(finality_mutex);
    awaiting.push_back(block);
  }
  shelf->durable(block.height);
  if (cosigning) cosigning->durable(block.height);
  release_final();
}

void Node::State::release_final() {
  // Held while subscribers are told, so that they hear of blocks in order.
  const std::lock_guard lock(finality_mutex);
  const std::uint64_t final_height = ledger->head().height;
  while (!awaiting.empty() && awaiting.front().height <= final_height) {
    on_final(awaiting.front());
    awaiting.pop_front();
  }
}

void Node::State::keep_conflict(const ledger::ConflictingCheckpoints& found) {
  static Counter& conflicts = metrics().counter("chancery_conflicting_checkpoints_total",
                                                "Checkpoints that peers signed and that differ from this node's.");
  const std::string path =
      fmt::format("{}/{}-{}.json", conflicts_directory(options.directory), found.height,
                  to_hex(crypto::hash(crypto::HashAlgorithm::kSha256, as_bytes(found.theirs))).substr(0, 16));
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) return;
  std::filesystem::create_directories(conflicts_directory(options.directory), ignored);
  conflicts.add();
  log_error("peer.conflicting_checkpoint", {{"height", found.height},
                                            {"validators", fmt::format("{}", fmt::join(found.validators, ", "))},
                                            {"evidence", path}});
  if (const Status written = write_file(path, found.to_json(clock->now_ms()).dump(2) + "\n"); !written) {
    log_error("peer.conflict_not_kept", written.error());
  }
}

void Node::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->stopping) return;
    state_->stopping = true;
    state_->wake_background.notify_all();
  }
  if (state_->background.joinable()) state_->background.join();
  if (state_->intake) state_->intake->stop();
  if (state_->shelf) state_->shelf->stop();
  if (state_->engine) state_->engine->stop();
  if (state_->light_client) state_->light_client->stop();
  if (state_->cosigning) state_->cosigning->stop();
}

Result<std::string> Node::answer_peer(const std::string& peer, std::string_view path, const std::string& body) {
  if (!state_->cosigning) return fail(Reason::kUnavailable, "this node has no peers");
  if (path == kCosignaturesPath) return state_->cosigning->answer(peer, body);
  if (path == kLightClientPath && state_->cometbft != nullptr) return state_->cometbft->answer_light_client(body);
  return state_->shelf->answer(path, body);
}

std::vector<CosignExchange::PeerState> Node::peers() const {
  if (!state_->cosigning) return {};
  return state_->cosigning->peers();
}

std::optional<consensus::EngineHealth> Node::engine_health() const {
  if (state_->cometbft == nullptr) return std::nullopt;
  return state_->cometbft->health();
}

ledger::Ledger& Node::ledger() {
  return *state_->ledger;
}
const ledger::Genesis& Node::genesis() const {
  return state_->genesis;
}
Clock& Node::clock() {
  return *state_->clock;
}
Random& Node::random() {
  return *state_->random;
}
const std::string& Node::directory() const {
  return state_->options.directory;
}

void Node::State::on_final(const ledger::BlockResult& block) {
  static Gauge& height = metrics().gauge("chancery_height", "Height of the last final block.");
  height.set(static_cast<double>(block.height));
  intake->final(block);
  std::vector<std::function<void(std::uint64_t)>> callbacks;
  {
    const std::lock_guard lock(mutex);
    for (const auto& [token, callback] : subscribers) callbacks.push_back(callback);
  }
  for (const auto& callback : callbacks) callback(block.height);
}

void Node::State::on_fatal(const Error& error) {
  log_error("node.fatal", error);
  {
    const std::lock_guard lock(mutex);
    fatal = error;
  }
  intake->fatal(error);
}

/// The directory is walked: not for every request.
void Node::State::show_disk_forecast() const {
  const auto history = disk_history(*store, genesis.created_ms, clock->now_ms());
  if (!history) return log_error("disk.forecast_failed", history.error());
  // The gauges are looked up only now: before there is a forecast, one of 0 days would be an alarm.
  if (!*history) return;
  const DiskForecast forecast = forecast_disk(**history, disk_use(options.directory, options.reserve_bytes));
  metrics()
      .gauge("chancery_disk_growth_bytes_per_day", "Growth of the node's directory, from the last 30 days of blocks.")
      .set(forecast.growth_bytes_per_day);
  metrics()
      .gauge("chancery_disk_days_left", "Days until the free space is down to the reserve, at that growth.")
      .set(forecast.days_left);
}

void Node::State::work_in_background() {
  std::int64_t next_forecast_ms = 0;
  while (true) {
    {
      std::unique_lock lock(mutex);
      wake_background.wait_for(lock, std::chrono::seconds(1), [&] { return stopping; });
      if (stopping) return;
    }
    if (clock->now_ms() >= next_forecast_ms) {
      next_forecast_ms = clock->now_ms() + kForecastEvery_ms;
      show_disk_forecast();
    }
    const auto scrubbed = ledger->scrub(options.scrub_per_second);
    if (!scrubbed && scrubbed.error().reason == Reason::kCorrupt) {
      on_fatal(scrubbed.error());
      return;
    }
  }
}

void Node::submit(std::vector<Bytes> transactions, Stage until, std::function<void(std::vector<Outcome>)> done,
                  std::optional<ledger::IdempotencyRow> idempotency) {
  state_->intake->submit(std::move(transactions), until, std::move(done), std::move(idempotency));
}

Result<Outcome> Node::submit_and_wait(Bytes transaction, std::int64_t timeout_ms,
                                      std::optional<ledger::IdempotencyRow> idempotency) {
  struct Answer {
    std::mutex mutex;
    std::condition_variable ready;
    std::optional<Outcome> outcome;
  };
  auto answer = std::make_shared<Answer>();
  std::vector<Bytes> one;
  one.push_back(std::move(transaction));
  submit(
      std::move(one), Stage::kFinal,
      [answer](std::vector<Outcome> outcomes) {
        const std::lock_guard lock(answer->mutex);
        answer->outcome = std::move(outcomes.front());
        answer->ready.notify_one();
      },
      std::move(idempotency));
  std::unique_lock lock(answer->mutex);
  if (!answer->ready.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                              [&] { return answer->outcome.has_value(); })) {
    return fail(Reason::kTimeout, "the transaction is on its way; ask for its outcome by its id");
  }
  return std::move(*answer->outcome);
}

Result<std::optional<Outcome>> Node::outcome(const Digest& id) const {
  if (auto flying = state_->intake->in_flight(id)) return flying;
  ASSIGN_OR_RETURN(const auto found, state_->ledger->find_transaction(id));
  if (!found) return std::nullopt;
  return final_outcome(id, *found);
}

std::uint64_t Node::subscribe(std::function<void(std::uint64_t height)> on_final) {
  const std::lock_guard lock(state_->mutex);
  const std::uint64_t token = state_->next_token++;
  state_->subscribers.emplace(token, std::move(on_final));
  return token;
}

void Node::unsubscribe(std::uint64_t token) {
  const std::lock_guard lock(state_->mutex);
  state_->subscribers.erase(token);
}

Node::Readiness Node::readiness() const {
  Readiness out;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->fatal) out.problems.push_back(*state_->fatal);
    if (state_->stopping) out.problems.push_back({Reason::kUnavailable, "the node is stopping", "节点正在停止"});
  }
  out.live = out.ready = out.writable = out.problems.empty();
  if (const Status space = require_space(); !space) {
    out.writable = false;
    out.problems.push_back(space.error());
  }
  return out;
}

Status Node::require_space() const {
  if (!state_->store->out_of_space()) return {};
  return fail(Reason::kReadOnly, "less than the reserved space is free on the volume of the store",
              "存储卷的可用空间低于保留值");
}

Result<ledger::SnapshotFacts> Node::create_snapshot() {
  TRY(require_space());
  return state_->shelf->create();
}

Status Node::backup_to(const std::string& directory) {
  TRY(require_space());
  return write_backup(*state_->store, state_->genesis, state_->options.directory, directory);
}

}  // namespace chancery::node
