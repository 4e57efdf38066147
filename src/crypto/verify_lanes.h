#pragma once
// The ways to verify signatures that passed the checks of verify.cpp. Private to this folder.

#include <span>

#include "crypto/signature.h"

namespace chancery::crypto {

/// One signature through OpenSSL, SM2 with the given identifier.
bool verify_with_openssl(const VerifyItem& item, std::string_view sm2_id);

inline constexpr std::size_t kSignatureLanes = 8;
/// A lane that hashes a longer message keeps seven others waiting; OpenSSL is quicker for such a one.
inline constexpr std::size_t kLongestLaneMessageBytes = 16384;

/// Up to eight signatures of one algorithm side by side; the result has bit i set when items[i] holds.
/// Only where crypto_mb_available(); SM2 messages have equal whole_blocks_after_z (lane_groups.h).
std::uint8_t verify_with_crypto_mb(SignatureAlgorithm algorithm, std::span<const VerifyItem> items);

/// The same for SM2 by our own arithmetic, on every CPU; its time depends on its public inputs.
std::uint8_t verify_with_sm2_tables(std::span<const VerifyItem> items);

/// e = SM3(Z | message) under kSm2DefaultId of up to eight items.
void sm2_digests(std::span<const VerifyItem> items, std::span<Digest> out);

}  // namespace chancery::crypto
