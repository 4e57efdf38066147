#include "ledger/cosigning.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "ledger/conflicting_checkpoints.h"
#include "merkle/checkpoint.h"

namespace chancery::ledger {
namespace {

/// Validators "net/0" to "net/3"; the power of the first is the parameter's.
class CosigningTest : public testing::TestWithParam<crypto::SignatureAlgorithm> {
 protected:
  CosigningTest() {
    for (int i = 0; i < 4; ++i) {
      keys_.push_back(*crypto::PrivateKey::generate(GetParam(), random_));
      log_keys_.push_back(*crypto::PrivateKey::generate(crypto::SignatureAlgorithm::kEd25519, random_));
      Validator validator;
      validator.name = fmt::format("net/{}", i);
      validator.organisation = fmt::format("{}", i);
      validator.key = keys_.back().public_key();
      validator.log_key = log_keys_.back().public_key();
      validators_.push_back(validator);
    }
  }

  static std::string text_of(std::uint64_t height, std::uint8_t root = 0) {
    merkle::Checkpoint checkpoint;
    checkpoint.origin = "chancery.test/cosigning";
    checkpoint.height = height;
    checkpoint.size = 7;
    checkpoint.root[0] = root;
    return merkle::encode_checkpoint(checkpoint);
  }
  merkle::NoteSignature line(const std::string& text, std::size_t who, bool log_key = false) const {
    return *merkle::sign_note(text, validators_[who].name, log_key ? log_keys_[who] : keys_[who]);
  }
  std::string note(const std::string& text, const std::vector<std::size_t>& signers) const {
    merkle::SignedNote out{text, {}};
    for (const std::size_t who : signers) out.signatures.push_back(line(text, who));
    return merkle::encode_note(out);
  }

  SeededRandom random_{11};
  std::vector<crypto::PrivateKey> keys_;
  std::vector<crypto::PrivateKey> log_keys_;
  std::vector<Validator> validators_;
};

TEST_P(CosigningTest, IsFinalWithMoreThanTwoThirdsOfThePowerAndNotBefore) {
  const std::string text = text_of(5);
  auto cosigning = Cosigning::of_own(note(text, {0}), validators_);
  ASSERT_TRUE(cosigning) << cosigning.error().message();
  EXPECT_FALSE(cosigning->is_final());
  EXPECT_TRUE(*cosigning->add(line(text, 1)));
  EXPECT_FALSE(cosigning->is_final()) << "two of four";
  EXPECT_TRUE(*cosigning->add(line(text, 2)));
  EXPECT_TRUE(cosigning->is_final()) << "three of four";
  const auto gathered = merkle::parse_note(cosigning->note());
  ASSERT_TRUE(gathered);
  EXPECT_EQ(gathered->signatures.size(), 3U);
}

TEST_P(CosigningTest, ExactlyTwoThirdsIsNotMore) {
  validators_.resize(3);
  const std::string text = text_of(5);
  auto cosigning = Cosigning::of_own(note(text, {0, 1}), validators_);
  ASSERT_TRUE(cosigning);
  EXPECT_FALSE(cosigning->is_final());
}

TEST_P(CosigningTest, CountsPowerAndNotHeads) {
  validators_[3].power = 7;
  const std::string text = text_of(5);
  auto without = Cosigning::of_own(note(text, {0, 1, 2}), validators_);
  ASSERT_TRUE(without);
  EXPECT_FALSE(without->is_final()) << "3 of 10";
  auto with = Cosigning::of_own(note(text, {3}), validators_);
  ASSERT_TRUE(with);
  EXPECT_TRUE(with->is_final()) << "7 of 10";
}

TEST_P(CosigningTest, AValidatorCountsOnceAndALogKeyNotAtAll) {
  const std::string text = text_of(5);
  auto cosigning = Cosigning::of_own(note(text, {0}), validators_);
  ASSERT_TRUE(cosigning);
  EXPECT_TRUE(*cosigning->add(line(text, 1)));
  EXPECT_FALSE(*cosigning->add(line(text, 1)));
  EXPECT_FALSE(*cosigning->add(line(text, 0)));
  if (GetParam() != crypto::SignatureAlgorithm::kEd25519) {
    EXPECT_TRUE(*cosigning->add(line(text, 2, true)));
    EXPECT_TRUE(*cosigning->add(line(text, 3, true)));
  }
  EXPECT_FALSE(cosigning->is_final());
}

TEST_P(CosigningTest, RefusesStrangersAndSignaturesOfAnotherText) {
  const std::string text = text_of(5);
  auto cosigning = Cosigning::of_own(note(text, {0}), validators_);
  ASSERT_TRUE(cosigning);
  const auto stranger = crypto::PrivateKey::generate(GetParam(), random_);
  const auto by_stranger = cosigning->add(*merkle::sign_note(text, "net/1", *stranger));
  ASSERT_FALSE(by_stranger);
  EXPECT_EQ(by_stranger.error().reason, Reason::kProofUntrusted);
  auto elsewhere = line(text, 1);
  elsewhere.name = "net/2";
  EXPECT_FALSE(cosigning->add(elsewhere));
  const auto other_text = cosigning->add(line(text_of(5, 1), 1));
  ASSERT_FALSE(other_text);
  EXPECT_EQ(other_text.error().reason, Reason::kProofInvalid);
  auto damaged = line(text, 1);
  damaged.signature[3] ^= 1;
  EXPECT_FALSE(cosigning->add(damaged));
  EXPECT_FALSE(cosigning->is_final());
}

TEST_P(CosigningTest, TwoCheckpointsOfOneHeightConvictWhoSignedTheOther) {
  const std::string ours = note(text_of(9, 0), {0, 1});
  const auto found = find_conflict(ours, note(text_of(9, 1), {3, 2}), validators_);
  ASSERT_TRUE(found) << found.error().message();
  ASSERT_TRUE(found->has_value());
  EXPECT_EQ((*found)->height, 9U);
  EXPECT_EQ((*found)->validators, (std::vector<std::string>{"net/2", "net/3"}));
  const Json json = (*found)->to_json(1);
  EXPECT_EQ(json.at("ours"), ours);
}

TEST_P(CosigningTest, NobodyIsConvictedByAnotherHeightAForgedLineOrTheSameText) {
  const std::string ours = note(text_of(9), {0});
  const auto none = [&](const std::string& theirs) {
    const auto found = find_conflict(ours, theirs, validators_);
    return found && !found->has_value();
  };
  EXPECT_TRUE(none(note(text_of(9), {1}))) << "the same text";
  EXPECT_TRUE(none(note(text_of(10, 1), {1}))) << "another height";
  merkle::SignedNote forged{text_of(9, 1), {line(text_of(9, 2), 1)}};
  EXPECT_TRUE(none(merkle::encode_note(forged))) << "a line of a third text";
  merkle::SignedNote by_log_key{text_of(9, 1), {line(text_of(9, 1), 1, true)}};
  if (GetParam() != crypto::SignatureAlgorithm::kEd25519) {
    EXPECT_TRUE(none(merkle::encode_note(by_log_key))) << "the log key alone does not vote";
  }
  EXPECT_FALSE(find_conflict(ours, "no note", validators_));
}

INSTANTIATE_TEST_SUITE_P(BothSuites, CosigningTest,
                         testing::Values(crypto::SignatureAlgorithm::kSm2Sm3, crypto::SignatureAlgorithm::kEd25519));

}  // namespace
}  // namespace chancery::ledger
