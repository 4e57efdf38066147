// The official JSON Schema test suite, draft 2020-12.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "packs/forms/json_schema.h"

namespace chancery::packs {
namespace {

namespace fs = std::filesystem;

const fs::path kSuite = std::string(CHANCERY_SOURCE_DIR) + "/../shared/data/json-schema-2020-12";

Json read_json(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  // Outside our limits on purpose: the suite has integers beyond 64 bits, which our strict reader refuses.
  return Json::parse(text);
}

const SchemaRegistry& remotes() {
  static const SchemaRegistry registry = [] {
    SchemaRegistry out;
    for (const auto& entry : fs::recursive_directory_iterator(kSuite / "remotes")) {
      if (!entry.is_regular_file()) continue;
      const std::string path = fs::relative(entry.path(), kSuite / "remotes").generic_string();
      out["http://localhost:1234/" + path] = std::make_shared<const Json>(read_json(entry.path()));
    }
    return out;
  }();
  return registry;
}

struct Tally {
  int passed = 0;
  int failed = 0;
  int known_differences = 0;
};

/// Runs one file; `differences` are the descriptions ("group: test") on which we differ and say why.
void run_file(const fs::path& path, SchemaOptions options, const std::set<std::string>& differences, Tally& tally) {
  for (const Json& group : read_json(path)) {
    const Result<Schema> schema = Schema::compile(group["schema"], remotes(), options);
    for (const Json& test : group["tests"]) {
      const std::string name = group["description"].get<std::string>() + ": " + test["description"].get<std::string>();
      bool agrees = false;
      if (schema) {
        const auto failures = schema->validate(test["data"]);
        agrees = failures && failures->empty() == test["valid"].get<bool>();
      }
      if (differences.contains(name) || differences.contains(group["description"].get<std::string>())) {
        EXPECT_FALSE(agrees) << path.filename() << ": no longer a difference: " << name;
        ++tally.known_differences;
        continue;
      }
      ++(agrees ? tally.passed : tally.failed);
      EXPECT_TRUE(agrees) << path.filename() << ": " << name << (schema ? "" : " | " + schema.error().message());
    }
  }
}

TEST(JsonSchemaSuite, PassesEveryRequiredTest) {
  if (!fs::exists(kSuite)) GTEST_SKIP() << "skipped: no " << kSuite;
  Tally tally;
  for (const auto& entry : fs::directory_iterator(kSuite / "tests")) {
    if (entry.is_regular_file()) run_file(entry.path(), {}, {}, tally);
  }
  EXPECT_GE(tally.passed, 1200);
  std::printf("required: %d passed, %d failed\n", tally.passed, tally.failed);
}

TEST(JsonSchemaSuite, PassesTheFormatsThatItAsserts) {
  if (!fs::exists(kSuite)) GTEST_SKIP() << "skipped: no " << kSuite;
  Tally tally;
  for (const char* format : {"date", "date-time", "time", "email", "uri", "uri-reference", "uuid", "regex",
                             "ecmascript-regex", "ipv4", "ipv6", "json-pointer", "unknown"}) {
    run_file(kSuite / "tests/optional/format" / (std::string(format) + ".json"), {.assert_formats = true}, {}, tally);
  }
  std::printf("formats: %d passed, %d failed\n", tally.passed, tally.failed);
}

TEST(JsonSchemaSuite, PassesOptionalTests) {
  if (!fs::exists(kSuite)) GTEST_SKIP() << "skipped: no " << kSuite;
  Tally tally;
  for (const char* file : {"anchor", "bignum", "dynamicRef", "ecmascript-regex", "float-overflow", "format-assertion",
                           "id", "no-schema", "non-bmp-regex", "refOfUnknownKeyword", "unknownKeyword"}) {
    run_file(kSuite / "tests/optional" / (std::string(file) + ".json"), {}, {}, tally);
  }
  std::printf("optional: %d passed, %d failed\n", tally.passed, tally.failed);
}

}  // namespace
}  // namespace chancery::packs
