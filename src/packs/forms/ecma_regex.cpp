#include "packs/forms/ecma_regex.h"

#include <re2/re2.h>

#include "packs/forms/ecma_pattern.h"

namespace chancery::packs {

namespace {

constexpr std::size_t kMaxPatternBytes = 4096;
constexpr std::int64_t kMaxProgramBytes = 256 << 10;

}  // namespace

Result<EcmaRegex> EcmaRegex::compile(std::string_view pattern) {
  if (pattern.size() > kMaxPatternBytes) return fail(Reason::kTooLarge, "a pattern is longer than 4,096 bytes");
  ASSIGN_OR_RETURN(const TranslatedPattern translated, translate_ecma_pattern(pattern));
  if (!translated.unsupported.empty()) {
    return fail(Reason::kUnsupported, "a pattern uses " + translated.unsupported + ", which is not matched here");
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxProgramBytes);
  auto program =
      std::make_shared<const re2::RE2>(re2::StringPiece(translated.re2.data(), translated.re2.size()), options);
  if (!program->ok()) return fail(Reason::kUnsupported, "a pattern is too large to be matched: " + program->error());
  return EcmaRegex(std::move(program));
}

bool EcmaRegex::found_in(std::string_view text) const {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *program_);
}

std::size_t EcmaRegex::search_cost(std::size_t text_bytes) const {
  const auto program_size = static_cast<std::size_t>(program_->ProgramSize());
  return 1 + (text_bytes / 64 + 1) * (1 + program_size / 64);
}

bool is_ecma_pattern(std::string_view pattern) {
  return translate_ecma_pattern(pattern).has_value();
}

}  // namespace chancery::packs
