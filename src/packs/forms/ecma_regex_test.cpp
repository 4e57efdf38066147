#include "packs/forms/ecma_regex.h"

#include <gtest/gtest.h>

namespace chancery::packs {
namespace {

bool found(std::string_view pattern, std::string_view text) {
  const Result<EcmaRegex> regex = EcmaRegex::compile(pattern);
  EXPECT_TRUE(regex) << pattern << ": " << regex.error().message();
  return regex && regex->found_in(text);
}

Reason refusal(std::string_view pattern) {
  const Result<EcmaRegex> regex = EcmaRegex::compile(pattern);
  EXPECT_FALSE(regex) << pattern;
  return regex ? Reason::kInternal : regex.error().reason;
}

TEST(EcmaRegex, MatchesAsEcma262Says) {
  EXPECT_TRUE(found("^(?:a|b)+?c{2,3}$", "abacc"));
  EXPECT_FALSE(found("^abc$", "abc\n"));
  EXPECT_FALSE(found("^b", "a\nb"));
  EXPECT_TRUE(found("^.$", "𠮷"));
  EXPECT_FALSE(found(".", "\xE2\x80\xA8"));
  EXPECT_TRUE(found("^\\s$", "\xEF\xBB\xBF"));
  EXPECT_FALSE(found("^[\\S]$", "\xE3\x80\x80"));
  EXPECT_TRUE(found("^[^\\S]$", "\xE3\x80\x80"));
  EXPECT_TRUE(found("^[\\d\\-x]+$", "1-x"));
  EXPECT_TRUE(found("^[a\\]^-]+$", "]a^-"));
  EXPECT_TRUE(found("^\\u{20BB7}\\uD842\\uDFB7\\x41\\u0042$", "𠮷𠮷AB"));
  EXPECT_TRUE(found("^[^]$", "\n"));
  EXPECT_FALSE(found("[]", "a"));
  EXPECT_TRUE(found("^(?<year>\\d{4})\\/$", "2026/"));
  EXPECT_TRUE(found("^\\p{Script=Han}+$", "马尾区"));
  EXPECT_TRUE(found("^[\\p{sc=Hani}·]+$", "阿不都·热合曼"));
  EXPECT_TRUE(found("^\\P{Lu}$", "a"));
  EXPECT_TRUE(found("", ""));
  EXPECT_TRUE(found("^[[:alpha:]+$", "[:ph"));
}

TEST(EcmaRegex, RefusesWhatUnicodeModeForbids) {
  for (const char* pattern : {"(",      ")",           "a**",   "*",      "a{2,1}",
                              "a{",     "}",           "]",     "[b-a]",  "[\\d-z]",
                              "\\a",    "\\Q",         "\\-",   "\\1",    "(?<a>x)(?<a>y)",
                              "\\k<a>", "(?P<a>x)",    "(?i)a", "^*",     "\\p{Nonsense}",
                              "\\pL",   "\\u{110000}", "\\u12", "\\x1",   "\\c1",
                              "\\01",   "[a",          "\\",    "(?=a)*", "\xff"}) {
    EXPECT_EQ(refusal(pattern), Reason::kMalformed) << pattern;
    EXPECT_FALSE(is_ecma_pattern(pattern)) << pattern;
  }
}

TEST(EcmaRegex, RefusesWhatHasNoLinearTimeAnswer) {
  for (const char* pattern : {"(?=a)b", "(?!a)b", "(?<=a)b", "(?<!a)b", "(a)\\1", "(?<n>a)\\k<n>", "a{1001}",
                              "((a{100}){100}){100}", "\\p{Emoji}", "\\p{LC}", "\\p{Script=Cherokee}"}) {
    EXPECT_EQ(refusal(pattern), Reason::kUnsupported) << pattern;
    EXPECT_TRUE(is_ecma_pattern(pattern)) << pattern;
  }
}

TEST(EcmaRegex, StaysLinearOnPatternsThatMakeBacktrackersHang) {
  const std::string text(100'000, 'a');
  EXPECT_FALSE(found("^(a+)+$", text + "!"));
  EXPECT_FALSE(found("^(a|a)*$", text + "!"));
  EXPECT_FALSE(found("^([a-zA-Z]+)*$", text + "!"));
}

TEST(EcmaRegex, BoundsLengthAndDepth) {
  EXPECT_EQ(refusal(std::string(4097, 'a')), Reason::kTooLarge);
  EXPECT_EQ(refusal(std::string(200, '(') + std::string(200, ')')), Reason::kMalformed);
}

}  // namespace
}  // namespace chancery::packs
