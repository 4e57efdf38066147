#include "readmodel/sqlite/text_tokens.h"

#include <gtest/gtest.h>

namespace chancery::readmodel {
namespace {

TEST(TextTokens, SplitHanRunsIntoPairsAndTheLastCharacter) {
  EXPECT_EQ(index_tokens("居住证"), "居住 住证 证");
  EXPECT_EQ(index_tokens("证"), "证");
}

TEST(TextTokens, KeepWordsAndDigitsWhole) {
  EXPECT_EQ(index_tokens("Case 2026-17，马尾A区"), "Case 2026 17 马尾 尾 A 区");
}

TEST(TextTokens, TreatPunctuationOfBothScriptsAsSeparators) {
  EXPECT_EQ(index_tokens("（居住）【证】、。！？～"), "居住 住 证");
}

TEST(TextTokens, SurviveMalformedUtf8) {
  EXPECT_EQ(index_tokens("a\xff\xfe"
                         "b\xe5\xb1"),
            "a b");
  EXPECT_EQ(index_tokens(""), "");
}

TEST(TextTokens, SearchForOneCharacterIsThePrefixOfAPair) {
  EXPECT_EQ(search_expressions("证"), std::vector<std::string>{"\"证\"*"});
}

TEST(TextTokens, SearchForSeveralCharactersIsAPhraseOfPairs) {
  EXPECT_EQ(search_expressions("居住证"), std::vector<std::string>{"\"居住 住证\""});
}

TEST(TextTokens, NothingOfTheQueryLanguageComesFromInput) {
  for (const char* hostile : {"\"", "a\" OR \"b", "NEAR(", "col:x", "*", "^", "-- ;", "a AND"}) {
    for (const std::string& expression : search_expressions(hostile)) {
      int quotes = 0;
      for (const char c : expression) quotes += c == '"' ? 1 : 0;
      EXPECT_EQ(quotes % 2, 0) << expression;
      EXPECT_EQ(expression.find("NEAR("), std::string::npos);
    }
  }
  EXPECT_TRUE(search_expressions(" \" * ").empty());
}

TEST(TextTokens, TakeNoMoreTermsThanAllowed) {
  EXPECT_EQ(search_expressions("a b c d e f g h i j k l").size(), kMaxSearchTerms);
}

}  // namespace
}  // namespace chancery::readmodel
