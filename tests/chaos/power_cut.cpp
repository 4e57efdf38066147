// Power cuts: a ledger runs over a file system that can fork the disk at any write or sync. Each fork is opened as a
// restarted node would open it, and must hold everything that had been acknowledged when the power went, with roots
// that equal those of that moment.
//   power_cut [cuts] [seed]        prints "N passed, N failed"

#include <fmt/core.h>

#include <cstdlib>
#include <map>

#include "tests/chaos/forking_file_system.h"
#include "tests/support/small_network.h"
#include "tests/support/temporary_directory.h"

namespace chancery::chaos {
namespace {

struct Acknowledged {
  ledger::Head head;
  std::map<std::string, Digest> issued;  ///< credential id -> transaction id
};

class PowerCuts {
 public:
  PowerCuts(std::uint64_t cuts, std::uint64_t seed) : cuts_(cuts), random_(seed), seed_(seed) {}

  int run() {
    while (passed_ + failed_ < cuts_) one_life();
    fmt::print("power cuts: seed {}, {} write and sync operations, {} blocks\n", seed_, operations_, blocks_);
    fmt::print("{} passed, {} failed\n", passed_, failed_);
    return failed_ == 0 ? 0 : 1;
  }

 private:
  static constexpr int kBlocksALife = 120;
  static constexpr std::uint64_t kMostOperationsToACut = 24;

  void one_life() {
    const test::TemporaryDirectory directory;
    test::SmallNetwork network(random_.below(2) == 0 ? "gm" : "intl", random_.next_u64());
    const auto signer = network.signer();
    auto file_system = std::make_shared<ForkingFileSystem>(random_.next_u64());
    const auto env = rocksdb::NewCompositeEnv(file_system);
    auto store = storage::Store::open({.path = directory / "store", .cache_bytes = 1U << 20, .env = env.get()});
    if (!store) return report("open", store.error());
    auto ledger = test::open_ledger(**store, network, *signer);
    if (!ledger) return report("open", ledger.error());
    Acknowledged acknowledged{(*ledger)->head(), {}};
    std::optional<Acknowledged> at_cut;
    const std::string cut_path = directory / "cut";
    std::int64_t now_ms = test::kNetworkStart_ms + 1'000;
    const auto arm = [&] {
      at_cut.reset();
      file_system->fork_after(1 + random_.below(kMostOperationsToACut), directory / "store", cut_path,
                              [&] { at_cut = acknowledged; });
    };
    arm();
    for (int block = 0; block < kBlocksALife && passed_ + failed_ < cuts_; ++block) {
      now_ms += 20;
      const auto names = one_block(network, **ledger, now_ms, acknowledged);
      if (!names) return report("block", names.error());
      if (random_.below(12) == 0) {
        if (const Status flushed = (*store)->flush(); !flushed) return report("flush", flushed.error());
      }
      if (at_cut) {
        check(network, cut_path, *at_cut);
        arm();
      }
    }
    operations_ += file_system->operations();
  }

  Status one_block(test::SmallNetwork& network, ledger::Ledger& ledger, std::int64_t now_ms,
                   Acknowledged& acknowledged) {
    std::vector<ledger::OrderedTransaction> ordered;
    std::vector<std::string> ids;
    const std::uint64_t count = 1 + random_.below(4);
    for (std::uint64_t i = 0; i < count; ++i) {
      ids.push_back(fmt::format("c-{}", next_id_++));
      ordered.push_back(network.ordered(network.issue(ids.back(), now_ms)));
    }
    ASSIGN_OR_RETURN(const auto block, ledger.execute(now_ms, std::move(ordered)));
    ASSIGN_OR_RETURN(const auto result, ledger.commit(block));
    for (std::size_t i = 0; i < ids.size(); ++i) acknowledged.issued[ids[i]] = result.results[i].id;
    acknowledged.head = ledger.head();
    ++blocks_;
    return {};
  }

  /// The disk as the power cut left it, opened by a node that starts again.
  void check(const test::SmallNetwork& network, const std::string& path, const Acknowledged& before) {
    const Status status = [&]() -> Status {
      const auto signer = network.signer();
      ASSIGN_OR_RETURN(auto store, storage::Store::open({.path = path,
                                                         .cache_bytes = 1U << 20,
                                                         .accept_repair = ledger::holds_all_that_was_signed(*signer)}));
      ASSIGN_OR_RETURN(auto ledger, test::open_ledger(*store, network, *signer));
      const ledger::Head after = ledger->head();
      if (after.height < before.head.height) {
        return fail(Reason::kCorrupt,
                    fmt::format("block {} was acknowledged, the disk ends at {}", before.head.height, after.height));
      }
      ASSIGN_OR_RETURN(const auto block, ledger->block(before.head.height));
      if (block.checkpoint() != before.head.checkpoint) return fail(Reason::kCorrupt, "another block at that height");
      for (const auto& [id, transaction] : before.issued) {
        ASSIGN_OR_RETURN(const auto record, ledger->record("credential", "credential", as_bytes(id)));
        ASSIGN_OR_RETURN(const auto found, ledger->find_transaction(transaction));
        if (!record.value || !found) return fail(Reason::kCorrupt, id + " was acknowledged and is lost");
      }
      bool complete = false;
      while (!complete) {
        ASSIGN_OR_RETURN(complete, ledger->scrub(100'000));
      }
      return {};
    }();
    if (status) {
      ++passed_;
    } else {
      report("after the cut", status.error());
    }
  }

  void report(std::string_view where, const Error& error) {
    ++failed_;
    fmt::print(stderr, "power cut {} of seed {}: {}: {}\n", passed_ + failed_, seed_, where, error.message());
  }

  const std::uint64_t cuts_;
  SeededRandom random_;
  const std::uint64_t seed_;
  std::uint64_t next_id_ = 0;
  std::uint64_t passed_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t operations_ = 0;
  std::uint64_t blocks_ = 0;
};

}  // namespace
}  // namespace chancery::chaos

int main(int argc, char** argv) {
  const std::uint64_t cuts = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 2'000;
  const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 20'261'123;
  return chancery::chaos::PowerCuts(cuts, seed).run();
}
