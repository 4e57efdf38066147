#include "api/problem.h"

#include <gtest/gtest.h>

namespace chancery::api {
namespace {

http::Request request(std::string_view language) {
  http::Request out;
  out.method = "POST";
  out.target = *http::Target::parse("/v1/credentials");
  out.headers = {{"Accept-Language", std::string(language)}};
  out.trace.trace_id = "0af7651916cd43dd8448eb211c80319c";
  return out;
}

TEST(ProblemTest, SpeaksTheCallersLanguage) {
  const Error error{Reason::kExpired, "It ended a minute ago.", "一分钟前已失效。"};
  const Json zh = problem_body(request("zh-CN"), error);
  EXPECT_EQ(zh.at("title"), "交易已过有效期");
  EXPECT_EQ(zh.at("detail"), "一分钟前已失效。");
  const Json en = problem_body(request("en"), error);
  EXPECT_EQ(en.at("title"), "The transaction has expired");
  EXPECT_EQ(en.at("detail"), "It ended a minute ago.");
  EXPECT_EQ(en.at("type"), "/problems/transaction.expired");
  EXPECT_EQ(en.at("code"), "transaction.expired");
  EXPECT_EQ(en.at("status"), 422);
  EXPECT_EQ(en.at("instance"), "/v1/credentials");
  EXPECT_EQ(en.at("trace_id"), "0af7651916cd43dd8448eb211c80319c");
}

TEST(ProblemTest, ListsTheMembersThatTheDetailNames) {
  const Json body =
      problem_body(request("en"), {Reason::kSchemaMismatch, "/fields/name: is required\n/fields/age: too small", {}});
  ASSERT_EQ(body.at("errors").size(), 2U);
  EXPECT_EQ(body.at("errors")[0].at("pointer"), "/fields/name");
  EXPECT_EQ(body.at("errors")[1].at("detail"), "too small");
}

TEST(ProblemTest, TellsClientsWhenToComeBack) {
  EXPECT_EQ(problem(request("en"), {Reason::kOverloaded, {}, {}}).header("retry-after"), "1");
  EXPECT_FALSE(problem(request("en"), {Reason::kUnauthenticated, {}, {}}).header("www-authenticate").empty());
}

TEST(ProblemTest, StaysJsonWhateverTheDetailHolds) {
  const auto response = problem(request("en"), {Reason::kMalformed, "bad \xff byte \"quoted\"", {}});
  EXPECT_TRUE(parse_json(response.body));
  EXPECT_EQ(response.header("content-type"), "application/problem+json");
}

TEST(ProblemTest, EveryReasonHasTextsInBothLanguages) {
  for (const Reason reason : {
#define REASON(name, wire, http, zh, en, zh_remedy, en_remedy) Reason::name,
#include "base/reason_codes.def"
#undef REASON
       }) {
    const ReasonText& text = reason_text(reason);
    EXPECT_FALSE(text.title_zh.empty() || text.title_en.empty() || text.remedy_zh.empty() || text.remedy_en.empty())
        << text.wire_name;
    EXPECT_GE(text.http_status, 400) << text.wire_name;
  }
}

}  // namespace
}  // namespace chancery::api
