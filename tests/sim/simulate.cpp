// A deterministic simulation: from one seed, three replicas of the state machine receive the same ordered blocks while
// they crash, lag, execute ahead, are replaced by copies of one another and get transactions twice. After every block
// all replicas must have the same checkpoint, and the outcome of every transaction must be the tiny model's
// (tests/sim/model.h). At the end each replica's log is executed again from the genesis by a fresh one.
//   simulate [seeds] [first seed]        prints "N passed, N failed"; a failing seed replays alone

#include <fmt/core.h>

#include <cstdlib>
#include <map>
#include <set>

#include "contracts/testing/network.h"
#include "model.h"
#include "steps.h"
#include "tests/support/small_network.h"
#include "tests/support/temporary_directory.h"

namespace chancery::sim {
namespace {

constexpr int kReplicas = 3;
constexpr int kBlocks = 40;

crypto::PrivateKey private_key_of(std::string_view name) {
  const Digest seed = crypto::hash(crypto::HashAlgorithm::kSha256, as_bytes(name));
  return crypto::PrivateKey::from_secret(crypto::SignatureAlgorithm::kEd25519, seed).value();
}

/// How often each kind of fault and rare path was met: a simulation that never gets there proves nothing.
std::map<std::string, std::uint64_t> probes;

struct OrderedBlock {
  std::int64_t time_ms = 0;
  std::vector<ledger::OrderedTransaction> transactions;
};

class Replica {
 public:
  Replica(const test::SmallNetwork& network, std::string path, std::size_t cache_entries)
      : network_(network), signer_(network.signer()), path_(std::move(path)), cache_entries_(cache_entries) {}

  chancery::Status open() {
    ledger_.reset();
    store_.reset();
    ASSIGN_OR_RETURN(store_, storage::Store::open({.path = path_, .cache_bytes = 1U << 20}));
    ASSIGN_OR_RETURN(ledger_, ledger::Ledger::open(*store_, network_.genesis(), contracts::native_contracts(),
                                                   contracts::account_keys(), *signer_,
                                                   {.keep_versions_ms = 500, .record_cache_entries = cache_entries_}));
    return {};
  }

  /// Becomes a copy of `other`, as a node that joins by its snapshot does.
  chancery::Status become(const Replica& other) {
    const std::string path = path_ + "+";
    TRY(other.store_->copy_to(path));
    ledger_.reset();
    store_.reset();
    path_ = path;
    return open();
  }

  Result<std::shared_ptr<ledger::ExecutedBlock>> execute(const OrderedBlock& block) {
    return ledger_->execute(block.time_ms, block.transactions);
  }
  ledger::Ledger& ledger() { return *ledger_; }
  std::uint64_t height() const { return ledger_->head().height; }

 private:
  const test::SmallNetwork& network_;
  std::unique_ptr<test::MemorySigner> signer_;
  std::string path_;
  std::size_t cache_entries_;
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

class Simulation {
 public:
  explicit Simulation(std::uint64_t seed)
      : seed_(seed),
        random_(seed),
        network_(seed % 2 == 0 ? "gm" : "intl", seed, contracts::testing::genesis_sections()),
        steps_(seed) {}

