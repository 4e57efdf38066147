#include "node/services.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "base/metrics.h"
#include "crypto/hash.h"

namespace chancery::node {

namespace {

/// Entries that the read model takes in one database transaction.
constexpr std::uint64_t kFollowBatch = 20'000;
/// Between two batches while it keeps up: blocks come every few milliseconds, and a transaction for each would cost
/// more than the rows.
constexpr std::int64_t kFollowPause_ms = 20;
constexpr std::int64_t kFollowRetry_ms = 5'000;
constexpr std::int64_t kSweepEvery_ms = 3'600'000;
/// The write path comes first: lists may lag, issuing may not.
constexpr int kFollowNice = 10;

void lower_priority() {
  // On Linux this concerns the calling thread alone. Without the right to do it, nothing is lost but politeness.
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kFollowNice);
}

}  // namespace

struct Services::State {
  Node* node = nullptr;
  std::optional<DeskKey> desk_key;
  std::unique_ptr<storage::BlobStore> blobs;
  std::unique_ptr<AccessLog> access_log;
  std::unique_ptr<readmodel::ReadModel> read_model;
  std::unique_ptr<Sessions> sessions;
  std::unique_ptr<Submission> submission;
  std::unique_ptr<CredentialDesk> credentials;
  std::unique_ptr<EvidenceDesk> evidence;
  std::unique_ptr<Supervision> supervision;

  /// Held while the read model is fed or rebuilt.
  std::mutex feeding;
  std::mutex mutex;
  std::condition_variable wake;      ///< the follower: a block is final, or stop
  std::condition_variable advanced;  ///< others: the read model moved
  bool news = true;
  bool stopping = false;
  std::uint64_t token = 0;
  std::thread follower;

  Status feed(std::uint64_t max_entries);
  void follow();
  void sweep_when_due(std::int64_t& next_sweep_ms);
};

Services::Services() : state_(std::make_unique<State>()) {}
Services::~Services() {
  stop();
}

Result<std::unique_ptr<Services>> Services::open(Node& node, const ServicesOptions& options) {
  std::unique_ptr<Services> services(new Services());
  State& state = *services->state_;
  state.node = &node;
  const std::string& directory = node.directory();
  const crypto::Suite& suite = *node.genesis().suite;
  std::error_code error;
  for (const char* name : {"/keys", "/blobs", "/batches", "/access"}) {
    std::filesystem::create_directories(directory + name, error);
    if (error) return fail(Reason::kStorageFailed, error.message());
  }
  ASSIGN_OR_RETURN(state.desk_key, DeskKey::open(directory + "/keys", options.passphrase, suite, node.random()));
  ASSIGN_OR_RETURN(state.blobs, storage::BlobStore::open(directory + "/blobs", suite, node.clock(), node.random()));
  ASSIGN_OR_RETURN(state.access_log, AccessLog::open(directory + "/access", suite.hash, node.clock()));

  readmodel::ReadModelOptions lists;
  lists.path = directory + "/readmodel.sqlite";
  lists.transaction_id = [&node](std::uint64_t leaf_index) -> Result<Digest> {
    ASSIGN_OR_RETURN(const wire::Entry entry, node.ledger().entry(leaf_index));
    wire::Transaction transaction;
    if (!transaction.ParseFromString(entry.transaction())) return fail(Reason::kCorrupt, "an entry can't be read");
    return ledger::transaction_id(node.genesis().suite->hash, as_bytes(transaction.body()));
  };
  ASSIGN_OR_RETURN(state.read_model, readmodel::ReadModel::open(lists, node.clock()));
  if (state.read_model->position().entries > node.ledger().head().tree_size) {
    // The ledger was restored from an older backup: what the lists know beyond it never became final.
    TRY(state.read_model->rebuild());
  }
  TRY(state.read_model->load_genesis(node.genesis().contracts.dump(), node.genesis().created_ms));

  state.sessions = std::make_unique<Sessions>(directory + "/keys", node.clock(), node.random());
  state.submission = std::make_unique<Submission>(node);
  state.credentials =
      std::make_unique<CredentialDesk>(node, *state.submission, *state.blobs, *state.desk_key, *state.access_log);
  state.evidence = std::make_unique<EvidenceDesk>(node, *state.submission, directory + "/batches");
  ASSIGN_OR_RETURN(state.supervision, Supervision::open(directory + "/alerts", node.ledger()));
  state.token = node.subscribe([&state](std::uint64_t) {
    const std::lock_guard lock(state.mutex);
    state.news = true;
    state.wake.notify_one();
  });
  if (options.follow) state.follower = std::thread([&state] { state.follow(); });
  return services;
}

