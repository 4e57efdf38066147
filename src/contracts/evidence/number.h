#pragma once
// Evidence numbers (存证编号): CE | yyyymmdd at UTC+8 | 16 upper-case hex digits | check character, 27 in all. The
// check character is ISO 7064 MOD 37,36 over the 26 before it, so that a number read over the telephone is checked at
// once.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hash.h"

namespace chancery::contracts::evidence {

inline constexpr std::size_t kNumberChars = 27;

/// The number of the deposit in this call. The hex digits begin the hash of (transaction id, call index), so nobody
/// chooses one. `block_time_ms` since 1970, at most the year 9999.
std::string make_number(crypto::HashAlgorithm hash, std::int64_t block_time_ms, const Digest& transaction_id,
                        std::uint32_t call_index);

/// kMalformed (form, or no such date), kBadCheckDigit.
Status check_number(std::string_view number);

}  // namespace chancery::contracts::evidence
