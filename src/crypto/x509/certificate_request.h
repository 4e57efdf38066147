#pragma once
// Certificate signing requests (PKCS#10, RFC 2986): how a key that stays where it was made gets a certificate.

#include <string>
#include <string_view>

#include "crypto/x509/certificate.h"

namespace chancery::crypto {

class CertificateRequest {
 public:
  /// Signed by `key`, so that whoever issues knows that the asker holds it. kInvalidValue for names that cannot stand
  /// in a certificate.
  static Result<CertificateRequest> make(const DistinguishedName& subject, const AlternativeNames& names,
                                         const PrivateKey& key);
  /// kTooLarge above 16 KiB, kMalformed, kUnsupported as for certificates; kBadSignature when its own signature does
  /// not hold.
  static Result<CertificateRequest> from_der(BytesView der);
  static Result<CertificateRequest> from_pem(std::string_view pem);

  const Bytes& der() const { return der_; }
  std::string pem() const;
  const DistinguishedName& subject() const { return subject_; }
  const AlternativeNames& alternative_names() const { return alternative_names_; }
  const PublicKey& public_key() const { return public_key_; }

 private:
  CertificateRequest() = default;
  Bytes der_;
  DistinguishedName subject_;
  AlternativeNames alternative_names_;
  PublicKey public_key_;
};

}  // namespace chancery::crypto
