#pragma once
// Tables of multiples of the public keys that sign often, shared by all threads. Private to crypto/.

#include <memory>

#include "crypto/sm2/multiples.h"

namespace chancery::crypto::sm2 {

/// Uses after which a key gets its table: what the table costs is then saved again by as many further ones.
inline constexpr unsigned kUsesBeforeTable = 12;
/// Keys that can have a table at a time, 88 kB each: at most 45 MB in all.
inline constexpr std::size_t kMostKeyTables = 512;

/// Counts one use of a key (64 bytes x | y of a point of the curve), and gives its table if it has earned one; null
/// otherwise. A key holds its place against others as long as it is used more often than they are. Keys that collide on
/// purpose only lose their tables. Thread-safe.
std::shared_ptr<const Multiples> multiples_of_key(std::span<const std::uint8_t, 64> key);

}  // namespace chancery::crypto::sm2
