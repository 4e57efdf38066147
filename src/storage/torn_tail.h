#pragma once
// The end of a RocksDB log file (write-ahead log, MANIFEST) after a power cut: a file may have grown before its new
// bytes reached the disk, so that its last record fails its checksum although nothing that was synced is harmed.
// Format: blocks of 32 KiB, in them records of crc32c (masked, u32 LE), length (u16 LE), type (u8), payload.
// Source: RocksDB wiki, "Write Ahead Log File Format".

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace chancery::storage {

/// Bytes of `log` in front of a torn record; nothing when all records are sound, or when a sound record that starts
/// behind the damage shows that it is not a tail: records are synced in order, so that would be real corruption.
std::optional<std::uint64_t> torn_tail_at(BytesView log);

/// The torn tails of a store's MANIFEST and newest write-ahead log. A bit that flipped in the very last synced record
/// looks the same, so whoever cuts must hold what remains against a memory of its own, and else put the tails back.
class TornTails {
 public:
  /// Cuts them in the store at `directory`, after copying each whole file to "<directory>.torn/". The copies stay.
  /// Errors: kStorageFailed.
  static Result<TornTails> cut(const std::string& directory);

  bool any() const { return !files_.empty(); }
  /// The files as they were. Errors: kStorageFailed.
  Status put_back() const;

 private:
  std::string directory_;
  std::vector<std::string> files_;
};

}  // namespace chancery::storage
