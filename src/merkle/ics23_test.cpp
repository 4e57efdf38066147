#include "merkle/ics23.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "ics23.pb.h"
#include "merkle/reference_tree.h"

namespace chancery::merkle {
namespace {

using crypto::HashAlgorithm;

/// A tree over real keys and values.
class Records {
 public:
  Records(HashAlgorithm algorithm, int count) : algorithm_(algorithm), tree_(algorithm) {
    std::vector<StateTree::Change> changes;
    for (int i = 0; i < count; ++i) {
      const Bytes key = to_bytes("record/" + std::to_string(i));
      const Bytes value = to_bytes("value of " + std::to_string(i));
      const Digest key_hash = crypto::hash(algorithm, key);
      by_hash_[key_hash] = {key, value};
      changes.push_back({key_hash, crypto::hash(algorithm, value)});
    }
    std::ranges::sort(changes, {}, &StateTree::Change::key_hash);
    root_ = tree_.apply(1, changes);
  }

  const Digest& root() const { return root_; }
  const std::map<Digest, std::pair<Bytes, Bytes>>& all() const { return by_hash_; }

  Bytes existence(const Digest& key_hash) const {
    const auto& [key, value] = by_hash_.at(key_hash);
    return *make_existence(algorithm_, key, value, *tree_.path(1, key_hash));
  }
  std::optional<Neighbour> neighbour(const std::optional<Path>& path) const {
    if (!path) return std::nullopt;
    const auto& [key, value] = by_hash_.at(path->key_hash);
    return Neighbour{.key = key, .value = value, .path = *path};
  }
  Bytes non_existence(BytesView key) const {
    const auto found = tree_.neighbours(1, crypto::hash(algorithm_, key));
    return *make_non_existence(algorithm_, key, neighbour(found->left), neighbour(found->right));
  }
  const StateTree& tree() const { return tree_; }

