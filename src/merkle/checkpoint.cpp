#include "merkle/checkpoint.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "merkle/signed_note.h"

namespace chancery::merkle {

namespace {

Error invalid(std::string detail) {
  return {Reason::kCheckpointInvalid, std::move(detail), {}};
}

/// Reads a text line by line; each line must end in a newline.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  Result<std::string_view> next(std::string_view what) {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos || end == 0) {
      return std::unexpected(invalid(fmt::format("the checkpoint lacks its {} line", what)));
    }
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }
  /// What follows `word` and a space.
  Result<std::string_view> next_after(std::string_view word) {
    ASSIGN_OR_RETURN(std::string_view line, next(word));
    if (!line.starts_with(word) || line.size() <= word.size() || line[word.size()] != ' ') {
      return std::unexpected(invalid(fmt::format("expected the checkpoint's {} line", word)));
    }
    return line.substr(word.size() + 1);
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

template <class Number>
Result<Number> parse_decimal(std::string_view text, std::string_view what) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (!whole || fmt::format("{}", number) != text) {
    return std::unexpected(invalid(fmt::format("the checkpoint's {} is not a plain decimal number", what)));
  }
  return number;
}

std::string hash_line(std::string_view word, crypto::HashAlgorithm algorithm, const Digest& digest) {
  return fmt::format("{} {} {}\n", word, crypto::to_string(algorithm), to_hex(digest));
}

Result<Digest> parse_hash(Lines& lines, std::string_view word, std::optional<crypto::HashAlgorithm>& algorithm) {
  ASSIGN_OR_RETURN(const std::string_view rest, lines.next_after(word));
  const std::size_t space = rest.find(' ');
  const auto named = crypto::hash_algorithm_from_string(rest.substr(0, space));
  if (space == std::string_view::npos || !named || (algorithm && *algorithm != *named)) {
    return std::unexpected(invalid(fmt::format("the checkpoint's {} line names no hash, or another one", word)));
  }
  algorithm = named;
  const auto digest = digest_from_hex(rest.substr(space + 1));
  if (!digest || to_hex(*digest) != rest.substr(space + 1)) {
    return std::unexpected(invalid(fmt::format("the checkpoint's {} line holds no 64 hexadecimal digits", word)));
  }
  return *digest;
}

}  // namespace

std::string encode_checkpoint(const Checkpoint& checkpoint) {
  std::string text = fmt::format("{}\n{}\n{}\nheight {}\ntime {}\n", checkpoint.origin, checkpoint.size,
                                 to_base64(checkpoint.root), checkpoint.height, checkpoint.time_ms);
  text += hash_line("state", checkpoint.hash_algorithm, checkpoint.state_root);
  text += hash_line("block", checkpoint.hash_algorithm, checkpoint.block_hash);
  text += hash_line("validators", checkpoint.hash_algorithm, checkpoint.validators_hash);
  return text;
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  if (text.size() > kMaxNoteBytes) return std::unexpected(invalid("the checkpoint is larger than 64 KiB"));
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') {
      return std::unexpected(invalid("the checkpoint has control characters"));
    }
  }
  if (!is_utf8(text)) return std::unexpected(invalid("the checkpoint is not valid UTF-8"));
  Checkpoint checkpoint;
  Lines lines(text);
  ASSIGN_OR_RETURN(checkpoint.origin, lines.next("origin"));
  ASSIGN_OR_RETURN(const std::string_view size, lines.next("size"));
  ASSIGN_OR_RETURN(checkpoint.size, parse_decimal<std::uint64_t>(size, "size"));
  ASSIGN_OR_RETURN(const std::string_view root, lines.next("root"));
  const auto root_bytes = from_base64(root);
  const auto root_digest = root_bytes ? to_digest(*root_bytes) : std::nullopt;
  if (!root_digest) return std::unexpected(invalid("the checkpoint's root is not base64 of 32 bytes"));
  checkpoint.root = *root_digest;
  ASSIGN_OR_RETURN(const std::string_view height, lines.next_after("height"));
  ASSIGN_OR_RETURN(checkpoint.height, parse_decimal<std::uint64_t>(height, "height"));
  ASSIGN_OR_RETURN(const std::string_view time, lines.next_after("time"));
  ASSIGN_OR_RETURN(checkpoint.time_ms, parse_decimal<std::int64_t>(time, "time"));
  if (checkpoint.time_ms < 0) return std::unexpected(invalid("the checkpoint's time is before 1970"));
  std::optional<crypto::HashAlgorithm> algorithm;
  ASSIGN_OR_RETURN(checkpoint.state_root, parse_hash(lines, "state", algorithm));
  ASSIGN_OR_RETURN(checkpoint.block_hash, parse_hash(lines, "block", algorithm));
  ASSIGN_OR_RETURN(checkpoint.validators_hash, parse_hash(lines, "validators", algorithm));
  if (!lines.at_end()) return std::unexpected(invalid("the checkpoint has more lines than it should"));
  checkpoint.hash_algorithm = *algorithm;
  return checkpoint;
}

}  // namespace chancery::merkle
