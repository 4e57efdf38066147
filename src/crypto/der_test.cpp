#include "crypto/der.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "crypto/signature.h"

namespace chancery::crypto {
namespace {

Bytes hex(std::string_view text) {
  return from_hex(text).value();
}

TEST(Der, ReadsWhatItWrites) {
  const Bytes written = der::sequence({der::integer(0), der::integer(300), der::octet_string(as_bytes("abc")),
                                       der::object_identifier("1.2.156.10197.1.301"), der::boolean(true), der::null(),
                                       der::bit_string(Bytes(200, 7))});
  DerReader outside(written);
  DerReader body = outside.enter(der::kSequence).value();
  EXPECT_TRUE(outside.end());
  EXPECT_EQ(body.small_integer().value(), 0);
  EXPECT_EQ(body.small_integer().value(), 300);
  EXPECT_EQ(as_text(body.expect(der::kOctetString).value()), "abc");
  EXPECT_EQ(body.object_identifier().value(), "1.2.156.10197.1.301");
  EXPECT_TRUE(body.boolean().value());
  EXPECT_TRUE(body.null());
  EXPECT_EQ(body.bit_string().value().size(), 200U);
  EXPECT_TRUE(body.end());
}

TEST(Der, WritesObjectIdentifiersAsX690Does) {
  EXPECT_EQ(to_hex(der::object_identifier("1.2.840.10045.2.1")), "06072a8648ce3d0201");
  EXPECT_EQ(to_hex(der::object_identifier("2.999.3")), "0603883703");
  const Bytes big = hex("0603883703");
  EXPECT_EQ(DerReader(big).object_identifier().value(), "2.999.3");
}

TEST(Der, RefusesLaxForms) {
  for (const char* text : {"", "30", "3001", "3080", "30800000", "308100", "30817f", "3082000100", "3085000000000100",
                           "3084ffffffff", "1f0100", "0000", "3002020"}) {
    const auto bytes = from_hex(text);
    if (!bytes) continue;
    DerReader reader(*bytes);
    EXPECT_FALSE(reader.next()) << text;
  }
}

TEST(Der, RefusesLaxIntegers) {
  for (const char* text : {"0200", "0280", "020180", "02020001", "0202007f"}) {
    const Bytes bytes = hex(text);
    EXPECT_FALSE(DerReader(bytes).unsigned_integer()) << text;
  }
  const Bytes good = hex("02020080");
  EXPECT_EQ(to_hex(DerReader(good).unsigned_integer().value()), "80");
  const Bytes big = hex("0209008000000000000000");
  EXPECT_FALSE(DerReader(big).small_integer());
}

TEST(Der, RefusesOtherLaxValues) {
  EXPECT_FALSE(DerReader(hex("010101")).boolean());
  EXPECT_FALSE(DerReader(hex("050100")).null());
  EXPECT_FALSE(DerReader(hex("03020780")).bit_string());
  EXPECT_FALSE(DerReader(hex("0300")).bit_string());
  EXPECT_FALSE(DerReader(hex("06028001")).object_identifier());
  EXPECT_FALSE(DerReader(hex("060188")).object_identifier());
  EXPECT_FALSE(DerReader(hex("060bffffffffffffffffffff7f")).object_identifier());
}

TEST(Der, SortsSets) {
  EXPECT_EQ(to_hex(der::set_of({der::integer(5), der::integer(2)})), "3106020102020105");
}

TEST(Der, NeverReadsBeyondItsBytes) {
  SeededRandom random(31);
  for (int round = 0; round < 20000; ++round) {
    const Bytes noise = random.bytes(random.below(40));
    DerReader reader(noise);
    while (!reader.at_end()) {
      const auto element = reader.next();
      if (!element) break;
      DerReader inside(element->content);
      static_cast<void>(inside.object_identifier());
    }
    static_cast<void>(der_to_p1363(noise));
  }
}

TEST(SignatureDer, RoundTrips) {
  SeededRandom random(32);
  for (int round = 0; round < 200; ++round) {
    Signature signature{};
    random.fill(std::span(signature).subspan(random.below(30)));
    EXPECT_EQ(der_to_p1363(p1363_to_der(signature)).value(), signature);
  }
}

}  // namespace
}  // namespace chancery::crypto
