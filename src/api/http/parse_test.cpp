#include "api/http/parse.h"

#include <gtest/gtest.h>

namespace chancery::api::http {
namespace {

Result<Request> parse(std::string_view text) {
  return parse_request_for_fuzzing(as_bytes(text));
}

TEST(ParseTest, ReadsARequestWithABody) {
  const auto request = parse("POST /v1/verify?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
  ASSERT_TRUE(request) << request.error().message();
  EXPECT_EQ(request->method, "POST");
  EXPECT_EQ(request->path(), "/v1/verify");
  EXPECT_EQ(request->body, "hello");
}

TEST(ParseTest, ReadsChunks) {
  const auto request =
      parse("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");
  ASSERT_TRUE(request) << request.error().message();
  EXPECT_EQ(request->body, "abcde");
}

// Each of these has been read in two ways by two servers, one behind the other (RFC 9112 section 11.2).
TEST(ParseTest, RefusesWhatSmugglersSend) {
  for (const auto* text : {
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\nhello",
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\nhello",
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\na\r\n0\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
           "GET / HTTP/1.1\r\n\r\n",
           "GET / HTTP/1.1\nHost: a\n\n",
           "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
           "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n\r\n",
       }) {
    EXPECT_FALSE(parse(text)) << text;
  }
}

TEST(ParseTest, LimitsHeaderAndBody) {
  EXPECT_FALSE(parse("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(17'000, 'x') + "\r\n\r\n"));
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 70; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  EXPECT_EQ(parse(many + "\r\n").error().reason, Reason::kTooLarge);
  EXPECT_FALSE(
      parse_request_for_fuzzing(as_bytes("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n123456789"), 8));
}

TEST(ParseTest, SurvivesEveryTruncation) {
  const std::string whole =
      "POST /a/%E8%AF%81?x=y HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  ASSERT_TRUE(parse(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(parse(whole.substr(0, size))) << size;
}

}  // namespace
}  // namespace chancery::api::http
