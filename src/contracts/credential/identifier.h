#pragma once
// Which identifiers a type's credentials may have.

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "contracts/credential.pb.h"
#include "contracts/encoding.h"

namespace chancery::contracts::credential {

/// Letters, digits, '.', '_', '-', beginning with a letter or digit, 1 to 64.
bool is_plain_identifier(std::string_view id);

/// The credential's version: 1 for the plain scheme, the identifier's own for GB/T 36904. kInvalidValue, kMalformed or
/// kBadCheckDigit when `id` doesn't fit the type and the issuer (GB/T 36904: type code and unified social credit code).
Result<std::uint32_t> check_identifier(const Context& context, const wire::CredentialType& type,
                                       std::string_view issuer, std::string_view id);

/// As above for the version that follows `record` (whose id is `id`): one higher, and with GB/T 36904 the same serial.
Result<std::uint32_t> check_next_identifier(const Context& context, const wire::CredentialType& type,
                                            const wire::Credential& record, std::string_view id,
                                            std::string_view next_id);

}  // namespace chancery::contracts::credential
