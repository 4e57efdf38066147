#include "ledger/snapshot/record_leaves.h"

namespace chancery::ledger {

Result<std::vector<merkle::StateTree::Leaf>> leaves_of_records(crypto::HashAlgorithm hash,
                                                               std::span<const BytesView> stored_records) {
  std::vector<BytesView> inputs;
  inputs.reserve(stored_records.size() * 2);
  for (const BytesView stored : stored_records) {
    const std::size_t key_size = stored.size() < 2 ? 0 : static_cast<std::size_t>(stored[0]) << 8 | stored[1];
    if (stored.size() < 2 + key_size) return fail(Reason::kProofInvalid, "a record is shorter than its key");
    inputs.push_back(stored.subspan(2, key_size));
    inputs.push_back(stored.subspan(2 + key_size));
  }
  std::vector<Digest> hashes(inputs.size());
  crypto::hash_batch(hash, inputs, hashes);
  std::vector<merkle::StateTree::Leaf> out(stored_records.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = {hashes[2 * i], hashes[2 * i + 1]};
  return out;
}

}  // namespace chancery::ledger
