#include "base/json_reader.h"

#include <gtest/gtest.h>

namespace chancery {
namespace {

template <class T>
std::string detail_of(const Result<T>& result) {
  return result ? "accepted" : result.error().detail;
}

TEST(JsonReader, ReadsEachType) {
  const Json json =
      parse_json(R"({"s":"名字","i":-5,"u":7,"b":true,"h":"00ff","o":{"x":[{"y":1}]},"l":["a","b"]})").value();
  JsonReader r(json);
  EXPECT_EQ(r.required_string("s", 2).value(), "名字");
  EXPECT_EQ(r.required_integer("i", -5, 5).value(), -5);
  EXPECT_EQ(r.required_unsigned("u").value(), 7U);
  EXPECT_TRUE(r.required_bool("b").value());
  EXPECT_EQ(r.required_hex("h", 2).value(), (Bytes{0x00, 0xff}));
  JsonReader o = r.required_object("o").value();
  std::vector<JsonReader> x = o.required_objects("x", 1).value();
  EXPECT_EQ(x[0].required_integer("y", 0, 1).value(), 1);
  EXPECT_EQ(r.required_strings("l", 2, 1).value(), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(r.refuse_unknown_members());
  EXPECT_FALSE(r.optional_string("absent", 1).value().has_value());
}

TEST(JsonReader, NamesTheFailingMember) {
  const Json json = parse_json(R"({"o":{"x":[{"y/z":1.5}]},"n":null,"big":18446744073709551615})").value();
  JsonReader r(json);
  EXPECT_EQ(detail_of(r.required_string("s", 2)), "/s: is required");
  EXPECT_EQ(detail_of(r.optional_string("n", 2)), "/n: must be a string");
  EXPECT_EQ(detail_of(r.required_integer("big", 0, 9)), "/big: must be from 0 to 9");
  JsonReader o = r.required_object("o").value();
  std::vector<JsonReader> x = o.required_objects("x", 1).value();
  EXPECT_EQ(detail_of(x[0].required_integer("y/z", 0, 9)), "/o/x/0/y~1z: must be an integer");
  EXPECT_EQ(detail_of(o.required_objects("x", 0)), "/o/x: has 1 items, the limit is 0");
}

TEST(JsonReader, RefusesUnknownMembers) {
  const Json json = parse_json(R"({"a":1,"extra":2})").value();
  JsonReader r(json);
  EXPECT_TRUE(r.required_unsigned("a"));
  EXPECT_EQ(detail_of(r.refuse_unknown_members()), "/extra: is not a known member");
}

TEST(JsonReader, CountsCodePointsNotBytes) {
  const Json json = parse_json(R"({"s":"𠮷野家"})").value();
  JsonReader r(json);
  EXPECT_TRUE(r.required_string("s", 3));
  EXPECT_EQ(detail_of(r.required_string("s", 2)), "/s: has 3 characters, the limit is 2");
  EXPECT_EQ(detail_of(r.required_string("s", 9, 4)), "/s: has 3 characters, at least 4 are required");
}

TEST(JsonReader, RefusesNegativeWhereUnsignedIsAsked) {
  const Json json = parse_json(R"({"n":-1})").value();
  JsonReader r(json);
  EXPECT_EQ(detail_of(r.required_unsigned("n", 10)), "/n: must be from 0 to 10");
}

TEST(JsonReader, RefusesWhatIsNotAnObject) {
  const Json json = Json::array();
  JsonReader r(json);
  EXPECT_EQ(detail_of(r.required_string("s", 2)), "the value must be an object");
  EXPECT_FALSE(r.refuse_unknown_members());
}

}  // namespace
}  // namespace chancery
