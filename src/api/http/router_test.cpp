#include "api/http/router.h"

#include <gtest/gtest.h>

namespace chancery::api::http {
namespace {

Router sample() {
  Router router;
  const Handler nothing = [](const std::shared_ptr<const Request>&, const Reply&) {};
  for (const auto& [method, pattern] :
       std::vector<std::pair<std::string, std::string>>{{"GET", "/"},
                                                        {"GET", "/v1/credentials"},
                                                        {"POST", "/v1/credentials"},
                                                        {"POST", "/v1/credentials/batch"},
                                                        {"GET", "/v1/credentials/{id}"},
                                                        {"POST", "/v1/credentials/{id}/revoke"},
                                                        {"GET", "/log/tile/{path...}"},
                                                        {"GET", "/log/{name}"}}) {
    router.add({.method = method, .pattern = pattern, .handler = nothing});
  }
  return router;
}

Router::Match match(const Router& router, std::string_view method, std::string_view target) {
  return router.match(method, Target::parse(target)->segments);
}

TEST(RouterTest, FindsTheRootAndFixedPaths) {
  const Router router = sample();
  EXPECT_EQ(match(router, "GET", "/").route->pattern, "/");
  EXPECT_EQ(match(router, "GET", "/v1/credentials").route->pattern, "/v1/credentials");
}

TEST(RouterTest, FillsPlaceholdersDecoded) {
  const Router router = sample();
  const auto found = match(router, "POST", "/v1/credentials/a%2Fb%E8%AF%81/revoke");
  ASSERT_NE(found.route, nullptr);
  EXPECT_EQ(found.parameters, std::vector<std::string>{"a/b证"});
}

TEST(RouterTest, PrefersFixedSegmentsToPlaceholders) {
  const Router router = sample();
  EXPECT_EQ(match(router, "POST", "/v1/credentials/batch").route->pattern, "/v1/credentials/batch");
}

TEST(RouterTest, GivesTheRestOfAPathToTheLastPlaceholder) {
  const Router router = sample();
  EXPECT_EQ(match(router, "GET", "/log/tile/0/x001/234").parameters, std::vector<std::string>{"0/x001/234"});
  EXPECT_EQ(match(router, "GET", "/log/checkpoint").parameters, std::vector<std::string>{"checkpoint"});
  EXPECT_EQ(match(router, "GET", "/log/tile").parameters, std::vector<std::string>{"tile"});
}

TEST(RouterTest, AnswersHeadAsGet) {
  const Router router = sample();
  EXPECT_EQ(match(router, "HEAD", "/v1/credentials/x").route->pattern, "/v1/credentials/{id}");
}

TEST(RouterTest, SaysWhichMethodsAPathTakes) {
  const Router router = sample();
  const auto found = match(router, "TRACE", "/v1/credentials");
  EXPECT_EQ(found.route, nullptr);
  EXPECT_EQ(found.allow, "GET, HEAD, POST, OPTIONS");
}

TEST(RouterTest, KnowsNothingOfOtherPaths) {
  const Router router = sample();
  for (const auto* target :
       {"/v2", "/v1/credentials/", "/v1/credentials//revoke", "//", "/v1/credentials/x/y", "/log/tile/"}) {
    const auto found = match(router, "GET", target);
    EXPECT_TRUE(found.route == nullptr || std::string_view(target) == "/log/tile/") << target;
  }
  EXPECT_TRUE(match(router, "GET", "/v2").allow.empty());
}

}  // namespace
}  // namespace chancery::api::http
