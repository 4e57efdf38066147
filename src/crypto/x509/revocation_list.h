#pragma once
// Certificate revocation lists (RFC 5280 section 5).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/x509/certificate.h"

namespace chancery::crypto {

inline constexpr std::size_t kMostRevocationListBytes = 4U << 20;

struct RevokedCertificate {
  std::string serial;  ///< as Certificate::serial()
  std::int64_t revoked_ms = 0;
};

class RevocationList {
 public:
  /// Signed by the root's key. kInvalidValue for a serial that is no number or an update before this one.
  static Result<RevocationList> make(const Certificate& root, const PrivateKey& key,
                                     const std::vector<RevokedCertificate>& revoked, std::uint64_t number,
                                     std::int64_t this_update_ms, std::int64_t next_update_ms);
  /// kTooLarge above 4 MiB, kMalformed, kUnsupported. Its signature is checked where it is used.
  static Result<RevocationList> from_der(BytesView der);
  static Result<RevocationList> from_pem(std::string_view pem);

  const Bytes& der() const { return der_; }
  std::string pem() const;
  const DistinguishedName& issuer() const { return issuer_; }
  const std::vector<RevokedCertificate>& revoked() const { return revoked_; }
  std::int64_t this_update_ms() const { return this_update_ms_; }
  std::int64_t next_update_ms() const { return next_update_ms_; }
  /// True when the list was signed by this root.
  bool signed_by(const Certificate& root) const;
  bool names(const Certificate& certificate) const;

 private:
  RevocationList() = default;
  Bytes der_;
  DistinguishedName issuer_;
  std::vector<RevokedCertificate> revoked_;
  std::int64_t this_update_ms_ = 0;
  std::int64_t next_update_ms_ = 0;
  SignatureAlgorithm signature_algorithm_ = SignatureAlgorithm::kEd25519;
};

}  // namespace chancery::crypto
