#include "api/multipart.h"

#include <gtest/gtest.h>

namespace chancery::api {
namespace {

constexpr std::string_view kType = "multipart/form-data; boundary=xyz";

TEST(MultipartTest, ReadsFilesAndFields) {
  const auto parts = parse_multipart(kType,
                                     "--xyz\r\nContent-Disposition: form-data; name=\"file\"; "
                                     "filename=\"name.json\"\r\nContent-Type: a/b\r\n\r\n{\r\n--xy\r\n}\r\n"
                                     "--xyz\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n\r\n--xyz--\r\n");
  ASSERT_TRUE(parts) << parts.error().message();
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ(parts->at(0).name, "file");
  EXPECT_EQ(parts->at(0).content, "{\r\n--xy\r\n}");
  EXPECT_EQ(parts->at(1).name, "text");
  EXPECT_EQ(parts->at(1).content, "");
}

TEST(MultipartTest, RefusesWhatIsNotWhole) {
  for (const auto* body :
       {"", "--xyz", "--xyz\r\n", "--xyz\r\nA: b\r\n\r\nc", "--xyz\r\nA: b\r\n\r\nc\r\n--xyz", "xyz--", "--xyzz\r\n"}) {
    EXPECT_FALSE(parse_multipart(kType, body)) << body;
  }
  EXPECT_FALSE(parse_multipart("multipart/form-data", "--xyz--"));
}

TEST(MultipartTest, LimitsTheParts) {
  std::string body;
  for (int i = 0; i < 20; ++i) body += "--xyz\r\nA: b\r\n\r\nc\r\n";
  EXPECT_FALSE(parse_multipart(kType, body + "--xyz--"));
}

}  // namespace
}  // namespace chancery::api
