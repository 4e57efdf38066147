#pragma once
// Names and contents of the static resources of C2SP tlog-tiles: "tile/<level>/<index>[.p/<width>]" for hashes and
// "tile/entries/<index>[.p/<width>]" for the leaves themselves.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace chancery::merkle {

struct TilePath {
  std::optional<std::uint32_t> level;  ///< 0 to 63; nullopt for an entry bundle.
  std::uint64_t index = 0;
  std::uint32_t width = 256;  ///< 1 to 256; below 256 the tile is partial.

  bool operator==(const TilePath&) const = default;
};

/// "tile/1/x001/234.p/56": no leading slash.
std::string to_string(const TilePath& path);
/// Strict: exactly what to_string writes; nullopt otherwise.
std::optional<TilePath> parse_tile_path(std::string_view path);

inline constexpr std::size_t kMaxEntryBytes = 65'535;

/// Each entry behind its length in 2 bytes, big-endian. kTooLarge for an entry above kMaxEntryBytes.
Result<Bytes> encode_entry_bundle(std::span<const Bytes> entries);
/// The same for entries that are borrowed.
Result<Bytes> encode_entry_bundle(std::span<const BytesView> entries);
/// Exactly `count` entries and nothing behind them; views into `bundle`. kMalformed otherwise.
Result<std::vector<BytesView>> decode_entry_bundle(BytesView bundle, std::size_t count);

}  // namespace chancery::merkle
