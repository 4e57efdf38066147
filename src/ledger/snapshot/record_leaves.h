#pragma once
// From the records of a chunk to the leaves of the state tree.

#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hash.h"
#include "merkle/state_tree.h"

namespace chancery::ledger {

/// Both hashes of each record, from its bytes as the store keeps them. kProofInvalid when one has no whole key.
Result<std::vector<merkle::StateTree::Leaf>> leaves_of_records(crypto::HashAlgorithm hash,
                                                               std::span<const BytesView> stored_records);

}  // namespace chancery::ledger
