#pragma once
// Salted commitments: how a credential's fields stand on the chain without being there.
//
//   field commitment = domain_hash("chancery/field/1", { salt 16 B, name, value in canonical JSON (RFC 8785) })
//   fields root      = RFC 9162 section 2.1 shaped root over the commitments in ascending order, so that the tree says
//                      nothing about the order or the names of fields; leaf data is the commitment
//   holder           = domain_hash("chancery/holder/1", { salt 16 B, scheme, identifier })
// all in the network's hash. Whoever holds salt, name, value and the path can show one field and no other. Pure
// functions.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"
#include "crypto/hash.h"

namespace chancery::contracts::credential {

/// 16 random bytes, fresh for each field of each version: without it, a guessed value could be tested against the
/// chain.
using Salt = std::array<std::uint8_t, 16>;

inline constexpr std::size_t kMaxFields = 256;

/// `name` is at most 64 KiB; `value` is anything that parse_json gives.
Digest field_commitment(crypto::HashAlgorithm hash, const Salt& salt, std::string_view name, const Json& value);

/// `scheme` names what `identifier` is: "cn-citizen-id", "cn-uscc".
Digest holder_commitment(crypto::HashAlgorithm hash, const Salt& salt, std::string_view scheme,
                         std::string_view identifier);

/// kInvalidValue when there is none or the same twice, kTooLarge above kMaxFields.
Result<Digest> fields_root(crypto::HashAlgorithm hash, std::span<const Digest> commitments);

/// Where one commitment stands below the root; with salt, name and value it proves the field. Index and count only say
/// how to walk: the record doesn't hold the number of fields, and a path can fit two counts. So a proof says that the
/// field is among the holder's, never that it is the only one or which one it is.
struct FieldProof {
  std::uint64_t index = 0;   ///< in ascending order of commitments
  std::uint64_t count = 0;   ///< of all fields
  std::vector<Digest> path;  ///< from the leaf to the root
};

/// kNotFound when `commitment` isn't among `commitments`; otherwise as fields_root.
Result<FieldProof> prove_field(crypto::HashAlgorithm hash, std::span<const Digest> commitments,
                               const Digest& commitment);

/// Success when the field with this salt, name and value belongs to a credential with this root; else kProofInvalid.
Status verify_field(crypto::HashAlgorithm hash, const Digest& root, const FieldProof& proof, const Salt& salt,
                    std::string_view name, const Json& value);

}  // namespace chancery::contracts::credential
