// Inputs that end where memory ends: a kernel that reads a byte too many ends the test program.
#include "crypto/lane_groups.h"

#include <sys/mman.h>
#include <unistd.h>

#include "crypto/hash.h"
#include "crypto/wycheproof_file.h"

namespace chancery::crypto {
namespace {

/// Random bytes with an unreadable page right behind them.
class InputBeforeAnUnreadablePage {
 public:
  InputBeforeAnUnreadablePage(std::size_t bytes, Random& random)
      : page_bytes_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))),
        readable_bytes_((bytes / page_bytes_ + 1) * page_bytes_) {
    memory_ = static_cast<std::uint8_t*>(
        mmap(nullptr, readable_bytes_ + page_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    CHANCERY_CHECK(memory_ != MAP_FAILED);
    CHANCERY_CHECK(mprotect(memory_ + readable_bytes_, page_bytes_, PROT_NONE) == 0);
    input_ = {memory_ + readable_bytes_ - bytes, bytes};
    random.fill({memory_ + readable_bytes_ - bytes, bytes});
  }
  ~InputBeforeAnUnreadablePage() { munmap(memory_, readable_bytes_ + page_bytes_); }
  InputBeforeAnUnreadablePage(const InputBeforeAnUnreadablePage&) = delete;
  InputBeforeAnUnreadablePage& operator=(const InputBeforeAnUnreadablePage&) = delete;

  BytesView view() const { return input_; }

 private:
  std::size_t page_bytes_;
  std::size_t readable_bytes_;
  std::uint8_t* memory_;
  BytesView input_;
};

class MemoryEnds : public EachBackend {
 protected:
  std::vector<BytesView> inputs(std::size_t count) {
    static constexpr std::size_t kLengths[] = {0,   1,   31,  32,  55,  56,  63,   64,   65,   87,    96,   127,
                                               128, 159, 160, 200, 250, 300, 1000, 1001, 5000, 16384, 16385};
    std::vector<BytesView> views;
    for (std::size_t i = 0; i < count; ++i) {
      held_.push_back(std::make_unique<InputBeforeAnUnreadablePage>(kLengths[random_.below(23)], random_));
      views.push_back(held_.back()->view());
    }
    return views;
  }
  SeededRandom random_{61};
  std::vector<std::unique_ptr<InputBeforeAnUnreadablePage>> held_;
};
INSTANTIATE_TEST_SUITE_P(Backends, MemoryEnds, testing::ValuesIn(kEveryBackend), backend_name);

TEST_P(MemoryEnds, BehindTheInputsOfHashes) {
  for (int round = 0; round < 20; ++round) {
    const auto views = inputs(40);
    std::vector<Digest> out(views.size());
    hash_batch(HashAlgorithm::kSm3, views, out);
    for (std::size_t i = 0; i < views.size(); ++i) ASSERT_EQ(out[i], hash(HashAlgorithm::kSm3, views[i]));
  }
}

TEST_P(MemoryEnds, BehindTheMessagesOfSignatures) {
  for (const auto algorithm :
       {SignatureAlgorithm::kEd25519, SignatureAlgorithm::kEcdsaP256Sha256, SignatureAlgorithm::kSm2Sm3}) {
    const PrivateKey key = PrivateKey::generate(algorithm, random_).value();
    const auto views = inputs(60);
    const auto signatures = sign_batch(key, views, random_).value();
    std::vector<VerifyItem> items;
    for (std::size_t i = 0; i < views.size(); ++i) items.push_back({&key.public_key(), views[i], signatures[i]});
    std::vector<std::uint8_t> ok(items.size());
    verify_batch(items, ok);
    EXPECT_EQ(std::ranges::count(ok, 1), static_cast<std::ptrdiff_t>(ok.size())) << to_string(algorithm);
  }
}

TEST(LaneGroups, HaveEqualBlocksAndLoseNobody) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < 100; ++i) order.push_back(i);
  std::vector<int> seen(100);
  for_each_lane_group(
      order, 8, [](std::uint32_t i) { return i % 7; },
      [&](std::span<const std::uint32_t> group) {
        EXPECT_LE(group.size(), 8U);
        for (const std::uint32_t i : group) {
          EXPECT_EQ(i % 7, group[0] % 7);
          ++seen[i];
        }
      });
  EXPECT_EQ(std::ranges::count(seen, 1), 100);
}

}  // namespace
}  // namespace chancery::crypto