 private:
  HashAlgorithm algorithm_;
  StateTree tree_;
  Digest root_;
  std::map<Digest, std::pair<Bytes, Bytes>> by_hash_;
};

class Ics23Test : public ::testing::TestWithParam<HashAlgorithm> {};
INSTANTIATE_TEST_SUITE_P(BothHashes, Ics23Test, ::testing::Values(HashAlgorithm::kSha256, HashAlgorithm::kSm3),
                         [](const auto& test) { return std::string(crypto::to_string(test.param)); });

TEST_P(Ics23Test, EveryRecordIsProvenAndEveryOtherKeyIsProvenAbsent) {
  for (const int count : {1, 2, 3, 10, 200}) {
    const Records records(GetParam(), count);
    for (const auto& [key_hash, record] : records.all()) {
      const auto& [key, value] = record;
      const Bytes proof = records.existence(key_hash);
      ASSERT_TRUE(verify_existence(GetParam(), proof, records.root(), key, value));
      ASSERT_FALSE(verify_existence(GetParam(), proof, records.root(), key, to_bytes("another value")));
      ASSERT_FALSE(verify_existence(GetParam(), proof, records.root(), to_bytes("another key"), value));
      ASSERT_FALSE(verify_existence(GetParam(), proof, Digest{}, key, value));
      ASSERT_FALSE(verify_non_existence(GetParam(), proof, records.root(), key));
    }
    for (int i = 0; i < 200; ++i) {
      const Bytes key = to_bytes("absent/" + std::to_string(i));
      const Bytes proof = records.non_existence(key);
      ASSERT_TRUE(verify_non_existence(GetParam(), proof, records.root(), key));
      ASSERT_FALSE(verify_non_existence(GetParam(), proof, records.root(), to_bytes("another key")));
      ASSERT_FALSE(verify_non_existence(GetParam(), proof, Digest{}, key));
    }
  }
}

TEST_P(Ics23Test, AnEmptyTreeProvesEveryKeyAbsentUnderTheZeroRootOnly) {
  const Records records(GetParam(), 0);
  const Bytes key = to_bytes("any");
  const Bytes proof = records.non_existence(key);
  EXPECT_TRUE(verify_non_existence(GetParam(), proof, Digest{}, key));
  EXPECT_FALSE(verify_non_existence(GetParam(), proof, Records(GetParam(), 1).root(), key));
}

TEST_P(Ics23Test, ARecordCannotBeProvenAbsentByItsNeighboursOrByDistantRecords) {
  const Records records(GetParam(), 60);
  const auto at = [&](std::size_t i) { return std::next(records.all().begin(), static_cast<std::ptrdiff_t>(i)); };
  const auto neighbour_at = [&](std::size_t i) { return records.neighbour(*records.tree().path(1, at(i)->first)); };
  for (std::size_t i = 1; i + 1 < 60; ++i) {
    const Bytes& key = at(i)->second.first;
    const auto forged = [&](const std::optional<Neighbour>& left, const std::optional<Neighbour>& right) {
      const Bytes proof = *make_non_existence(GetParam(), key, left, right);
      return verify_non_existence(GetParam(), proof, records.root(), key).has_value();
    };
    EXPECT_FALSE(forged(neighbour_at(i - 1), neighbour_at(i + 1)));
    EXPECT_FALSE(forged(neighbour_at(i - 1), std::nullopt));
    EXPECT_FALSE(forged(std::nullopt, neighbour_at(i + 1)));
    EXPECT_FALSE(forged(neighbour_at(0), neighbour_at(59)));
    EXPECT_FALSE(forged(neighbour_at(i), neighbour_at(i + 1)));
    EXPECT_FALSE(forged(neighbour_at(i - 1), neighbour_at(i)));
    EXPECT_FALSE(forged(std::nullopt, std::nullopt));
  }
}

TEST_P(Ics23Test, EveryFlippedBitAndEveryTruncationIsRefused) {
  const Records records(GetParam(), 40);
  const auto& [key_hash, record] = *std::next(records.all().begin(), 7);
  const Bytes existence = records.existence(key_hash);
  const Bytes absent_key = to_bytes("absent");
  const Bytes absence = records.non_existence(absent_key);
  const auto refused = [&](BytesView proof) {
    return !verify_existence(GetParam(), proof, records.root(), record.first, record.second) &&
           !verify_non_existence(GetParam(), proof, records.root(), absent_key);
  };
  for (const Bytes& good : {existence, absence}) {
    ASSERT_FALSE(refused(good));
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
      Bytes bad = good;
      bad[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
      ASSERT_TRUE(refused(bad)) << "bit " << bit;
    }
    for (std::size_t size = 0; size < good.size(); ++size) ASSERT_TRUE(refused(BytesView(good).first(size)));
    Bytes longer = good;
    for (const std::uint8_t more : Bytes{0x00, 0x0a, 0x1a}) {
      longer.push_back(more);
      ASSERT_TRUE(refused(longer));
      longer.push_back(0);
      ASSERT_TRUE(refused(longer));
      longer.resize(good.size());
    }
  }
}

TEST_P(Ics23Test, AProofOfTheOtherHashIsRefused) {
  const auto other = GetParam() == HashAlgorithm::kSm3 ? HashAlgorithm::kSha256 : HashAlgorithm::kSm3;
  const Records records(GetParam(), 5);
  const auto& [key_hash, record] = *records.all().begin();
  const Bytes proof = records.existence(key_hash);
  EXPECT_FALSE(verify_existence(other, proof, records.root(), record.first, record.second));
}

TEST_P(Ics23Test, TheBytesAreTheCanonicalProtobufOfTheDescription) {
  const Records records(GetParam(), 40);
  const auto& [key_hash, record] = *records.all().begin();
  const std::uint32_t hash_op = GetParam() == HashAlgorithm::kSm3 ? kSm3HashOp : kSha256HashOp;
  for (const Bytes& proof : {records.existence(key_hash), records.non_existence(to_bytes("absent"))}) {
    cosmos::ics23::v1::CommitmentProof message;
    ASSERT_TRUE(message.ParseFromArray(proof.data(), static_cast<int>(proof.size())));
    EXPECT_EQ(message.SerializeAsString(), as_text(proof));
    const auto& existence = message.has_exist() ? message.exist() : message.nonexist().left();
    EXPECT_EQ(existence.leaf().hash(), static_cast<int>(hash_op));
    EXPECT_EQ(existence.leaf().prefix(), std::string(1, '\0'));
    EXPECT_EQ(existence.path(0).hash(), static_cast<int>(hash_op));
  }
}

TEST_P(Ics23Test, UnknownFieldsOtherOrdersAndLooseLengthsAreRefused) {
  const Records records(GetParam(), 5);
  const auto& [key_hash, record] = *records.all().begin();
  cosmos::ics23::v1::CommitmentProof message;
  const Bytes proof = records.existence(key_hash);
  ASSERT_TRUE(message.ParseFromArray(proof.data(), static_cast<int>(proof.size())));
  const auto accepted = [&](const std::string& bytes) {
    return verify_existence(GetParam(), as_bytes(bytes), records.root(), record.first, record.second).has_value();
  };
  EXPECT_TRUE(accepted(message.SerializeAsString()));
  std::string inner = message.exist().SerializeAsString();
  const auto wrap = [](const std::string& body, int length_bytes) {
    std::string out = "\x0a";
    std::size_t size = body.size();
    for (int i = 1; i < length_bytes; ++i, size >>= 7) out += static_cast<char>((size & 0x7f) | 0x80);
    return out + static_cast<char>(size) + body;
  };
  const int shortest = inner.size() < 128 ? 1 : 2;
  EXPECT_TRUE(accepted(wrap(inner, shortest)));
  EXPECT_FALSE(accepted(wrap(inner, shortest + 1)));
  EXPECT_FALSE(accepted(wrap(inner + std::string("\x28\x01"), inner.size() + 2 < 128 ? 1 : 2)));  // Field 5.
  auto twice = message.exist();
  EXPECT_FALSE(accepted(wrap(inner + twice.SerializeAsString(), 2)));  // Protobuf would merge the two.
  message.mutable_exist()->mutable_leaf()->mutable_prefix()->append("x");
  EXPECT_FALSE(accepted(message.SerializeAsString()));
}

TEST_P(Ics23Test, LimitsComeBeforeDecoding) {
  const Bytes huge(kMaxProofBytes + 1);
  EXPECT_EQ(verify_existence(GetParam(), huge, Digest{}, {}, {}).error().reason, Reason::kTooLarge);
  EXPECT_EQ(verify_non_existence(GetParam(), huge, Digest{}, {}).error().reason, Reason::kTooLarge);
}

TEST_P(Ics23Test, ARecordThatIsNotWhatTheTreeHoldsIsNeverProven) {
  const Records records(GetParam(), 5);
  const auto& [key_hash, record] = *records.all().begin();
  const auto path = *records.tree().path(1, key_hash);
  EXPECT_EQ(make_existence(GetParam(), record.first, to_bytes("flipped"), path).error().reason, Reason::kCorrupt);
  EXPECT_EQ(make_existence(GetParam(), to_bytes("other"), record.second, path).error().reason, Reason::kCorrupt);
  EXPECT_EQ(make_existence(GetParam(), record.first, {}, path).error().reason, Reason::kInvalidValue);
}

}  // namespace
}  // namespace chancery::merkle
