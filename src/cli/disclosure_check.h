#pragma once
// Offline verification of what a holder shows of a credential: chosen fields (chancery-fields-v1) against the record
// that a receipt proves, and SD-JWT credentials (RFC 9901) under an issuer's key.

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/json.h"
#include "cli/verdict_of_receipt.h"
#include "ledger/genesis.h"

namespace chancery::cli {

/// What the files to check lean on.
struct DisclosureSupport {
  std::optional<Bytes> receipt;    ///< a receipt with the credential's record
  std::optional<Json> issuer_key;  ///< JWK of the issuer, for SD-JWT
  std::int64_t now_ms = 0;
};

inline constexpr std::string_view kFieldsFormat = "chancery-fields-v1";

bool looks_like_sd_jwt(std::string_view content);
/// Every field's commitment must lie below the fields root of the proven record, and the record must be valid now.
FileVerdict verify_fields(std::string_view json_text, const DisclosureSupport& support, const ledger::TrustFile& trust);
/// Signature, disclosures and dates; with a receipt also the status on the ledger.
FileVerdict verify_sd_jwt(std::string_view token, const DisclosureSupport& support, const ledger::TrustFile& trust);

}  // namespace chancery::cli
