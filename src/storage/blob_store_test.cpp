#include "storage/blob_store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "base/failpoint.h"
#include "crypto/key_agreement.h"

namespace chancery::storage {
namespace {

namespace fs = std::filesystem;

std::string file_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class BlobStoreTest : public ::testing::TestWithParam<const crypto::Suite*> {
 protected:
  void SetUp() override {
    directory_ = fs::temp_directory_path() / ("chancery-blobs-" + std::to_string(::getpid()));
    fs::remove_all(directory_);
    open();
    reader_ = make_reader();
  }
  void TearDown() override {
    failpoint::arm("");
    fs::remove_all(directory_);
  }
  crypto::ReaderPrivateKey make_reader() {
    const bool gm = GetParam()->name == "gm";
    return *crypto::ReaderPrivateKey::generate(
        gm ? crypto::AgreementAlgorithm::kSm2 : crypto::AgreementAlgorithm::kX25519, random_);
  }
  void open() {
    auto opened = BlobStore::open(directory_.string(), *GetParam(), clock_, random_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message();
    store_ = std::move(*opened);
  }
  Status put(std::string_view id, std::string_view text) {
    const std::vector<crypto::ReaderPublicKey> readers = {reader_->public_key()};
    return store_->put(id, as_bytes(text), readers);
  }
  fs::path only_file(const std::string& suffix) const {
    for (const auto& item : fs::recursive_directory_iterator(directory_)) {
      if (item.path().string().ends_with(suffix)) return item.path();
    }
    return {};
  }

  fs::path directory_;
  ManualClock clock_{1'790'000'000'000};
  SystemRandom random_;
  std::optional<crypto::ReaderPrivateKey> reader_;
  std::unique_ptr<BlobStore> store_;
};

TEST_P(BlobStoreTest, GivesBackWhatWasPutAlsoAfterReopening) {
  ASSERT_TRUE(put("credential/1", "text").has_value());
  open();
  EXPECT_EQ(to_string(*store_->get("credential/1", *reader_)), "text");
  EXPECT_TRUE(store_->contains("credential/1"));
  EXPECT_EQ(store_->get("credential/2", *reader_).error().reason, Reason::kNotFound);
}

TEST_P(BlobStoreTest, HoldsNothingInClearButTheId) {
  ASSERT_TRUE(put("credential/1", "MARKER-7c1f").has_value());
  const std::string file = file_text(only_file(".blob"));
  EXPECT_EQ(file.find("MARKER"), std::string::npos);
  EXPECT_NE(file.find("credential/1"), std::string::npos);
}

TEST_P(BlobStoreTest, NeverReplacesABlob) {
  ASSERT_TRUE(put("a", "first").has_value());
  EXPECT_EQ(put("a", "second").error().reason, Reason::kAlreadyExists);
  EXPECT_EQ(to_string(*store_->get("a", *reader_)), "first");
}

TEST_P(BlobStoreTest, RefusesWhoIsNotAReader) {
  ASSERT_TRUE(put("a", "text").has_value());
  EXPECT_EQ(store_->get("a", make_reader()).error().reason, Reason::kForbidden);
}

TEST_P(BlobStoreTest, WrapsToEachReader) {
  const auto other = make_reader();
  const std::vector<crypto::ReaderPublicKey> readers = {reader_->public_key(), other.public_key()};
  ASSERT_TRUE(store_->put("a", as_bytes("text"), readers).has_value());
  EXPECT_EQ(to_string(*store_->get("a", *reader_)), "text");
  EXPECT_EQ(to_string(*store_->get("a", other)), "text");
}

TEST_P(BlobStoreTest, FindsEveryFlippedByte) {
  ASSERT_TRUE(put("a", "text").has_value());
  const fs::path path = only_file(".blob");
  const std::string good = file_text(path);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    std::ofstream(path, std::ios::binary) << bad;
    const auto got = store_->get("a", *reader_);
    ASSERT_FALSE(got.has_value()) << "byte " << i;
    EXPECT_EQ(got.error().reason, Reason::kCorrupt);
  }
  std::ofstream(path, std::ios::binary) << good.substr(0, good.size() / 2);
  EXPECT_EQ(store_->get("a", *reader_).error().reason, Reason::kCorrupt);
}

TEST_P(BlobStoreTest, ABlobUnderAnothersNameIsFoundOut) {
  ASSERT_TRUE(put("a", "of a").has_value());
  const fs::path a = only_file(".blob");
  const std::string bytes = file_text(a);
  fs::remove(a);
  ASSERT_TRUE(put("b", "of b").has_value());
  std::ofstream(only_file(".blob"), std::ios::binary) << bytes;
  EXPECT_EQ(store_->get("b", *reader_).error().reason, Reason::kCorrupt);
}

TEST_P(BlobStoreTest, WhatIsErasedIsGoneForGood) {
  ASSERT_TRUE(put("a", "text").has_value());
  ASSERT_TRUE(store_->erase("a").has_value());
  EXPECT_TRUE(store_->erase("a").has_value());
  EXPECT_EQ(store_->get("a", *reader_).error().reason, Reason::kGone);
  EXPECT_EQ(put("a", "again").error().reason, Reason::kGone);
  EXPECT_EQ(only_file(".blob"), fs::path());
  EXPECT_EQ(store_->erase("never").error().reason, Reason::kNotFound);
}

TEST_P(BlobStoreTest, ACrashDuringErasureEndsInErasure) {
  ASSERT_TRUE(put("a", "text").has_value());
  failpoint::arm("blob.after_tombstone=error");
  EXPECT_FALSE(store_->erase("a").has_value());
  failpoint::arm("");
  EXPECT_NE(only_file(".blob"), fs::path());
  EXPECT_EQ(store_->get("a", *reader_).error().reason, Reason::kGone);
  open();
  EXPECT_EQ(only_file(".blob"), fs::path());
}

TEST_P(BlobStoreTest, ErasingDestroysTheKeyInTheFileItself) {
  ASSERT_TRUE(put("a", "text").has_value());
  const fs::path kept = directory_.string() + "-kept";
  fs::create_hard_link(only_file(".blob"), kept);  // what an undelete would find
  ASSERT_TRUE(store_->erase("a").has_value());
  ASSERT_TRUE(put("z", "x").has_value());
  EXPECT_NE(file_text(kept).find(std::string(64, '\0')), std::string::npos);
  fs::remove(kept);
}

TEST_P(BlobStoreTest, WritesManyForTheSyncsOfOne) {
  std::vector<BlobInput> blobs;
  for (int i = 0; i < 100; ++i) blobs.push_back({"many/" + std::to_string(i), to_bytes(std::to_string(i))});
  const std::vector<crypto::ReaderPublicKey> readers = {reader_->public_key()};
  ASSERT_TRUE(store_->put_many(blobs, readers).has_value());
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(to_string(*store_->get("many/" + std::to_string(i), *reader_)), std::to_string(i));
  }
  std::set<std::string> seen;
  ASSERT_TRUE(store_
                  ->for_each([&](const BlobInfo& info) {
                    EXPECT_EQ(info.created_ms, clock_.now_ms());
                    return seen.insert(info.id).second;
                  })
                  .has_value());
  EXPECT_EQ(seen.size(), 100U);
}

TEST_P(BlobStoreTest, LeavesNoTemporaryFileBehind) {
  failpoint::arm("blob.before_write=error");
  EXPECT_EQ(put("a", "text").error().reason, Reason::kStorageFailed);
  failpoint::arm("");
  fs::create_directories(directory_ / "00");
  std::ofstream(directory_ / "00" / "left.blob.0011.tmp") << "half";
  open();
  EXPECT_EQ(only_file(".tmp"), fs::path());
}

TEST_P(BlobStoreTest, RefusesWhatIsBeyondTheLimits) {
  EXPECT_EQ(put("", "text").error().reason, Reason::kInvalidValue);
  EXPECT_EQ(put(std::string(kMaxBlobIdBytes + 1, 'i'), "text").error().reason, Reason::kInvalidValue);
  EXPECT_EQ(store_->put("a", {}, {}).error().reason, Reason::kInvalidValue);
  EXPECT_EQ(store_->put("a", Bytes(kMaxBlobBytes + 1), std::vector{reader_->public_key()}).error().reason,
            Reason::kTooLarge);
}

TEST_P(BlobStoreTest, DiscardLeavesTheIdFree) {
  ASSERT_TRUE(put("a", "text").has_value());
  ASSERT_TRUE(store_->discard("a").has_value());
  EXPECT_FALSE(store_->contains("a"));
  EXPECT_TRUE(put("a", "again").has_value());
}

INSTANTIATE_TEST_SUITE_P(Suites, BlobStoreTest, ::testing::Values(&crypto::suite_intl(), &crypto::suite_gm()),
                         [](const auto& suite) { return std::string(suite.param->name); });

}  // namespace
}  // namespace chancery::storage
