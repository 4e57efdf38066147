#pragma once
// A fingerprint that two people can compare by telephone: one word a byte, of the first 16 bytes (128 bits). Bytes at
// even places take words of one list, bytes at odd places of another, so that a word left out or two exchanged are
// heard at once. Each list has 256 words of our own making: a first part of 16 for the high half of the byte, a second
// part of 16 for the low half.
//   even, en: "redhill", "bluelake" …     odd, en: "silver tiger" as "silvertiger" …
//   even, zh: 红山、蓝湖 …                  odd, zh: 银虎、铜熊 …

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace chancery::crypto {

inline constexpr std::size_t kFingerprintWords = 16;

/// Sixteen words; the same digest gives the same words for ever.
std::vector<std::string> fingerprint_words(const Digest& digest, Language language);
/// In groups of four: "redhill silvertiger bluelake copperpanda · …". For people.
std::string fingerprint_text(const Digest& digest, Language language);
/// True when the text holds just these words, in either language, whatever stands between them: a person typed it.
bool fingerprint_matches(const Digest& digest, std::string_view typed);

}  // namespace chancery::crypto
