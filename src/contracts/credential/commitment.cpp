#include "contracts/credential/commitment.h"

#include <fmt/format.h>

#include <algorithm>

#include "merkle/merkle_batch.h"

namespace chancery::contracts::credential {

namespace {

Result<std::vector<Digest>> in_order(std::span<const Digest> commitments) {
  if (commitments.empty())
    return fail(Reason::kInvalidValue, "a credential needs at least one field", "至少需要一个字段");
  if (commitments.size() > kMaxFields) {
    return fail(Reason::kTooLarge, fmt::format("{} fields, the limit is {}", commitments.size(), kMaxFields),
                fmt::format("{} 个字段，上限为 {}", commitments.size(), kMaxFields));
  }
  std::vector<Digest> sorted(commitments.begin(), commitments.end());
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end()) {
    return fail(Reason::kInvalidValue, "the same field occurs twice", "同一字段出现两次");
  }
  return sorted;
}

}  // namespace

Digest field_commitment(crypto::HashAlgorithm hash, const Salt& salt, std::string_view name, const Json& value) {
  return crypto::domain_hash(hash, "chancery/field/1", {salt, as_bytes(name), as_bytes(canonical_json(value))});
}

Digest holder_commitment(crypto::HashAlgorithm hash, const Salt& salt, std::string_view scheme,
                         std::string_view identifier) {
  return crypto::domain_hash(hash, "chancery/holder/1", {salt, as_bytes(scheme), as_bytes(identifier)});
}

Result<Digest> fields_root(crypto::HashAlgorithm hash, std::span<const Digest> commitments) {
  ASSIGN_OR_RETURN(const std::vector<Digest> sorted, in_order(commitments));
  return merkle::batch_root(hash, sorted);
}

Result<FieldProof> prove_field(crypto::HashAlgorithm hash, std::span<const Digest> commitments,
                               const Digest& commitment) {
  ASSIGN_OR_RETURN(const std::vector<Digest> sorted, in_order(commitments));
  const auto place = std::ranges::lower_bound(sorted, commitment);
  if (place == sorted.end() || *place != commitment) {
    return fail(Reason::kNotFound, "the field is not among the commitments", "承诺中没有该字段");
  }
  ASSIGN_OR_RETURN(const merkle::MerkleBatch tree, merkle::MerkleBatch::build(hash, sorted));
  const auto index = static_cast<std::uint64_t>(place - sorted.begin());
  return FieldProof{index, sorted.size(), tree.proof(index)};
}

Status verify_field(crypto::HashAlgorithm hash, const Digest& root, const FieldProof& proof, const Salt& salt,
                    std::string_view name, const Json& value) {
  if (proof.count > kMaxFields)
    return fail(Reason::kProofInvalid, "the proof claims too many fields", "证明的字段数超限");
  const Digest leaf = merkle::leaf_hash(hash, field_commitment(hash, salt, name, value));
  return merkle::verify_inclusion(hash, leaf, proof.index, proof.count, proof.path, root);
}

}  // namespace chancery::contracts::credential
