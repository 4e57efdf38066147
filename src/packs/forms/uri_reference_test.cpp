#include "packs/forms/uri_reference.h"

#include <gtest/gtest.h>

namespace chancery::packs {
namespace {

// RFC 3986 section 5.4, base http://a/b/c/d;p?q.
TEST(UriReference, ResolvesTheExamplesOfRfc3986) {
  const std::pair<const char*, const char*> cases[] = {
      {"g:h", "g:h"},
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g#s", "http://a/b/c/g#s"},
      {"g?y#s", "http://a/b/c/g?y#s"},
      {";x", "http://a/b/c/;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"http:g", "http:g"},
  };
  const UriReference base = split_uri_reference("http://a/b/c/d;p?q");
  for (const auto& [reference, expected] : cases) {
    EXPECT_EQ(resolve_uri_reference(base, split_uri_reference(reference)).text(), expected) << reference;
  }
}

TEST(UriReference, DecodesPercentEscapes) {
  EXPECT_EQ(percent_decode("a%2Fb%e4%b8%ad"), "a/b中");
  EXPECT_EQ(percent_decode("a%2"), std::nullopt);
  EXPECT_EQ(percent_decode("a%zz"), std::nullopt);
}

}  // namespace
}  // namespace chancery::packs
