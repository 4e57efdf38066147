#include "packs/forms/json_schema.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "packs/forms/metaschemas.h"

namespace chancery::packs {
namespace {

Schema compile(std::string_view text, SchemaOptions options = {}) {
  Result<Schema> schema = Schema::compile(parse_json(text).value(), {}, options);
  EXPECT_TRUE(schema) << schema.error().message();
  return *std::move(schema);
}

std::vector<SchemaFailure> failures(const Schema& schema, std::string_view instance) {
  return schema.validate(parse_json(instance).value()).value();
}

Error compile_error(std::string_view text) {
  const Result<Schema> schema = Schema::compile(parse_json(text).value());
  EXPECT_FALSE(schema) << text;
  return schema ? Error{} : schema.error();
}

TEST(JsonSchema, NamesWhatIsWrongInBothLanguages) {
  const Schema schema = compile(R"({"properties":{"holder":{"type":"object","required":["name"],
      "properties":{"name":{"type":"string","maxLength":3},"age":{"type":["integer","null"],"minimum":0}},
      "additionalProperties":false}}})");
  const std::vector<SchemaFailure> found = failures(schema, R"({"holder":{"name":"诸葛孔明","age":-1,"x/y":1}})");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].instance_pointer, "/holder/age");
  EXPECT_EQ(found[0].schema_pointer, "/properties/holder/properties/age/minimum");
  EXPECT_EQ(found[0].keyword, "minimum");
  EXPECT_EQ(found[1].message_en, "has 4 characters, at most 3 are permitted");
  EXPECT_EQ(found[1].message_zh, "有 4 个字符，至多可有 3 个字符");
  EXPECT_EQ(found[2].instance_pointer, "/holder");
  EXPECT_EQ(found[2].keyword, "additionalProperties");
  const Error error = schema_mismatch(failures(schema, R"({"holder":{"age":"x"}})"));
  EXPECT_EQ(error.reason, Reason::kSchemaMismatch);
  EXPECT_EQ(error.detail, "/holder: lacks the member \"name\"\n/holder/age: must be of type integer or null");
  EXPECT_EQ(error.detail_zh, "/holder：缺少“name”\n/holder/age：类型须为整数或空值");
}

TEST(JsonSchema, NeverRepeatsTheValuesOfAnInstance) {
  const Schema schema = compile(R"({"properties":{"id":{"pattern":"^x","format":"cn-citizen-id","const":1,"maxLength":1,
      "enum":["y"],"type":"null"}}})",
                                {.assert_formats = true});
  const std::vector<SchemaFailure> found = failures(schema, R"({"id":"110105194912310021"})");
  EXPECT_EQ(found.size(), 6U);
  for (const SchemaFailure& failure : found) {
    EXPECT_EQ((failure.message_en + failure.message_zh).find("110105"), std::string::npos) << failure.keyword;
  }
}

TEST(JsonSchema, AssertsOurFormatsWhenAsked) {
  const std::string_view text = R"({"properties":{"id":{"format":"cn-citizen-id"},"org":{"format":"cn-uscc"},
      "place":{"format":"cn-division"},"certificate":{"format":"gbt-36904"}}})";
  const std::string_view good = R"({"id":"11010519491231002X","org":"11100000000013338W","place":"350105",
      "certificate":"1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.S"})";
  const std::string_view bad = R"({"id":"110105194912310021","org":"11100000000013339W","place":"350199",
      "certificate":"1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.T"})";
  EXPECT_EQ(failures(compile(text, {.assert_formats = true}), good).size(), 0U);
  EXPECT_EQ(failures(compile(text, {.assert_formats = true}), bad).size(), 4U);
  EXPECT_EQ(failures(compile(text), bad).size(), 0U);
}