  chancery::Status run() {
    for (int i = 0; i < kReplicas; ++i) {
      replicas_.push_back(
          std::make_unique<Replica>(network_, directory_ / fmt::format("replica-{}", i), i == 0 ? 65'536 : 4));
      TRY(replicas_.back()->open());
    }
    std::int64_t now_ms = test::kNetworkStart_ms + 1'000;
    for (int i = 0; i < kBlocks; ++i) {
      now_ms += 1 + static_cast<std::int64_t>(random_.below(3'000));
      TRY(one_block(now_ms));
    }
    for (auto& replica : replicas_) TRY(catch_up(*replica, blocks_.size()));
    TRY(compare());
    return replay_from_genesis();
  }

 private:
  static constexpr std::uint64_t kGenesisHeight = 1;

  chancery::Status one_block(std::int64_t now_ms) {
    OrderedBlock block{now_ms, {}};
    std::vector<std::optional<Step>> steps;
    const Moment moment{kGenesisHeight + blocks_.size() + 1, now_ms};
    const std::uint64_t count = 1 + random_.below(8);
    for (std::uint64_t i = 0; i < count; ++i) {
      if (!old_.empty() && random_.below(8) == 0) {
        ++probes["replayed transaction"];
        block.transactions.push_back(old_[random_.below(old_.size())]);
        steps.emplace_back();
        continue;
      }
      Step step = steps_.next(model_, moment);
      block.transactions.push_back(sign(step, now_ms));
      steps.emplace_back(std::move(step));
    }
    for (const auto& one : block.transactions) old_.push_back(one);
    blocks_.push_back(block);
    // The first replica is up to date, so that outcomes can be compared; the others may lag.
    TRY(process(*replicas_[0], blocks_.size()));
    TRY(compare_with_model(steps, moment));
    for (int i = 1; i < kReplicas; ++i) {
      if (random_.below(3) == 0) {
        ++probes["lagging replica"];
        continue;
      }
      TRY(catch_up(*replicas_[static_cast<std::size_t>(i)], blocks_.size()));
    }
    if (random_.below(25) == 0) {
      ++probes["replaced by a copy"];
      TRY(replicas_[1 + random_.below(kReplicas - 1)]->become(*replicas_[0]));
    }
    return compare();
  }

  ledger::OrderedTransaction sign(const Step& step, std::int64_t now_ms) {
    wire::Body body =
        ledger::make_body(network_.genesis().network_id, now_ms, network_.genesis().parameters.window_ms, random_);
    const std::size_t dot = step.method.find('.');
    ledger::add_call(body, step.method.substr(0, dot), step.method.substr(dot + 1), to_string(arguments(step)));
    const crypto::PrivateKey key = private_key_of(step.key);
    const ledger::AccountSigner signer{step.signer, &key};
    auto raw = ledger::sign_transaction(body, {&signer, 1});
    CHANCERY_CHECK(raw.has_value());
    auto parsed = ledger::parse_transaction(std::move(*raw), network_.genesis().suite->hash);
    CHANCERY_CHECK(parsed.has_value());
    parsed->signed_with.push_back(key.public_key());
    return {std::make_shared<ledger::ParsedTransaction>(std::move(*parsed)), std::nullopt};
  }

  /// Brings the replica to `count` blocks, with faults on the way.
  chancery::Status catch_up(Replica& replica, std::size_t count) {
    while (replica.height() < kGenesisHeight + count) TRY(process(replica, replica.height() - kGenesisHeight + 1));
    return {};
  }

  /// The replica's next block is number `number` (from 1).
  chancery::Status process(Replica& replica, std::size_t number) {
    CHANCERY_CHECK(replica.height() == kGenesisHeight + number - 1);
    ASSIGN_OR_RETURN(auto executed, replica.execute(blocks_[number - 1]));
    switch (random_.below(12)) {
      case 0:
        ++probes["crash between execution and write"];
        TRY(replica.open());
        return process(replica, number);
      case 1:
        if (number < blocks_.size()) {
          ++probes["executed ahead of the write"];
          ASSIGN_OR_RETURN(const auto ahead, replica.execute(blocks_[number]));
          TRY(commit(replica, executed));
          return commit(replica, ahead);
        }
        break;
      case 2:
        ++probes["crash after the write"];
        TRY(commit(replica, executed));
        return replica.open();
      case 3:
        ++probes["crash with a block executed ahead"];
        if (number < blocks_.size()) TRY(replica.execute(blocks_[number]));
        TRY(commit(replica, executed));
        return replica.open();
      default:
        break;
    }
    return commit(replica, executed);
  }

  chancery::Status commit(Replica& replica, const std::shared_ptr<ledger::ExecutedBlock>& block) {
    ASSIGN_OR_RETURN(last_result_, replica.ledger().commit(block));
    const std::string checkpoint = replica.ledger().head().checkpoint;
    const auto [known, is_new] = checkpoints_.try_emplace(last_result_.height, checkpoint);
    if (!is_new && known->second != checkpoint) {
      return fail(Reason::kCorrupt, fmt::format("two checkpoints of block {}", last_result_.height));
    }
    return {};
  }

  chancery::Status compare_with_model(const std::vector<std::optional<Step>>& steps, Moment moment) {
    ledger::Ledger& ledger = replicas_[0]->ledger();
    CHANCERY_CHECK(ledger.head().height == moment.height);
    ASSIGN_OR_RETURN(const auto stored, ledger.block(moment.height));
    std::uint64_t leaf = stored.header().first_leaf();
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (!steps[i]) continue;  // sent again: not in the log
      ASSIGN_OR_RETURN(const auto entry, ledger.entry(leaf++));
      const auto expected = model_.apply(*steps[i], moment, entry.outputs_size() > 0 ? entry.outputs(0) : "");
      const std::string_view reason = expected ? reason_text(*expected).wire_name : std::string_view{};
      if (entry.reason() != reason) {
        return fail(Reason::kCorrupt,
                    fmt::format("{} by {}: the ledger says \"{}\" ({}), the model \"{}\"", steps[i]->method,
                                steps[i]->signer, entry.reason(), entry.detail(), reason));
      }
      ++probes[expected ? "refused" : "took effect"];
    }
    if (leaf != stored.header().first_leaf() + stored.header().count()) {
      return fail(Reason::kCorrupt, "the block holds a transaction that should not be in it");
    }
    return {};
  }

  /// Everybody who has reached a height has its one checkpoint.
  chancery::Status compare() {
    for (const auto& replica : replicas_) {
      const ledger::Head head = replica->ledger().head();
      const auto known = checkpoints_.find(head.height);
      if (known != checkpoints_.end() && known->second != head.checkpoint) {
        return fail(Reason::kCorrupt, fmt::format("replicas differ at block {}", head.height));
      }
    }
    return {};
  }

  chancery::Status replay_from_genesis() {
    Replica fresh(network_, directory_ / "fresh", 16);
    TRY(fresh.open());
    for (const OrderedBlock& block : blocks_) {
      ASSIGN_OR_RETURN(const auto executed, fresh.execute(block));
      TRY(commit(fresh, executed));
    }
    ++probes["executed again from the genesis"];
    return {};
  }

  const std::uint64_t seed_;
  SeededRandom random_;
  test::SmallNetwork network_;
  test::TemporaryDirectory directory_;
  Steps steps_;
  Model model_;
  std::vector<std::unique_ptr<Replica>> replicas_;
  std::vector<OrderedBlock> blocks_;
  std::vector<ledger::OrderedTransaction> old_;
  std::map<std::uint64_t, std::string> checkpoints_;
  ledger::BlockResult last_result_;
};

int simulate(std::uint64_t seeds, std::uint64_t first) {
  std::uint64_t failed = 0;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    const chancery::Status status = Simulation(seed).run();
    if (status) continue;
    ++failed;
    fmt::print(stderr, "seed {}: {}\n", seed, status.error().message());
  }
  for (const auto& [name, count] : probes) fmt::print("{:>8} {}\n", count, name);
  fmt::print("{} passed, {} failed\n", seeds - failed, failed);
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace chancery::sim

int main(int argc, char** argv) {
  const std::uint64_t seeds = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200;
  const std::uint64_t first = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  return chancery::sim::simulate(seeds, first);
}
