#pragma once
// SignedData of CMS (RFC 5652 section 5), read and written as strict DER, in two dialects:
//   RFC 5652         id-data or another content type; P-256 with SHA-256, Ed25519 with SHA-512 (RFC 8419), SM2 with SM3
//   GB/T 35275-2017  the object identifiers 1.2.156.10197.6.1.4.2.x, version 1, SM2 with SM3
// What is signed: the DER of the signed attributes, which hold the content's digest; without attributes, the content.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "documents/cms/attribute.h"
#include "documents/cms/object_identifiers.h"
#include "documents/cms/signer_identifier.h"

namespace chancery::documents {

inline constexpr std::size_t kMostSignedDataBytes = 32U << 20;
inline constexpr std::size_t kMostCmsCertificates = 16;
inline constexpr std::size_t kMostCmsRevocationLists = 8;
inline constexpr std::size_t kMostSigners = 8;

struct SignerInfo {
  SignerIdentifier signer;
  DigestAlgorithm digest = DigestAlgorithm::kSha256;
  crypto::SignatureAlgorithm algorithm = crypto::SignatureAlgorithm::kEcdsaP256Sha256;
  std::vector<Attribute> signed_attributes;
  Bytes signed_attributes_der;  ///< As a SET OF, which is what was signed. Empty: the content itself was.
  Bytes signature;              ///< As it travels: SEQUENCE { r, s }, or 64 bytes for Ed25519.
  std::vector<Attribute> unsigned_attributes;
};

struct SignedData {
  bool gm_types = false;  ///< GB/T 35275's identifier of SignedData
  std::string content_type;
  std::optional<Bytes> content;     ///< Absent: detached.
  std::vector<Bytes> certificates;  ///< DER, in the order of the file; not parsed yet.
  std::vector<Bytes> revocation_lists;
  std::vector<SignerInfo> signers;  ///< At least one.
};

/// One ContentInfo and nothing behind it. kTooLarge, kMalformed, or kUnsupported for other algorithms and versions.
/// Trusts nothing. Takes any bytes (fuzz entry).
Result<SignedData> parse_signed_data(BytesView der);

struct SignPlan {
  std::string_view content_type = oid::kData;
  bool detached = false;
  /// GB/T 35275: content type and SignedData by its identifiers; the key is SM2. content_type is not looked at.
  bool gm_types = false;
  /// Off: the content itself is signed, as seals in OFD do. Then there is no time and no tie to the certificate.
  bool with_attributes = true;
  /// PAdES and timestamps carry their time elsewhere.
  std::optional<std::int64_t> signing_time_ms = std::nullopt;
  /// Written behind the signer's own; at most 15.
  std::vector<crypto::Certificate> more_certificates = {};
  bool with_certificates = true;
};

/// Signs `content` with `key`, which belongs to `certificate` (kSignerMismatch otherwise). kInvalidValue for a plan
/// that cannot be: GB/T 35275 without SM2, another content type than data without attributes (RFC 5652 section 5.3), or
/// content without attributes that reads as attributes itself.
Result<Bytes> sign_cms(BytesView content, const crypto::Certificate& certificate, const crypto::PrivateKey& key,
                       const SignPlan& plan = {});

/// Adds an attribute beside the signature of the signer at that index, a timestamp for one. Every byte that was signed,
/// and all other attributes, stay as they were. kAlreadyExists when it has one of that type, kNotFound for an index
/// beyond the signers.
Result<Bytes> add_unsigned_attribute(BytesView signed_data, std::size_t signer, const Attribute& attribute);

}  // namespace chancery::documents
