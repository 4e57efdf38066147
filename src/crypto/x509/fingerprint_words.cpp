#include "crypto/x509/fingerprint_words.h"

#include <array>
#include <string_view>

namespace chancery::crypto {

namespace {

using Parts = std::array<std::string_view, 16>;

/// The two halves of the words of one list.
struct WordList {
  Parts first;
  Parts second;
};

constexpr WordList kEvenEn = {{"red", "blue", "green", "gold", "white", "black", "grey", "pink", "old", "new", "warm",
                               "cold", "high", "low", "deep", "wide"},
                              {"hill", "lake", "wood", "field", "stone", "bridge", "gate", "tower", "moon", "star",
                               "wind", "rain", "snow", "fire", "road", "ship"}};
constexpr WordList kOddEn = {{"silver", "copper", "iron", "silken", "paper", "crystal", "amber", "velvet", "quiet",
                              "happy", "brave", "clever", "gentle", "honest", "simple", "sunny"},
                             {"tiger", "panda", "eagle", "dragon", "rabbit", "monkey", "salmon", "dolphin", "apple",
                              "lemon", "cherry", "pepper", "garden", "harbour", "village", "island"}};
constexpr WordList kEvenZh = {
    {"红", "蓝", "绿", "金", "白", "黑", "灰", "粉", "老", "新", "温", "冷", "高", "低", "深", "宽"},
    {"山", "湖", "林", "田", "石", "桥", "门", "塔", "月", "星", "风", "雨", "雪", "火", "路", "船"}};
constexpr WordList kOddZh = {
    {"银", "铜", "铁", "丝", "纸", "玉", "木", "竹", "静", "乐", "勇", "慧", "柔", "诚", "朴", "晴"},
    {"虎", "熊", "鹰", "龙", "兔", "猴", "鱼", "鲸", "果", "梨", "桃", "椒", "园", "港", "村", "岛"}};

std::string word_of(std::size_t place, std::uint8_t byte, Language language) {
  const bool even = place % 2 == 0;
  const WordList& list = language == Language::kZhCn ? (even ? kEvenZh : kOddZh) : (even ? kEvenEn : kOddEn);
  return std::string(list.first[byte >> 4U]).append(list.second[byte & 0x0fU]);
}

/// Letters and Chinese characters alone, letters in lower case: what stands between words does not count.
std::string bare(std::string_view text) {
  static constexpr std::array<std::string_view, 4> kBetween = {"·", "，", "、", "　"};
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    bool skipped = false;
    for (const std::string_view mark : kBetween) {
      if (text.substr(at).starts_with(mark)) {
        at += mark.size();
        skipped = true;
        break;
      }
    }
    if (skipped) continue;
    const char c = text[at++];
    const bool upper = c >= 'A' && c <= 'Z';
    // No word has a digit: it must not vanish from what was typed.
    const bool counts = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (upper) out += static_cast<char>(c - 'A' + 'a');
    if (counts) out += c;
  }
  return out;
}

}  // namespace

std::vector<std::string> fingerprint_words(const Digest& digest, Language language) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < kFingerprintWords; ++i) out.push_back(word_of(i, digest[i], language));
  return out;
}

std::string fingerprint_text(const Digest& digest, Language language) {
  std::string out;
  const std::vector<std::string> words = fingerprint_words(digest, language);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out.append(i % 4 == 0 ? " · " : " ");
    out.append(words[i]);
  }
  return out;
}

bool fingerprint_matches(const Digest& digest, std::string_view typed) {
  const std::string given = bare(typed);
  return given == bare(fingerprint_text(digest, Language::kZhCn)) ||
         given == bare(fingerprint_text(digest, Language::kEn));
}

}  // namespace chancery::crypto
