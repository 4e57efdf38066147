#include "base/log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/json.h"

namespace chancery {
namespace {

std::string line(LogFields fields) {
  return format_log_line(LogLevel::kInfo, "test.event", fields);
}

TEST(Log, WritesOneJsonObjectALine) {
  EXPECT_EQ(
      line({{"height", 12}, {"size", std::uint64_t{18446744073709551615U}}, {"ok", true}, {"text", "a\"b\n"}}),
      R"({"level":"info","event":"test.event","height":12,"size":18446744073709551615,"ok":true,"text":"a\"b\n"})");
}

TEST(Log, StaysJsonWhateverItIsGiven) {
  EXPECT_TRUE(parse_json(line({{"text", std::string_view("\xff\x00\x01", 3)}, {"nan", 0.0 / 0.0}, {"x", -1.5}})));
}

TEST(Log, CutsLongTexts) {
  EXPECT_LT(line({{"text", std::string(100000, 'x')}}).size(), 4300U);
}

TEST(Log, MasksPersonalFields) {
  for (const char* name : {"name", "id_number", "holder_phone", "address", "email", "session_token"}) {
    EXPECT_EQ(line({{name, "secret value"}}).find("secret value"), std::string::npos) << name;
  }
  EXPECT_EQ(line({{"mobile", 13800000000LL}}).find("138"), std::string::npos);
  EXPECT_NE(line({{"contract_name", "credential"}}).find("credential"), std::string::npos);
}

TEST(Log, MasksCitizenAndMobileNumbersInsideTexts) {
  EXPECT_EQ(redact_text("持证人11010519491231002X已签收"), "持证人***已签收");
  EXPECT_EQ(redact_text("a 110105194912310021, b"), "a ***, b");
  EXPECT_EQ(redact_text("99110105194912310021"), "99***");
  EXPECT_EQ(redact_text("call 13800138000!"), "call ***!");
  EXPECT_EQ(redact_text("+8613800138000"), "+86***");
}

TEST(Log, LeavesOtherNumbersAlone) {
  for (const char* text : {"1777777777123", "12345678901", "height 100000000000000000", "2026-05-01T08:00:00Z"}) {
    EXPECT_EQ(redact_text(text), text);
  }
}

TEST(Log, CarriesTheTraceIdOfTheScope) {
  const TraceScope outer("t1");
  {
    const TraceScope inner("t2");
    EXPECT_EQ(line({}), R"({"level":"info","event":"test.event","trace_id":"t2"})");
  }
  EXPECT_EQ(current_trace_id(), "t1");
}

TEST(Log, WritesToAFileFromItsLevelOn) {
  const std::string path = std::filesystem::temp_directory_path() / ("chancery_log_" + std::to_string(::getpid()));
  ASSERT_TRUE(open_log({.level = LogLevel::kWarn, .path = path}));
  log_info("not.written");
  log_error("disk.full", Error{Reason::kReadOnly, "2 MB left", ""});
  ASSERT_TRUE(open_log({}));
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::filesystem::remove(path);
  const Result<Json> json = parse_json(text);
  ASSERT_TRUE(json) << text;
  EXPECT_EQ((*json)["event"], "disk.full");
  EXPECT_EQ((*json)["reason"], "node.read_only");
  EXPECT_EQ((*json)["time"].get<std::string>().size(), 27U);
}

TEST(Log, SaysWhenTheFileCannotBeOpened) {
  const Status status = open_log({.path = "/dev/null/log"});
  EXPECT_TRUE(open_log({}));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().reason, Reason::kStorageFailed);
}

}  // namespace
}  // namespace chancery