TEST(JsonSchema, RefusesMalformedSchemas) {
  for (const char* text : {"5",
                           R"({"type":"strin"})",
                           R"({"type":[]})",
                           R"({"type":["null","null"]})",
                           R"({"minLength":-1})",
                           R"({"minLength":1.5})",
                           R"({"maximum":"1"})",
                           R"({"multipleOf":0})",
                           R"({"properties":[]})",
                           R"({"allOf":[]})",
                           R"({"anyOf":{}})",
                           R"({"items":[{}]})",
                           R"({"required":["a","a"]})",
                           R"({"pattern":"("})",
                           R"({"pattern":1})",
                           R"({"patternProperties":{"[":{}}})",
                           R"({"$ref":"#/nowhere"})",
                           R"({"$ref":"other.json"})",
                           R"({"$ref":"#%zz"})",
                           R"({"$ref":7})",
                           R"({"$id":"a#b"})",
                           R"({"$anchor":"1"})",
                           R"({"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}})",
                           R"({"uniqueItems":1})",
                           R"({"$defs":{"a":{"$id":"x"},"b":{"$id":"x"}}})",
                           R"({"format":1,"enum":1})",
                           R"({"$dynamicRef":"#none"})"}) {
    EXPECT_EQ(compile_error(text).reason, Reason::kMalformed) << text;
  }
  EXPECT_EQ(compile_error(R"({"properties":{"a/b":{"maxItems":"x"}}})").detail,
            "schema at \"/properties/a~1b/maxItems\": must be a non-negative integer");
}

