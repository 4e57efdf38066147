#include "merkle/checkpoint.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace chancery::merkle {
namespace {

Checkpoint sample() {
  SeededRandom random(1);
  Checkpoint checkpoint{.origin = "ledger.example/residence",
                        .size = 1'234'567,
                        .root = {},
                        .height = 89,
                        .time_ms = 1'790'000'000'123,
                        .hash_algorithm = crypto::HashAlgorithm::kSm3,
                        .state_root = {},
                        .block_hash = {},
                        .validators_hash = {}};
  for (Digest* digest :
       {&checkpoint.root, &checkpoint.state_root, &checkpoint.block_hash, &checkpoint.validators_hash}) {
    random.fill(*digest);
  }
  return checkpoint;
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(CheckpointTest, ReadsBackWhatItWrites) {
  Checkpoint checkpoint = sample();
  EXPECT_EQ(parse_checkpoint(encode_checkpoint(checkpoint)), checkpoint);
  checkpoint.hash_algorithm = crypto::HashAlgorithm::kSha256;
  checkpoint.size = ~0ull;
  checkpoint.height = checkpoint.time_ms = 0;
  checkpoint.origin = "福州 马尾 +1";
  EXPECT_EQ(parse_checkpoint(encode_checkpoint(checkpoint)), checkpoint);
}

TEST(CheckpointTest, RefusesEveryOtherSpelling) {
  const std::string good = encode_checkpoint(sample());
  const std::pair<std::string, std::string> changes[] = {
      {"ledger.example/residence\n", "\n"},
      {"ledger.example/residence\n", ""},
      {"1234567", "01234567"},
      {"1234567", "+1234567"},
      {"1234567", ""},
      {"1234567", "18446744073709551616"},
      {"1234567\n", "1234567 \n"},
      {"1234567\n", "1234567\r\n"},
      {"=\n", "\n"},
      {"=\n", "==\n"},
      {"height 89", "height  89"},
      {"height 89", "height 089"},
      {"height 89", "Height 89"},
      {"height 89\n", ""},
      {"height 89\n", "height 89\nheight 89\n"},
      {"time 1790000000123", "time -1"},
      {"time 1790000000123", "time 9223372036854775808"},
      {"state sm3 ", "state sha256 "},
      {"block sm3 ", "block sm4 "},
      {"block sm3 ", "block "},
      {"validators sm3 ", "validators sm3 0"},
  };
  for (const auto& [from, to] : changes) {
    const auto parsed = parse_checkpoint(with(good, from, to));
    ASSERT_FALSE(parsed) << from << " to " << to;
    EXPECT_EQ(parsed.error().reason, Reason::kCheckpointInvalid);
  }
  EXPECT_FALSE(parse_checkpoint(good + "more\n"));
  EXPECT_FALSE(parse_checkpoint(good + "\n"));
  EXPECT_FALSE(parse_checkpoint(""));
  std::string upper = good;
  for (char& c : upper) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
  EXPECT_FALSE(parse_checkpoint(upper));
  for (std::size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(parse_checkpoint(good.substr(0, size)));
}

TEST(CheckpointTest, WhateverParsesIsTheOnlySpellingOfIt) {
  const std::string good = encode_checkpoint(sample());
  SeededRandom random(2);
  int parsed_count = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = good;
    text[random.below(text.size())] = static_cast<char>(random.below(128));
    if (random.below(3) == 0) text.erase(random.below(text.size()), 1);
    const auto parsed = parse_checkpoint(text);
    if (!parsed) continue;
    ++parsed_count;
    ASSERT_EQ(encode_checkpoint(*parsed), text);
  }
  EXPECT_GT(parsed_count, 1'000);
}

}  // namespace
}  // namespace chancery::merkle
