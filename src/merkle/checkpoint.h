#pragma once
// Checkpoints, C2SP tlog-checkpoint: the text of a signed note that fixes the history tree and, in extension lines of
// our own, the state. One format for one node, for many, and for outside witnesses.
//
//   <origin>
//   <size of the history tree, decimal>
//   <root of the history tree, base64>
//   height <decimal>
//   time <block time, milliseconds since 1970, decimal>
//   state <sha256|sm3> <root of the state tree, 64 hexadecimal digits>
//   block <sha256|sm3> <hash of the block header>
//   validators <sha256|sm3> <hash of the validator set>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hash.h"

namespace chancery::merkle {

struct Checkpoint {
  std::string origin;  ///< Not empty, valid UTF-8, no control characters.
  std::uint64_t size = 0;
  Digest root{};
  std::uint64_t height = 0;
  std::int64_t time_ms = 0;
  crypto::HashAlgorithm hash_algorithm = crypto::HashAlgorithm::kSha256;  ///< Of the three hashes below.
  Digest state_root{};
  Digest block_hash{};
  Digest validators_hash{};

  bool operator==(const Checkpoint&) const = default;
};

/// The one text of this checkpoint; ends in a newline. parse_checkpoint(encode_checkpoint(x)) == x.
std::string encode_checkpoint(const Checkpoint& checkpoint);
/// Strict: exactly the lines above, in that order, each number and hash in its only form. kCheckpointInvalid otherwise.
Result<Checkpoint> parse_checkpoint(std::string_view text);

}  // namespace chancery::merkle
