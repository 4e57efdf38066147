// Flipped bits: one bit of one file of a node's store is changed while the node is down. The node must then refuse to
// open, or find it while scrubbing, or be unharmed: in every case each root, record and receipt that it gives out
// equals the original. It never serves or signs anything else.
//   bit_flip [flips] [seed]        prints "N passed, N failed"

#include <fmt/core.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/support/small_network.h"
#include "tests/support/temporary_directory.h"

namespace chancery::chaos {
namespace {

namespace fs = std::filesystem;

constexpr int kBlocks = 40;
constexpr int kEachBlock = 16;

struct Original {
  ledger::Head head;
  std::vector<Bytes> entries;
};

class BitFlips {
 public:
  BitFlips(std::uint64_t flips, std::uint64_t seed) : flips_(flips), random_(seed), network_("gm", seed) {}

  int run() {
    const test::TemporaryDirectory directory;
    const std::string original_path = directory / "original";
    const auto original = make_original(original_path);
    if (!original) {
      fmt::print(stderr, "bit flip: {}\n", original.error().message());
      return 1;
    }
    for (std::uint64_t i = 0; i < flips_; ++i) one_flip(original_path, directory / "flipped", *original);
    fmt::print("bit flips: refused at the start {}, found by the scrub or on reading {}, harmless {}\n", at_start_,
               found_, harmless_);
    fmt::print("{} passed, {} failed\n", flips_ - failed_, failed_);
    return failed_ == 0 ? 0 : 1;
  }

 private:
  Result<Original> make_original(const std::string& path) {
    ASSIGN_OR_RETURN(auto store, storage::Store::open({.path = path}));
    const auto signer = network_.signer();
    ASSIGN_OR_RETURN(auto ledger, test::open_ledger(*store, network_, *signer));
    std::int64_t now_ms = test::kNetworkStart_ms + 1'000;
    for (int block = 0; block < kBlocks; ++block) {
      now_ms += 20;
      std::vector<ledger::OrderedTransaction> ordered;
      for (int i = 0; i < kEachBlock; ++i) {
        ordered.push_back(network_.ordered(network_.issue(fmt::format("c-{}-{}", block, i), now_ms)));
      }
      ASSIGN_OR_RETURN(const auto executed, ledger->execute(now_ms, std::move(ordered)));
      TRY(ledger->commit(executed));
      // Part of the data in table files, the newest blocks in the log.
      if (block == kBlocks / 2) TRY(store->flush());
    }
    Original out{ledger->head(), {}};
    for (std::uint64_t leaf = 0; leaf < out.head.tree_size; ++leaf) {
      ASSIGN_OR_RETURN(const auto receipt, ledger->receipt(leaf));
      out.entries.push_back(receipt.entry);
    }
    return out;
  }

  void one_flip(const std::string& from, const std::string& to, const Original& original) {
    std::error_code error;
    fs::remove_all(to, error);
    fs::copy(from, to, fs::copy_options::recursive, error);
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(to, error)) {
      const std::string name = entry.path().filename().string();
      // Not part of the data: RocksDB's diary and its lock.
      if (name.starts_with("LOG") || name == "LOCK" || entry.file_size(error) == 0) continue;
      files.push_back(entry.path());
    }
    const fs::path& file = files[random_.below(files.size())];
    const std::uint64_t place = random_.below(fs::file_size(file, error));
    flip(file, place, static_cast<int>(random_.below(8)));
    const Status harmed = check(to, original);
    if (!harmed) {
      ++failed_;
      fmt::print(stderr, "bit flip in {} at byte {}: {}\n", file.filename().string(), place, harmed.error().message());
    }
  }

  static void flip(const fs::path& file, std::uint64_t place, int bit) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(place));
    const int byte = stream.get();
    stream.seekp(static_cast<std::streamoff>(place));
    stream.put(static_cast<char>(byte ^ (1 << bit)));
  }

  /// An error here means that something wrong was served.
  Status check(const std::string& path, const Original& original) {
    const auto signer = network_.signer();
    RememberingSigner remembering(*signer, original.head);
    auto store = storage::Store::open({.path = path, .accept_repair = ledger::holds_all_that_was_signed(remembering)});
    if (!store) return ++at_start_, Status{};
    auto ledger = test::open_ledger(**store, network_, remembering);
    if (!ledger) return ++at_start_, Status{};
    const ledger::Head head = (*ledger)->head();
    if (head.checkpoint != original.head.checkpoint) return fail(Reason::kCorrupt, "another checkpoint is served");
    bool found = false;
    for (std::uint64_t leaf = 0; leaf < original.entries.size(); ++leaf) {
      const auto receipt = (*ledger)->receipt(leaf);
      if (!receipt) {
        found = true;
      } else if (receipt->entry != original.entries[leaf]) {
        return fail(Reason::kCorrupt, fmt::format("entry {} is served with other bytes", leaf));
      }
    }
    for (bool complete = false; !complete;) {
      const auto scrubbed = (*ledger)->scrub(100'000);
      if (!scrubbed) found = true;
      complete = !scrubbed || *scrubbed;
    }
    ++(found ? found_ : harmless_);
    return {};
  }

  /// What the file `signed` does for a node: remembers the newest checkpoint, so that a store cannot fall back.
  class RememberingSigner final : public ledger::CheckpointSigner {
   public:
    RememberingSigner(ledger::CheckpointSigner& signer, const ledger::Head& head) : signer_(signer), head_(head) {}
    Result<std::string> sign(const merkle::Checkpoint& checkpoint) override { return signer_.sign(checkpoint); }
    void made_durable(const merkle::Checkpoint&) override {}
    Status accept_stored(const merkle::Checkpoint& checkpoint) override {
      if (checkpoint.height < head_.height) return fail(Reason::kCorrupt, "the store was rolled back");
      return {};
    }

   private:
    ledger::CheckpointSigner& signer_;
    const ledger::Head& head_;
  };

  const std::uint64_t flips_;
  SeededRandom random_;
  test::SmallNetwork network_;
  std::uint64_t at_start_ = 0;
  std::uint64_t found_ = 0;
  std::uint64_t harmless_ = 0;
  std::uint64_t failed_ = 0;
};

}  // namespace
}  // namespace chancery::chaos

int main(int argc, char** argv) {
  const std::uint64_t flips = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 500;
  const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 20'261'123;
  return chancery::chaos::BitFlips(flips, seed).run();
}