TEST(JsonSchema, RefusesOtherDialects) {
  EXPECT_EQ(compile_error(R"({"$schema":"http://json-schema.org/draft-07/schema#"})").reason, Reason::kUnsupported);
  EXPECT_TRUE(Schema::compile(parse_json(R"({"$schema":"https://json-schema.org/draft/2020-12/schema"})").value()));
}

TEST(JsonSchema, RefusesARequiredVocabularyThatItDoesNotKnow) {
  const SchemaRegistry registry = {
      {"https://example.org/meta",
       std::make_shared<const Json>(parse_json(R"({"$vocabulary":{"https://example.org/vocab":true}})").value())}};
  const Result<Schema> schema =
      Schema::compile(parse_json(R"({"$schema":"https://example.org/meta"})").value(), registry);
  ASSERT_FALSE(schema);
  EXPECT_EQ(schema.error().reason, Reason::kUnsupported);
}

TEST(JsonSchema, KnowsItsMetaschemas) {
  const Schema meta = compile(R"({"$ref":"https://json-schema.org/draft/2020-12/schema"})");
  EXPECT_EQ(failures(meta, R"({"properties":{"a":{"minLength":1}}})").size(), 0U);
  EXPECT_NE(failures(meta, R"({"properties":{"a":{"minLength":-1}}})").size(), 0U);
  for (const Metaschema& each : metaschemas()) EXPECT_EQ(failures(meta, each.text).size(), 0U) << each.uri;
}

TEST(JsonSchema, OutlivesTheRegistry) {
  Result<Schema> schema = [] {
    const SchemaRegistry registry = {
        {"https://example.org/a", std::make_shared<const Json>(parse_json(R"({"minimum":3})").value())}};
    return Schema::compile(parse_json(R"({"$ref":"https://example.org/a"})").value(), registry);
  }();
  ASSERT_TRUE(schema);
  const Schema copy = *schema;
  EXPECT_EQ(failures(copy, "2").size(), 1U);
  EXPECT_EQ(failures(copy, "2")[0].schema_pointer, "https://example.org/a#/minimum");
}

// Hostile schemas and instances: bounded work, a clear refusal.
Reason refusal(const Schema& schema, const Json& instance) {
  const auto result = schema.validate(instance);
  EXPECT_FALSE(result);
  return result ? Reason::kInternal : result.error().reason;
}

TEST(JsonSchema, StopsAtEndlessReferences) {
  EXPECT_EQ(refusal(compile(R"({"$ref":"#"})"), 1), Reason::kTooLarge);
  EXPECT_EQ(refusal(compile(R"({"not":{"$ref":"#"}})"), 1), Reason::kTooLarge);
}

TEST(JsonSchema, StopsAtExponentialWork) {
  for (const char* keyword : {"allOf", "anyOf", "oneOf"}) {
    Json schema = {{"$defs", Json::object()}, {"$ref", "#/$defs/a0"}};
    for (int i = 0; i < 40; ++i) {
      const Json next = {{"$ref", fmt::format("#/$defs/a{}", i + 1)}};
      schema["$defs"][fmt::format("a{}", i)] = {{keyword, Json::array({next, next})}};
    }
    schema["$defs"]["a40"] = keyword == std::string_view("allOf") ? Json(true) : Json(false);
    EXPECT_EQ(refusal(Schema::compile(schema).value(), 1), Reason::kTooLarge) << keyword;
  }
}

TEST(JsonSchema, StopsAtLargeComparisonsRepeated) {
  Json schema = {{"allOf", Json::array()}};
  for (int i = 0; i < 5000; ++i) schema["allOf"].push_back({{"enum", {i}}, {"uniqueItems", true}});
  Json instance = Json::array();
  for (int i = 0; i < 20000; ++i) instance.push_back(i);
  EXPECT_EQ(refusal(Schema::compile(schema).value(), instance), Reason::kTooLarge);
}

TEST(JsonSchema, ListsAtMost100Failures) {
  Json instance = Json::array();
  for (int i = 0; i < 5000; ++i) instance.push_back(i);
  EXPECT_EQ(compile(R"({"items":{"type":"string"}})").validate(instance).value().size(), 100U);
}

TEST(JsonSchema, ChargesForWorkThatHidesInOneKeyword) {
  Json instance = Json::array();
  for (int i = 0; i < 20'000; ++i) instance.push_back(Json::object());
  Json dependent = Json::object();
  for (int i = 0; i < 5000; ++i) dependent[std::to_string(i)] = true;
  EXPECT_EQ(refusal(Schema::compile({{"items", {{"dependentSchemas", dependent}}}}).value(), instance),
            Reason::kTooLarge);
  Json numbers = Json::array();
  for (int i = 0; i < 200'000; ++i) numbers.push_back(1e300);
  EXPECT_EQ(refusal(Schema::compile({{"items", {{"multipleOf", 1.5e-300}}}}).value(), numbers), Reason::kTooLarge);
}

TEST(JsonSchema, CutsLongNamesInFailures) {
  Json instance = Json::object();
  const std::string name(100'000, 'x');
  for (int i = 0; i < 200; ++i) instance[name + std::to_string(i)] = {{name, 1}};
  const Schema schema = compile(R"({"additionalProperties":{"additionalProperties":false,"maxProperties":0}})");
  const std::vector<SchemaFailure> found = schema.validate(instance).value();
  ASSERT_EQ(found.size(), 100U);
  for (const SchemaFailure& failure : found) {
    EXPECT_LT(failure.instance_pointer.size() + failure.message_en.size() + failure.message_zh.size(), 3000U);
  }
}

TEST(JsonSchema, RefusesSchemasBeyondItsBounds) {
  EXPECT_EQ(Schema::compile({{"properties", {{std::string(5000, 'x'), true}}}}).error().reason, Reason::kTooLarge);
  Json deep = true;
  for (int i = 0; i < 130; ++i) deep = {{"not", deep}};
  EXPECT_EQ(Schema::compile(deep).error().reason, Reason::kTooLarge);
  Json wide = {{"anyOf", Json::array()}};
  for (int i = 0; i < 10001; ++i) wide["anyOf"].push_back(true);
  EXPECT_EQ(Schema::compile(wide).error().reason, Reason::kTooLarge);
}

TEST(JsonSchema, ValidatesDeepInstancesOfRecursiveSchemas) {
  const Schema schema = compile(R"({"type":["array","null"],"items":{"allOf":[{"$ref":"#"}]}})");
  EXPECT_EQ(failures(schema, std::string(60, '[') + "null" + std::string(60, ']')).size(), 0U);
  EXPECT_EQ(failures(schema, std::string(60, '[') + "1" + std::string(60, ']')).size(), 1U);
}

}  // namespace
}  // namespace chancery::packs
