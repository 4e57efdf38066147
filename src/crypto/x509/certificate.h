#pragma once
// X.509 certificates (RFC 5280) of our three signature algorithms, parsed once at the door. OpenSSL reads the grammar;
// before it sees a byte, size, nesting and strict DER are checked. Certificates are plain values and may be shared by
// threads.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/signature.h"

namespace chancery::crypto {

inline constexpr std::size_t kMostCertificateBytes = 16U << 10;
/// Subject alternative names that one certificate may carry.
inline constexpr std::size_t kMostAlternativeNames = 64;

/// What we use of an X.501 name. Both are UTF-8, at most 128 bytes; the organisation may be empty.
struct DistinguishedName {
  std::string common_name;
  std::string organisation;

  bool operator==(const DistinguishedName&) const = default;
};

/// Subject alternative names (RFC 5280 section 4.2.1.6), each list in the order of the certificate.
struct AlternativeNames {
  std::vector<std::string> dns = {};
  std::vector<std::string> ip = {};   ///< "192.0.2.1", "2001:db8::1"
  std::vector<std::string> uri = {};  ///< "chancery://<network id>/<node>"

  bool operator==(const AlternativeNames&) const = default;
};

class Certificate {
 public:
  /// One certificate and nothing behind it. kTooLarge above kMostCertificateBytes, kMalformed for anything that is not
  /// strict DER of that shape, kUnsupported for another key or signature algorithm than ours. Trust is not looked at.
  static Result<Certificate> from_der(BytesView der);
  /// The first "CERTIFICATE" block of a text of at most 64 KiB; errors as above.
  static Result<Certificate> from_pem(std::string_view pem);

  const Bytes& der() const { return der_; }
  std::string pem() const;

  const DistinguishedName& subject() const { return subject_; }
  const DistinguishedName& issuer() const { return issuer_; }
  /// Lower-case hexadecimal of the number, without leading zeros.
  const std::string& serial() const { return serial_; }
  /// Valid from the first to the last millisecond since 1970, both included.
  std::int64_t not_before_ms() const { return not_before_ms_; }
  std::int64_t not_after_ms() const { return not_after_ms_; }
  const PublicKey& public_key() const { return public_key_; }
  SignatureAlgorithm signature_algorithm() const { return signature_algorithm_; }
  const AlternativeNames& alternative_names() const { return alternative_names_; }
  bool is_authority() const { return is_authority_; }
  /// SHA-256 over the DER bytes, as other programs show it.
  Digest fingerprint() const;

  bool operator==(const Certificate& other) const { return der_ == other.der_; }

 private:
  Certificate() = default;
  Bytes der_;
  DistinguishedName subject_, issuer_;
  std::string serial_;
  std::int64_t not_before_ms_ = 0;
  std::int64_t not_after_ms_ = 0;
  PublicKey public_key_;
  SignatureAlgorithm signature_algorithm_ = SignatureAlgorithm::kEd25519;
  AlternativeNames alternative_names_;
  bool is_authority_ = false;
};

}  // namespace chancery::crypto
