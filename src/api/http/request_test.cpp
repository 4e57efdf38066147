#include "api/http/request.h"

#include <gtest/gtest.h>

namespace chancery::api::http {
namespace {

Request with(std::vector<Header> headers, std::string_view target = "/") {
  Request request;
  request.method = "GET";
  request.headers = std::move(headers);
  request.target = *Target::parse(target);
  return request;
}

TEST(TargetTest, SplitsAndDecodes) {
  const auto target = Target::parse("/a%20b/%E8%AF%81?q=1+2&r=%26&empty");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->segments, (std::vector<std::string>{"a b", "证"}));
  ASSERT_EQ(target->query.size(), 3U);
  EXPECT_EQ(target->query[0].second, "1 2");
  EXPECT_EQ(target->query[1].second, "&");
  EXPECT_EQ(target->query[2].first, "empty");
}

TEST(TargetTest, TakesTheAbsoluteForm) {
  EXPECT_EQ(Target::parse("http://example.org/a?b=c")->path, "/a");
  EXPECT_EQ(Target::parse("http://example.org")->path, "/");
}

TEST(TargetTest, RefusesWhatCannotBeReadInOneWay) {
  for (const auto* raw :
       {"", "a", "/%", "/%4", "/%zz", "/%ff", "/%00", "/%0a", "/a#b", "/?a=%00", "/?a=%c0%80", "/\x01"}) {
    EXPECT_FALSE(Target::parse(raw)) << raw;
  }
}

TEST(TargetTest, LimitsTheParameters) {
  std::string many = "/?";
  for (int i = 0; i < 65; ++i) many += "a=b&";
  EXPECT_EQ(Target::parse(many).error().reason, Reason::kMalformed);
}

TEST(TraceTest, ContinuesAWellFormedTraceWithAFreshSpan) {
  const Trace trace = continue_trace("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  EXPECT_EQ(trace.trace_id, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_NE(trace.span_id, "b7ad6b7169203331");
  EXPECT_EQ(trace.traceparent().size(), 55U);
}

TEST(TraceTest, StartsANewTraceForAnythingElse) {
  for (const auto* header : {"", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                             "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                             "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0af7\r\nX: y"}) {
    const Trace trace = continue_trace(header);
    EXPECT_EQ(trace.trace_id.size(), 32U);
    EXPECT_NE(trace.trace_id, "0af7651916cd43dd8448eb211c80319c");
  }
}

TEST(LanguageTest, IsChineseUnlessEnglishIsPreferred) {
  EXPECT_EQ(language_of(with({})), Language::kZhCn);
  EXPECT_EQ(language_of(with({{"Accept-Language", "en-GB,en;q=0.9,zh;q=0.5"}})), Language::kEn);
  EXPECT_EQ(language_of(with({{"Accept-Language", "fr, en;q=0.4, zh-CN;q=0.8"}})), Language::kZhCn);
  EXPECT_EQ(language_of(with({{"Accept-Language", "fr"}})), Language::kZhCn);
}

TEST(LanguageTest, TheAddressDecidesBeforeTheHeader) {
  EXPECT_EQ(language_of(with({{"Accept-Language", "en"}}, "/?lang=zh")), Language::kZhCn);
  EXPECT_EQ(language_of(with({{"Accept-Language", "zh"}}, "/?lang=en")), Language::kEn);
}

TEST(AcceptTest, WeighsRangesBySpecificity) {
  EXPECT_EQ(accepted_quality("", "application/json"), 1000);
  EXPECT_EQ(accepted_quality("application/cbor, */*;q=0.1", "application/cbor"), 1000);
  EXPECT_EQ(accepted_quality("application/cbor, */*;q=0.1", "application/json"), 100);
  EXPECT_EQ(accepted_quality("application/*;q=0.3, application/json;q=0", "application/json"), 0);
  EXPECT_EQ(accepted_quality("text/html", "application/json"), 0);
}

TEST(RequestTest, ReadsCookiesAndMediaTypes) {
  const Request request =
      with({{"Cookie", "a=1; chancery_session=tok; b=2"}, {"content-type", "Application/JSON; charset=utf-8"}});
  EXPECT_EQ(request.cookie("chancery_session"), "tok");
  EXPECT_EQ(request.cookie("session"), std::nullopt);
  EXPECT_EQ(request.media_type(), "application/json");
}

}  // namespace
}  // namespace chancery::api::http
