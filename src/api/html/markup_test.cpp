#include "api/html/markup.h"

#include <gtest/gtest.h>

namespace chancery::api::html {
namespace {

TEST(MarkupTest, EscapesTextWhereverItStands) {
  const std::string hostile = "<script>alert('1')</script>\" onload=\"x & y";
  const std::string out = el("p", {{"title", hostile}}, {hostile}).str();
  EXPECT_EQ(out.find("<script"), std::string::npos);
  EXPECT_EQ(out.find("\" onload"), std::string::npos);
  EXPECT_NE(out.find("&lt;script&gt;alert(&#39;1&#39;)"), std::string::npos);
}

TEST(MarkupTest, ReplacesControlCharacters) {
  EXPECT_EQ(escape(std::string_view("a\0b\x1b[0mc\x7f", 9)),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD[0mc\xEF\xBF\xBD");
}

TEST(MarkupTest, NestsElementsOnce) {
  EXPECT_EQ(el("ul", {el("li", {"a & b"}), el("li", {"c"})}).str(), "<ul><li>a &amp; b</li><li>c</li></ul>");
  EXPECT_EQ(el("br", Attributes{}).str(), "<br>");
}

TEST(MarkupTest, LinksOnlyToThisSiteAndTheWeb) {
  EXPECT_EQ(link("/a", "x").str(), "<a href=\"/a\">x</a>");
  for (const auto* address : {"javascript:alert(1)", "//evil.example", "data:text/html,x", " /a", "", "JAVASCRIPT:x"}) {
    EXPECT_EQ(link(address, "x").str(), "x") << address;
  }
}

TEST(MarkupTest, KnowsItsSymbols) {
  EXPECT_NE(symbol("check").str().find("<svg"), std::string::npos);
  EXPECT_TRUE(symbol("<script>").empty());
}

}  // namespace
}  // namespace chancery::api::html
