#include "documents/cms/algorithm.h"

#include "crypto/sha512.h"
#include "documents/cms/object_identifiers.h"

namespace chancery::documents {

using crypto::HashAlgorithm;
using crypto::SignatureAlgorithm;

Bytes digest_of(DigestAlgorithm algorithm, BytesView input) {
  if (algorithm == DigestAlgorithm::kSha512) return to_bytes(BytesView(crypto::sha512(input)));
  return to_bytes(BytesView(crypto::hash(*to_hash_algorithm(algorithm), input)));
}

DigestAlgorithm to_digest_algorithm(HashAlgorithm algorithm) {
  return algorithm == HashAlgorithm::kSm3 ? DigestAlgorithm::kSm3 : DigestAlgorithm::kSha256;
}

std::optional<HashAlgorithm> to_hash_algorithm(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::kSha256:
      return HashAlgorithm::kSha256;
    case DigestAlgorithm::kSm3:
      return HashAlgorithm::kSm3;
    case DigestAlgorithm::kSha512:
      break;
  }
  return std::nullopt;
}

DigestAlgorithm digest_for(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::kEd25519:
      return DigestAlgorithm::kSha512;
    case SignatureAlgorithm::kSm2Sm3:
      return DigestAlgorithm::kSm3;
    case SignatureAlgorithm::kEcdsaP256Sha256:
      break;
  }
  return DigestAlgorithm::kSha256;
}

Result<std::string> read_algorithm_content(crypto::DerReader content) {
  ASSIGN_OR_RETURN(std::string oid, content.object_identifier());
  if (!content.at_end()) TRY(content.null());
  TRY(content.end());
  return oid;
}

Result<std::string> read_algorithm_identifier(crypto::DerReader& reader) {
  ASSIGN_OR_RETURN(const crypto::DerReader content, reader.enter(crypto::der::kSequence));
  return read_algorithm_content(content);
}

Result<DigestAlgorithm> digest_from_oid(std::string_view oid) {
  if (oid == oid::kSha256) return DigestAlgorithm::kSha256;
  if (oid == oid::kSm3) return DigestAlgorithm::kSm3;
  if (oid == oid::kSha512) return DigestAlgorithm::kSha512;
  return fail(Reason::kUnsupported, "another digest than SHA-256, SHA-512 or SM3",
              "摘要算法不是 SHA-256、SHA-512 或 SM3");
}

Result<DigestAlgorithm> read_digest_algorithm(crypto::DerReader& reader) {
  ASSIGN_OR_RETURN(const std::string oid, read_algorithm_identifier(reader));
  return digest_from_oid(oid);
}

std::string_view oid_of(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::kSha256:
      return oid::kSha256;
    case DigestAlgorithm::kSm3:
      return oid::kSm3;
    case DigestAlgorithm::kSha512:
      break;
  }
  return oid::kSha512;
}

Bytes algorithm_identifier(std::string_view oid) {
  return crypto::der::sequence({crypto::der::object_identifier(oid)});
}

Result<SignatureAlgorithm> signature_from_oid(std::string_view oid) {
  if (oid == oid::kEcdsaWithSha256) return SignatureAlgorithm::kEcdsaP256Sha256;
  if (oid == oid::kEd25519) return SignatureAlgorithm::kEd25519;
  if (oid == oid::kSm2WithSm3 || oid == oid::kSm2Sign) return SignatureAlgorithm::kSm2Sm3;
  return fail(Reason::kUnsupported, "signed with another algorithm than ECDSA P-256, Ed25519 or SM2",
              "签名算法不是 ECDSA P-256、Ed25519 或 SM2");
}

}  // namespace chancery::documents
