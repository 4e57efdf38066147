// Kills the real program under load, again and again, and holds it to its word.
//   kill_loop PROGRAM DIRECTORY KILLS [SEED]
//
// Expected state is kept in DIRECTORY/expected: a line "<transaction id> <height> <leaf index>" for every transaction
// that the node called final, written before anything else happens. After every start the height must not have gone
// back and the newest acknowledged transactions must be where they were. At the end every line of the file must be in
// the store, and a re-execution from the genesis must give the same state root at every height.

#include <fmt/core.h>
#include <signal.h>
#include <sys/time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "api/client.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "cheap_keys.h"
#include "cli/bench/load_connection.h"
#include "cli/bench/signed_load.h"
#include "cli/child_node.h"
#include "cli/reexecution.h"
#include "ledger.pb.h"
#include "ledger/transaction.h"
#include "node/node_files.h"
#include "storage/store.h"

namespace chancery::chaos {
namespace {

constexpr std::uint64_t kEarliestKill_ms = 10;
constexpr std::uint64_t kLatestKill_ms = 250;
constexpr std::size_t kCheckedAfterStart = 8;
constexpr std::size_t kTransactionsPerLoad = 1'500;
constexpr std::size_t kTransactionsPerRequest = 15;

/// Set for the signal handler alone: the process that dies when the timer goes off.
volatile sig_atomic_t victim = 0;
void strike(int) {
  if (victim > 0) ::kill(victim, SIGKILL);
}

void kill_after_ms(pid_t process, std::uint64_t delay_ms) {
  victim = process;
  itimerval timer{};
  timer.it_value.tv_usec = static_cast<suseconds_t>(delay_ms * 1000);
  setitimer(ITIMER_REAL, &timer, nullptr);
}

struct Acknowledged {
  Digest id{};
  std::uint64_t height = 0;
  std::uint64_t leaf_index = 0;
};

class KillLoop {
 public:
  KillLoop(std::string program, std::string directory, std::uint64_t kills, std::uint64_t seed)
      : program_(std::move(program)), directory_(std::move(directory)), kills_(kills), random_(seed) {}

  int run() {
    const Status done = run_all();
    if (!done) {
      fmt::print("FAILED: {}\n", done.error().message());
      ++failed_;
    }
    fmt::print("{} passed, {} failed\n", passed_, failed_);
    return failed_ == 0 ? 0 : 1;
  }

 private:
  Status run_all() {
    TRY(prepare());
    const SystemClock clock;
    const std::int64_t begin_us = clock.monotonic_us();
    for (std::uint64_t kill = 1; kill <= kills_; ++kill) {
      TRY(one_round(kill));
      ++passed_;
      if (kill % 50 == 0) {
        fmt::print("{} kills, {} transactions acknowledged, height {}, {:.0f} s\n", kill, acknowledged_.size(), height_,
                   static_cast<double>(clock.monotonic_us() - begin_us) / 1e6);
        std::fflush(stdout);
      }
    }
    return check_everything();
  }

  Status prepare() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
    std::filesystem::create_directories(directory_, ignored);
    TRY(cli::bench::make_load_network({node_directory()}, "gm", passphrase_));
    {
      // The first start makes the rest of the keys.
      ASSIGN_OR_RETURN(const auto node, cli::ChildNode::start(program_, node_directory(), passphrase_));
      node->stop();
    }
    TRY(make_keys_cheap(node_directory() + "/keys", passphrase_));
    ASSIGN_OR_RETURN(auto signer, cli::bench::LoadSigner::open(node_directory(), passphrase_));
    signer_ = std::make_unique<cli::bench::LoadSigner>(std::move(signer));
    expected_ = std::fopen((directory_ + "/expected").c_str(), "w");
    if (expected_ == nullptr) return fail(Reason::kStorageFailed, "cannot write the expected state");
    struct sigaction action{};
    action.sa_handler = strike;
    sigaction(SIGALRM, &action, nullptr);
    return {};
  }

  Status one_round(std::uint64_t kill) {
    ASSIGN_OR_RETURN(const auto node, cli::ChildNode::start(program_, node_directory(), passphrase_));
    TRY(check_after_start(*node));
    cli::bench::LoadShape shape;
    shape.prefix = fmt::format("k{}-", kill);
    shape.transactions = kTransactionsPerLoad;
    shape.transactions_per_request = kTransactionsPerRequest;
    shape.not_before_ms = SystemClock().now_ms() - 2'000;
    shape.not_after_ms = shape.not_before_ms + 60'000;
    ASSIGN_OR_RETURN(const auto requests, signer_->sign(shape));
    cli::bench::LoadPlan plan;
    plan.ports = {node->port()};
    plan.connections = 4;
    plan.duration_us = 2'000'000;
    kill_after_ms(node->pid(), kEarliestKill_ms + random_.below(kLatestKill_ms - kEarliestKill_ms));
    // The broken connection is what is wanted; everything answered before counts.
    const auto load =
        cli::bench::run_load(plan, requests.http, [&](const cli::bench::LoadAnswer& answer) { remember(answer); });
    if (load && !load->ran_out) return fail(Reason::kInternal, "the node outlived its kill");
    victim = 0;
    node->kill_now();
    std::fflush(expected_);
    return {};
  }

