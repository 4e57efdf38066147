#include "api/texts.h"

#include <gtest/gtest.h>

#include <set>

#include "base/bytes.h"

namespace chancery::api {
namespace {

std::size_t holes(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = text.find("{}"); at != std::string_view::npos; at = text.find("{}", at + 2)) ++count;
  return count;
}

TEST(TextsTest, HaveBothLanguagesWithTheSamePlaceholders) {
  for (const auto& entry : all_texts()) {
    EXPECT_FALSE(entry.zh.empty()) << entry.name;
    EXPECT_FALSE(entry.en.empty()) << entry.name;
    EXPECT_TRUE(is_utf8(entry.zh) && is_utf8(entry.en)) << entry.name;
    EXPECT_EQ(holes(entry.zh), holes(entry.en)) << entry.name;
  }
}

TEST(TextsTest, HoldNoMarkup) {
  for (const auto& entry : all_texts()) {
    EXPECT_EQ(entry.zh.find('<'), std::string_view::npos) << entry.name;
    EXPECT_EQ(entry.en.find('<'), std::string_view::npos) << entry.name;
  }
}

TEST(TextsTest, UseFullWidthPunctuationInChinese) {
  for (const auto& entry : all_texts()) {
    for (std::size_t i = 1; i < entry.zh.size(); ++i) {
      const bool after_chinese = static_cast<unsigned char>(entry.zh[i - 1]) >= 0x80;
      const bool half_width = entry.zh[i] == ',' || entry.zh[i] == ';' || entry.zh[i] == '?' || entry.zh[i] == '!';
      EXPECT_FALSE(after_chinese && half_width) << entry.name;
    }
  }
}

TEST(TextsTest, AreNamedOnce) {
  std::set<std::string_view> names;
  for (const auto& entry : all_texts()) EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
}

}  // namespace
}  // namespace chancery::api
