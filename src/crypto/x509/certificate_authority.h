#pragma once
// An organisation's certificate authority: one self-signed root, the certificates that it issues, the list of those
// that it took back. Roots for TLS between nodes are P-256 or Ed25519 (TLS 1.3 of OpenSSL knows no SM2); certificates
// of seals and persons may be SM2.

#include <cstdint>
#include <optional>
#include <vector>

#include "base/random.h"
#include "crypto/x509/certificate.h"
#include "crypto/x509/certificate_request.h"
#include "crypto/x509/revocation_list.h"

namespace chancery::crypto {

/// What a certificate may be used for; becomes key usage and extended key usage (RFC 5280 sections 4.2.1.3, 4.2.1.12).
enum class CertificateUse {
  kPeer,       ///< digitalSignature; TLS server and client
  kSeal,       ///< digitalSignature and nonRepudiation: a seal or a person signs documents
  kTimestamp,  ///< digitalSignature and nonRepudiation; timeStamping alone, critical (RFC 3161 section 2.3)
};

/// Milliseconds since 1970, cut to whole seconds: both ends are valid moments.
struct Validity {
  std::int64_t not_before_ms = 0;
  std::int64_t not_after_ms = 0;
};

class CertificateAuthority {
 public:
  /// A new root: CA with path length 0, keyCertSign and cRLSign, 16 bytes of `random` as its serial number.
  /// kInvalidValue for a name or validity that cannot stand in a certificate.
  static Result<CertificateAuthority> create(const DistinguishedName& name, PrivateKey key, const Validity& validity,
                                             Random& random);
  /// kInvalidValue when the key is not the root's or the certificate is no authority.
  static Result<CertificateAuthority> open(Certificate root, PrivateKey key);

  const Certificate& root() const { return root_; }

  /// Takes subject, names and key from the request. kInvalidValue when the validity leaves that of the root.
  Result<Certificate> issue(const CertificateRequest& request, CertificateUse use, const Validity& validity,
                            Random& random) const;
  /// The same for somebody whose key is known otherwise.
  Result<Certificate> issue(const DistinguishedName& subject, const AlternativeNames& names, const PublicKey& key,
                            CertificateUse use, const Validity& validity, Random& random) const;

  /// All that was taken back so far; `number` grows with each list (RFC 5280 section 5.2.3).
  Result<RevocationList> revoke(const std::vector<RevokedCertificate>& revoked, std::uint64_t number,
                                std::int64_t this_update_ms, std::int64_t next_update_ms) const;

 private:
  CertificateAuthority(Certificate root, PrivateKey key) : root_(std::move(root)), key_(std::move(key)) {}
  Certificate root_;
  PrivateKey key_;
};

}  // namespace chancery::crypto
