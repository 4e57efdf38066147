#pragma once
// The protobuf wire form of ICS-23 proofs (field numbers: proto/ics23.proto), of the one shape that SmtSpec allows.
// What these functions read is what they write, byte for byte; everything else is refused.

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hash.h"

namespace chancery::merkle::ics23 {

/// One InnerOp: H(0x01 | left | right), seen from the child.
struct Step {
  Digest sibling;
  bool sibling_is_left;
};

/// ExistenceProof; LeafOp is always the one of the spec.
struct Existence {
  Bytes key;
  Bytes value;
  std::vector<Step> steps;  ///< From the leaf to the root; at most kMaxProofDepth.
};

/// NonExistenceProof.
struct NonExistence {
  Bytes key;
  std::optional<Existence> left, right;
};

Bytes encode(crypto::HashAlgorithm algorithm, const Existence& proof);
Bytes encode(crypto::HashAlgorithm algorithm, const NonExistence& proof);

/// kTooLarge above kMaxProofBytes, kMalformed for anything that encode() would not have written.
Result<Existence> decode_existence(crypto::HashAlgorithm algorithm, BytesView commitment_proof);
Result<NonExistence> decode_non_existence(crypto::HashAlgorithm algorithm, BytesView commitment_proof);

}  // namespace chancery::merkle::ics23
