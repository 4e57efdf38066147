#include "storage/torn_tail.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "storage/store.h"

namespace chancery::storage {
namespace {

namespace fs = std::filesystem;

std::string file_of(const std::string& store, std::string_view wanted) {
  std::string newest;
  for (const auto& entry : fs::directory_iterator(store)) {
    const std::string name = entry.path().filename().string();
    if (name.find(wanted) != std::string::npos && entry.path().string() > newest) newest = entry.path().string();
  }
  return newest;
}

void change_byte(const std::string& file, std::uint64_t place) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(place));
  const int byte = stream.get();
  stream.seekp(static_cast<std::streamoff>(place));
  stream.put(static_cast<char>(byte ^ 0x55));
}

class TornTail : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(directory_);
    fs::create_directories(directory_);
  }
  void TearDown() override { fs::remove_all(directory_); }
  /// Three writes; the last of `bytes`.
  void write_three(std::size_t bytes) {
    auto store = Store::open({.path = path_});
    ASSERT_TRUE(store);
    for (const auto& [key, size] : {std::pair<const char*, std::size_t>{"one", 100}, {"two", 100}, {"three", bytes}}) {
      WriteBatch batch(**store);
      batch.put(Family::kMeta, as_bytes(key), Bytes(size, 7));
      ASSERT_TRUE((*store)->write(batch));
    }
  }
  /// The store as its owner opens it: `accepts` what a repair leaves.
  Result<std::unique_ptr<Store>> open(bool accepts) const {
    return Store::open({.path = path_, .accept_repair = [accepts](const Store&) -> Status {
                          if (accepts) return {};
                          return fail(Reason::kCorrupt, "rolled back");
                        }});
  }
  bool has(const char* key) const {
    const auto store = open(true);
    if (!store) return false;
    const auto value = (*store)->get(Family::kMeta, as_bytes(key));
    return value && *value;
  }
  bool opens() const { return open(true).has_value(); }

  const std::string directory_ = (fs::temp_directory_path() / ("chancery-torn-" + std::to_string(::getpid()))).string();
  const std::string path_ = directory_ + "/store";
};

TEST_F(TornTail, TheLastRecordOfTheLogIsCutAndACopyIsKept) {
  for (const std::size_t bytes : {std::size_t{50}, std::size_t{100'000}}) {
    fs::remove_all(path_);
    write_three(bytes);
    const std::string log = file_of(path_, ".log");
    const auto size = fs::file_size(log);
    change_byte(log, size - 3);
    EXPECT_TRUE(has("two"));
    EXPECT_FALSE(has("three"));
    EXPECT_EQ(fs::file_size(fs::path(path_ + ".torn") / fs::path(log).filename()), size);
  }
}

TEST_F(TornTail, ARepairThatTheOwnerRefusesLeavesTheFilesAsTheyWere) {
  write_three(50);
  const std::string log = file_of(path_, ".log");
  const auto size = fs::file_size(log);
  change_byte(log, size - 3);
  EXPECT_FALSE(open(false));
  EXPECT_FALSE(Store::open({.path = path_})) << "without an owner nothing is repaired";
  EXPECT_EQ(fs::file_size(log), size);
}

TEST_F(TornTail, DamageInFrontOfSoundRecordsIsCorruption) {
  write_three(50);
  const std::string log = file_of(path_, ".log");
  change_byte(log, 40);
  const auto before = fs::file_size(log);
  EXPECT_FALSE(opens());
  EXPECT_EQ(fs::file_size(log), before) << "nothing may be thrown away";
}

TEST_F(TornTail, TheLastRecordOfTheManifestIsCut) {
  write_three(50);
  {
    std::ofstream manifest(file_of(path_, "MANIFEST"), std::ios::binary | std::ios::app);
    manifest << std::string("\x01\x02\x03\x04\x05\x00\x01torn!", 12);
  }
  EXPECT_TRUE(has("three"));
}

TEST_F(TornTail, DamageInsideTheManifestIsCorruption) {
  write_three(50);
  change_byte(file_of(path_, "MANIFEST"), 12);
  EXPECT_FALSE(opens());
}

TEST_F(TornTail, SoundFilesAndEmptyOnesAreLeftAlone) {
  EXPECT_FALSE(torn_tail_at({}));
  write_three(100'000);
  const auto tails = TornTails::cut(path_);
  ASSERT_TRUE(tails);
  EXPECT_FALSE(tails->any());
}

}  // namespace
}  // namespace chancery::storage
