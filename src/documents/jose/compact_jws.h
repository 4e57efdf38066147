#pragma once
// JSON Web Signatures in the compact serialization: RFC 7515 section 3.1, with the hardening of RFC 8725. The key and
// its algorithm come from the verifier; the header can only agree. Keys inside the header (jwk, jku, x5c, x5u) are
// never used.

#include <string>
#include <string_view>

#include "base/json.h"
#include "documents/jose/jwk.h"

namespace chancery::documents {

struct CompactJws {
  Json header;
  Bytes payload;
  std::string signing_input;  ///< The first two parts with the dot between them, as they came.
  Bytes signature;

  /// Empty when the header has none.
  std::string header_text(std::string_view name) const;
};

/// Strict base64url and JSON; the header at most 16 KiB, without `crit` (we understand no extension) and with an `alg`
/// that is a string. kMalformed, kTooLarge, kUnsupported. Takes any bytes (fuzz entry).
Result<CompactJws> parse_compact_jws(std::string_view text, std::size_t max_bytes = 256 * 1024);

/// kAlgorithmNotAllowed when the header's `alg` is not the key's; kProofInvalid when the signature does not hold.
Status verify_compact_jws(const CompactJws& jws, const crypto::PublicKey& key);

/// Sets `alg` in `header` to the key's; the rest of the header is the caller's.
Result<std::string> sign_compact_jws(Json header, BytesView payload, const crypto::PrivateKey& key);

}  // namespace chancery::documents
