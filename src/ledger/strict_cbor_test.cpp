#include "ledger/strict_cbor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/receipt.h"

namespace chancery::ledger {
namespace {

TEST(StrictCbor, ReadsWhatNlohmannWrites) {
  const Json value = {{"text", "马尾"}, {"numbers", {1, -2, 3.5}}, {"nothing", nullptr}};
  const auto read = parse_strict_cbor(Json::to_cbor(value), 4);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, value);
}

TEST(StrictCbor, RefusesTextThatIsNotUtf8) {
  // Found by fuzzing: such a receipt was parsed, and ended the program when it was written as JSON.
  EXPECT_FALSE(parse_strict_cbor(Bytes{0x61, 0xAE}, 4).has_value());
  EXPECT_FALSE(parse_strict_cbor(Bytes{0xA1, 0x61, 0xAE, 0x01}, 4).has_value());
}

TEST(StrictCbor, RefusesDeepNestingInsteadOfOverflowingTheStack) {
  Bytes deep(kReceiptLimitBytes, 0x81);
  EXPECT_FALSE(parse_strict_cbor(deep, 8).has_value());
  EXPECT_FALSE(Receipt::parse_cbor(deep).has_value());
  EXPECT_TRUE(parse_strict_cbor(Bytes{0x81, 0x81, 0x01}, 2).has_value());
  EXPECT_FALSE(parse_strict_cbor(Bytes{0x81, 0x81, 0x81, 0x01}, 2).has_value());
}

TEST(StrictCbor, RefusesTagsByteStringsAndTrailingBytes) {
  EXPECT_FALSE(parse_strict_cbor(Bytes{0xC1, 0x01}, 4).has_value());
  EXPECT_FALSE(parse_strict_cbor(Bytes{0x41, 0x01}, 4).has_value());
  EXPECT_FALSE(parse_strict_cbor(Bytes{0x01, 0x01}, 4).has_value());
  EXPECT_FALSE(parse_strict_cbor(Bytes{}, 4).has_value());
}

TEST(StrictCbor, BelievesNoStatedLength) {
  // An array of 2^61 elements and a text of 2^62 bytes, neither of which is there.
  EXPECT_FALSE(parse_strict_cbor(Bytes{0x9B, 0x20, 0, 0, 0, 0, 0, 0, 0, 0x01}, 4).has_value());
  EXPECT_FALSE(parse_strict_cbor(Bytes{0x7B, 0x40, 0, 0, 0, 0, 0, 0, 0, 0x61}, 4).has_value());
}

}  // namespace
}  // namespace chancery::ledger