  void remember(const cli::bench::LoadAnswer& answer) {
    wire::TransactionBatchResult result;
    if (answer.status != 200 || !result.ParseFromArray(answer.body.data(), static_cast<int>(answer.body.size())))
      return;
    for (const wire::TransactionOutcome& outcome : result.outcomes()) {
      const auto id = to_digest(as_bytes(outcome.id()));
      if (outcome.stage() != "final" || !id) continue;
      acknowledged_.push_back({*id, outcome.height(), outcome.leaf_index()});
      height_ = std::max(height_, outcome.height());
      fmt::print(expected_, "{} {} {}\n", to_hex(*id), outcome.height(), outcome.leaf_index());
    }
  }

  Status check_after_start(const cli::ChildNode& node) {
    ASSIGN_OR_RETURN(auto client, api::Client::create(node.address()));
    ASSIGN_OR_RETURN(const auto answer, client.get("/v1/status"));
    ASSIGN_OR_RETURN(const Json status, parse_json(answer.body));
    const std::uint64_t height = status.value("/head/height"_json_pointer, std::uint64_t{0});
    if (height < height_)
      return fail(Reason::kCorrupt, fmt::format("the height went back from {} to {}", height_, height));
    height_ = height;
    const std::size_t count = std::min(kCheckedAfterStart, acknowledged_.size());
    for (std::size_t i = acknowledged_.size() - count; i < acknowledged_.size(); ++i) {
      const Acknowledged& one = acknowledged_[i];
      ASSIGN_OR_RETURN(const auto found, client.get("/v1/transactions/" + to_hex(one.id)));
      if (!found.ok()) return fail(Reason::kCorrupt, "acknowledged and lost: " + to_hex(one.id));
      ASSIGN_OR_RETURN(const Json view, parse_json(found.body));
      if (view.value("height", std::uint64_t{0}) != one.height)
        return fail(Reason::kCorrupt, "moved: " + to_hex(one.id));
    }
    return {};
  }

  /// Every acknowledged transaction is in the store at its place, and the history executes again to the same roots.
  Status check_everything() {
    {
      ASSIGN_OR_RETURN(const auto node, cli::ChildNode::start(program_, node_directory(), passphrase_));
      TRY(check_after_start(*node));
      if (node->stop() != 0) return fail(Reason::kInternal, "the node does not stop cleanly");
    }
    {
      ASSIGN_OR_RETURN(const auto store,
                       storage::Store::open({.path = node::store_path(node_directory()), .read_only = true}));
      for (const Acknowledged& one : acknowledged_) TRY(check_entry(*store, one));
    }
    fmt::print("all {} acknowledged transactions are in their places\n", acknowledged_.size());
    ++passed_;
    ASSIGN_OR_RETURN(const cli::Reexecution result, cli::reexecute(node_directory(), directory_ + "/reexecution", {}));
    if (result.height < height_) return fail(Reason::kCorrupt, "re-execution ends below the acknowledged height");
    fmt::print("re-executed {} transactions to height {}: the state root is the same at every height\n",
               result.transactions, result.height);
    ++passed_;
    return {};
  }

  /// The log entry at the promised place holds the promised transaction.
  Status check_entry(const storage::Store& store, const Acknowledged& one) {
    ASSIGN_OR_RETURN(const auto bytes, store.get(storage::Family::kEntries, u64_be(one.leaf_index)));
    wire::Entry entry;
    wire::Transaction transaction;
    const bool read = bytes && entry.ParseFromArray(bytes->data(), static_cast<int>(bytes->size())) &&
                      transaction.ParseFromString(entry.transaction());
    const crypto::HashAlgorithm hash = signer_->genesis().suite->hash;
    if (read && entry.height() == one.height && ledger::transaction_id(hash, as_bytes(transaction.body())) == one.id)
      return {};
    return fail(Reason::kCorrupt, "acknowledged and lost: " + to_hex(one.id));
  }

  std::string node_directory() const { return directory_ + "/node"; }

  std::string program_;
  std::string directory_;
  std::uint64_t kills_;
  SeededRandom random_;
  std::string passphrase_ = "kill-loop-passphrase";
  std::unique_ptr<cli::bench::LoadSigner> signer_;
  std::FILE* expected_ = nullptr;
  std::vector<Acknowledged> acknowledged_;
  std::uint64_t height_ = 0;
  std::uint64_t passed_ = 0;
  std::uint64_t failed_ = 0;
};

}  // namespace
}  // namespace chancery::chaos

int main(int argc, char** argv) {
  if (argc < 4) {
    fmt::print(stderr, "usage: kill_loop PROGRAM DIRECTORY KILLS [SEED]\n");
    return 2;
  }
  const std::uint64_t seed =
      argc > 4 ? std::strtoull(argv[4], nullptr, 10) : static_cast<std::uint64_t>(chancery::SystemClock().now_ms());
  fmt::print("seed {}\n", seed);
  return chancery::chaos::KillLoop(argv[1], argv[2], std::strtoull(argv[3], nullptr, 10), seed).run();
}
