#pragma once
// ICS-23 proofs of the state tree: CommitmentProof of github.com/cosmos/ics23 in its protobuf wire format (field
// numbers in proto/ics23.proto), under exactly the published SmtSpec. The spec is compiled in: nothing of it is read
// from a proof. A gm network has the same shape over SM3, with the private HashOp number kSm3HashOp.
//
// Stricter than the libraries: one encoding a proof (no unknown fields, no other order, nothing behind), every step
// must follow the bits of the key's hash, and the key inside must be the key that is asked for.

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hash.h"
#include "merkle/state_tree.h"

namespace chancery::merkle {

inline constexpr std::size_t kMaxProofBytes = 4 * 1024 * 1024;  ///< Values travel inside.
inline constexpr std::size_t kMaxProofDepth = 256;
inline constexpr std::uint32_t kSha256HashOp = 1;
/// HashOp of cosmos/ics23 has no SM3; 1001 is far from its numbers (docs/formats/state-proof.md).
inline constexpr std::uint32_t kSm3HashOp = 1001;

/// A record beside a key that is absent.
struct Neighbour {
  Bytes key;
  Bytes value;
  Path path;
};

/// CommitmentProof { exist }. Key and value must not be empty (ICS-23 refuses empty ones): kInvalidValue.
Result<Bytes> make_existence(crypto::HashAlgorithm algorithm, BytesView key, BytesView value, const Path& path);
/// CommitmentProof { nonexist }. Without neighbours it says that the tree is empty; ICS-23 libraries refuse that form.
Result<Bytes> make_non_existence(crypto::HashAlgorithm algorithm, BytesView key, const std::optional<Neighbour>& left,
                                 const std::optional<Neighbour>& right);

/// The record (key, value) is in the tree with this root. kTooLarge, kMalformed or kProofInvalid otherwise.
Status verify_existence(crypto::HashAlgorithm algorithm, BytesView proof, const Digest& root, BytesView key,
                        BytesView value);
/// No record with this key is in the tree with this root. Without neighbours only under the zero root (empty tree).
Status verify_non_existence(crypto::HashAlgorithm algorithm, BytesView proof, const Digest& root, BytesView key);

}  // namespace chancery::merkle
