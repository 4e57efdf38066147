#pragma once
// Offline verification of signatures (.p7s, CMS SignedData) and timestamps (.tst, .tsr of RFC 3161), step by step.

#include <optional>
#include <vector>

#include "cli/verdict_of_receipt.h"
#include "crypto/x509/certificate.h"

namespace chancery::cli {

/// What the files to check lean on.
struct SignatureSupport {
  std::vector<crypto::Certificate> roots;  ///< nothing else is trusted
  std::optional<Bytes> content;            ///< what was signed or stamped; a signature may hold it itself
  std::optional<std::int64_t> at_ms;       ///< when the signer has to have been valid, if it was asked
  std::int64_t now_ms = 0;
};

/// DER begins so; no receipt does, be it JSON, CBOR or a token.
bool looks_like_signature(BytesView content);
/// All certificates of a PEM text, at least one.
Result<std::vector<crypto::Certificate>> read_roots(std::string_view pem);
/// A signature is judged as of `at_ms`, or else of the timestamp that it carries, or else now; a timestamp as of
/// `at_ms` or else its own time. Never aborts on input.
FileVerdict verify_signature_file(BytesView content, const SignatureSupport& support);

}  // namespace chancery::cli
