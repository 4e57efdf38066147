#pragma once
// The algorithms that signed documents may name, and how they are written. All others do not exist here.

#include <optional>
#include <string_view>

#include "crypto/der.h"
#include "crypto/hash.h"
#include "crypto/signature.h"

namespace chancery::documents {

/// SHA-512 goes with Ed25519 alone (RFC 8419 section 3.1).
enum class DigestAlgorithm { kSha256, kSm3, kSha512 };

/// 32 bytes, 64 for SHA-512.
Bytes digest_of(DigestAlgorithm algorithm, BytesView input);
DigestAlgorithm to_digest_algorithm(crypto::HashAlgorithm algorithm);
/// nullopt for SHA-512.
std::optional<crypto::HashAlgorithm> to_hash_algorithm(DigestAlgorithm algorithm);
/// What a signer with such a key digests with.
DigestAlgorithm digest_for(crypto::SignatureAlgorithm algorithm);

/// AlgorithmIdentifier of RFC 5280 section 4.1.1.2; parameters are absent or NULL. Gives the object identifier.
Result<std::string> read_algorithm_identifier(crypto::DerReader& reader);
/// The same where only its content is at hand: an IMPLICIT tag stood in front.
Result<std::string> read_algorithm_content(crypto::DerReader content);
/// kUnsupported for other digests.
Result<DigestAlgorithm> digest_from_oid(std::string_view oid);
Result<DigestAlgorithm> read_digest_algorithm(crypto::DerReader& reader);
std::string_view oid_of(DigestAlgorithm algorithm);
/// Without parameters, as RFC 5754 section 2 and RFC 8410 section 3 prefer.
Bytes algorithm_identifier(std::string_view oid);

/// ecdsa-with-SHA256, Ed25519, SM2 under each of the two identifiers that are in use. kUnsupported for others.
Result<crypto::SignatureAlgorithm> signature_from_oid(std::string_view oid);

}  // namespace chancery::documents
