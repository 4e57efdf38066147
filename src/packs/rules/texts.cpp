#include "packs/rules/texts.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>

namespace chancery::packs::rules {

namespace {

constexpr std::uint64_t kPiece_bytes = 16;
constexpr std::uint64_t kMostRepetitions = 1000;  ///< RE2 refuses more, also of repetitions within each other.
constexpr std::size_t kPatternMemory_bytes = 1U << 18U;

std::uint64_t pieces(std::string_view text) {
  return text.size() / kPiece_bytes + 1;
}

/// The numbers in braces multiplied: an upper bound of how often RE2 writes a part of the pattern out.
std::uint64_t repetitions(std::string_view pattern) {
  std::uint64_t product = 1;
  std::uint64_t most = 1;
  bool inside = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '{') inside = true;
    if (pattern[i] == '}') {
      product = std::min(product * most, kMostRepetitions);
      most = 1;
      inside = false;
    }
    if (!inside || pattern[i] < '0' || pattern[i] > '9') continue;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(pattern.data() + i, pattern.data() + pattern.size(), number);
    if (error != std::errc()) number = kMostRepetitions;
    most = std::max(most, std::min(number, kMostRepetitions));
    i = static_cast<std::size_t>(end - pattern.data()) - 1;
  }
  return product;
}

}  // namespace

std::uint64_t search_cost(std::string_view text, std::string_view wanted) {
  return wanted.size() > text.size() ? 1 : pieces(text) * pieces(wanted);
}

std::uint64_t match_cost(std::string_view text, std::string_view pattern) {
  constexpr std::uint64_t kCompile = 50;
  const std::uint64_t weight = pieces(pattern) * repetitions(pattern);
  return kCompile + weight + pieces(text) * weight;
}

Result<bool> matches(std::string_view text, std::string_view pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kPatternMemory_bytes);
  const RE2 compiled(pattern, options);
  if (!compiled.ok()) {
    return fail(Reason::kInvalidValue, "matches: not a pattern of RE2, or one that is too large",
                "matches：不是 RE2 的模式，或模式过大");
  }
  return RE2::PartialMatch(text, compiled);
}

}  // namespace chancery::packs::rules
