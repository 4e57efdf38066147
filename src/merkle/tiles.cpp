#include "merkle/tiles.h"

#include <fmt/format.h>

#include <charconv>

#include "merkle/history_tree.h"

namespace chancery::merkle {

namespace {

constexpr std::string_view kPrefix = "tile/";
constexpr std::string_view kEntries = "entries/";

std::string index_text(std::uint64_t index) {
  std::string text = fmt::format("{:03}", index % 1000);
  for (index /= 1000; index > 0; index /= 1000) text = fmt::format("x{:03}/{}", index % 1000, text);
  return text;
}

/// Decimal without leading zeroes.
std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t most) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (number > most || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  return number;
}

}  // namespace

std::string to_string(const TilePath& path) {
  std::string text(kPrefix);
  text += path.level ? fmt::format("{}/", *path.level) : std::string(kEntries);
  text += index_text(path.index);
  if (path.width < kTileWidth) text += fmt::format(".p/{}", path.width);
  return text;
}

std::optional<TilePath> parse_tile_path(std::string_view path) {
  TilePath parsed;
  std::string_view rest = path;
  if (!rest.starts_with(kPrefix)) return std::nullopt;
  rest.remove_prefix(kPrefix.size());
  if (rest.starts_with(kEntries)) {
    rest.remove_prefix(kEntries.size());
  } else {
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    parsed.level = parse_number(rest.substr(0, slash), 63);
    if (!parsed.level) return std::nullopt;
    rest.remove_prefix(slash + 1);
  }
  if (const std::size_t partial = rest.find(".p/"); partial != std::string_view::npos) {
    const auto width = parse_number(rest.substr(partial + 3), kTileWidth - 1);
    if (!width || *width == 0) return std::nullopt;
    parsed.width = *width;
    rest = rest.substr(0, partial);
  }
  if (rest.size() > 3 + 5 * 6) return std::nullopt;  // 2^64 has 20 digits: seven groups.
  for (const char c : rest) {
    if (c >= '0' && c <= '9') {
      const auto digit = static_cast<std::uint64_t>(c - '0');
      if (parsed.index > (UINT64_MAX - digit) / 10) return std::nullopt;
      parsed.index = parsed.index * 10 + digit;
    }
  }
  // One spelling a tile: whatever else was between the digits shows here.
  if (to_string(parsed) != path) return std::nullopt;
  return parsed;
}

Result<Bytes> encode_entry_bundle(std::span<const BytesView> entries) {
  Bytes bundle;
  for (const BytesView entry : entries) {
    if (entry.size() > kMaxEntryBytes) {
      return fail(Reason::kTooLarge, fmt::format("a log entry has at most 65535 bytes, this one {}", entry.size()));
    }
    bundle.push_back(static_cast<std::uint8_t>(entry.size() >> 8));
    bundle.push_back(static_cast<std::uint8_t>(entry.size() & 0xff));
    append(bundle, entry);
  }
  return bundle;
}

Result<Bytes> encode_entry_bundle(std::span<const Bytes> entries) {
  const std::vector<BytesView> views(entries.begin(), entries.end());
  return encode_entry_bundle(views);
}

Result<std::vector<BytesView>> decode_entry_bundle(BytesView bundle, std::size_t count) {
  std::vector<BytesView> entries;
  while (!bundle.empty()) {
    if (bundle.size() < 2 || entries.size() == count)
      return fail(Reason::kMalformed, "bytes behind the last log entry");
    const std::size_t size = static_cast<std::size_t>(bundle[0]) << 8 | bundle[1];
    if (bundle.size() - 2 < size) return fail(Reason::kMalformed, "a log entry goes beyond its bundle");
    entries.push_back(bundle.subspan(2, size));
    bundle = bundle.subspan(2 + size);
  }
  if (entries.size() != count) return fail(Reason::kMalformed, "the bundle has fewer log entries");
  return entries;
}

}  // namespace chancery::merkle
