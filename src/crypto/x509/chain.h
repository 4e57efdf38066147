#pragma once
// Does a certificate lead to a root that we trust, at a given time?

#include <cstdint>
#include <span>
#include <string>

#include "crypto/x509/certificate.h"
#include "crypto/x509/revocation_list.h"

namespace chancery::crypto {

enum class ChainUse {
  kPeer,       ///< a node in TLS: both server and client must be allowed
  kSignature,  ///< a seal or a person: digitalSignature must be allowed
  kTimestamp,  ///< a timestamp authority: timeStamping alone, in a critical extension (RFC 3161 section 2.3)
};

struct ChainQuestion {
  std::span<const Certificate> roots = {};          ///< nothing else is trusted
  std::span<const Certificate> intermediates = {};  ///< as presented; at most 4
  std::span<const RevocationList> revocations =
      {};                  ///< of any roots; a list is used where it was signed by one of `roots`
  std::int64_t at_ms = 0;  ///< milliseconds since 1970
  ChainUse use = ChainUse::kPeer;
};

/// Success, or why not, in a sentence of both languages: kCertificateExpired, kCertificateNotYetValid,
/// kCertificateRevoked, kCertificateUntrusted (no trusted root, a broken signature, not made for this use, a
/// revocation list that is out of date). Path validation is OpenSSL's in its strict mode (RFC 5280 section 6), with
/// the SM2 signer identifier set on every certificate.
Status verify_certificate(const Certificate& leaf, const ChainQuestion& question);

/// "2026-11-23" in UTC.
std::string day_of(std::int64_t time_ms);

}  // namespace chancery::crypto