void Services::stop() {
  if (state_->node == nullptr) return;
  if (state_->token != 0) state_->node->unsubscribe(std::exchange(state_->token, 0));
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    state_->wake.notify_all();
    state_->advanced.notify_all();
  }
  if (state_->follower.joinable()) state_->follower.join();
}

Status Services::State::feed(std::uint64_t max_entries) {
  Status status;
  {
    const std::lock_guard lock(feeding);
    status = read_model->catch_up(node->ledger(), max_entries);
    if (status) status = supervision->catch_up(max_entries);
  }
  const std::lock_guard lock(mutex);
  advanced.notify_all();
  return status;
}

void Services::State::follow() {
  lower_priority();
  static Gauge& behind =
      metrics().gauge("chancery_read_model_behind_entries", "Final entries that lists don't show yet.");
  std::int64_t next_sweep_ms = 0;
  while (true) {
    const Status status = feed(kFollowBatch);
    const readmodel::Position position = read_model->position();
    behind.set(static_cast<double>(position.behind_entries));
    if (!status.has_value()) log_error("read_model.failed", status.error());
    sweep_when_due(next_sweep_ms);
    std::unique_lock lock(mutex);
    const auto pause = std::chrono::milliseconds(status.has_value() ? kFollowPause_ms : kFollowRetry_ms);
    const bool alerts_behind = supervision->position() < node->ledger().head().tree_size;
    if (status.has_value() && (position.behind_entries > 0 || alerts_behind)) {
      if (stopping) return;
      continue;
    }
    if (wake.wait_for(lock, pause, [&] { return stopping; })) return;
    wake.wait_for(lock, std::chrono::seconds(60), [&] { return stopping || news; });
    if (stopping) return;
    news = false;
  }
}

void Services::State::sweep_when_due(std::int64_t& next_sweep_ms) {
  const std::int64_t now_ms = node->clock().now_ms();
  if (now_ms < next_sweep_ms) return;
  next_sweep_ms = now_ms + kSweepEvery_ms;
  const auto swept = credentials->sweep_orphans();
  if (!swept.has_value()) {
    log_error("blobs.sweep_failed", swept.error());
  } else if (*swept > 0) {
    log_info("blobs.swept", {{"count", *swept}});
  }
}

Status Services::follow_to_head() {
  do {
    TRY(state_->feed(kFollowBatch));
  } while (state_->read_model->position().entries < state_->node->ledger().head().tree_size);
  return {};
}

Status Services::rebuild_read_model() {
  {
    const std::lock_guard lock(state_->feeding);
    TRY(state_->read_model->rebuild());
    TRY(state_->read_model->load_genesis(state_->node->genesis().contracts.dump(), state_->node->genesis().created_ms));
  }
  return follow_to_head();
}

Status Services::wait_for_read_model(std::uint64_t height, std::int64_t timeout_ms) {
  std::unique_lock lock(state_->mutex);
  const bool there = state_->advanced.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] {
    return state_->stopping || state_->read_model->position().height >= height;
  });
  if (there && !state_->stopping) return {};
  return fail(Reason::kTimeout, "the lists are not at that height yet", "列表尚未更新到该高度");
}

Result<std::uint64_t> Services::sweep_orphans() {
  return state_->credentials->sweep_orphans();
}

Node& Services::node() {
  return *state_->node;
}
Sessions& Services::sessions() {
  return *state_->sessions;
}
Submission& Services::submission() {
  return *state_->submission;
}
CredentialDesk& Services::credentials() {
  return *state_->credentials;
}
EvidenceDesk& Services::evidence() {
  return *state_->evidence;
}
AccessLog& Services::access_log() {
  return *state_->access_log;
}
Supervision& Services::supervision() {
  return *state_->supervision;
}
readmodel::ReadModel& Services::read_model() {
  return *state_->read_model;
}

}  // namespace chancery::node
