#pragma once
// Authenticated encryption of both suites: AES-256-GCM (NIST SP 800-38D) and SM4-GCM (GB/T 36624, RFC 8998).

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace chancery::crypto {

enum class AeadAlgorithm : std::uint8_t { kAes256Gcm = 1, kSm4Gcm = 2 };

inline constexpr std::size_t kAeadNonceBytes = 12;
inline constexpr std::size_t kAeadTagBytes = 16;
using AeadNonce = std::array<std::uint8_t, kAeadNonceBytes>;

/// "aes-256-gcm" or "sm4-gcm".
std::string_view to_string(AeadAlgorithm algorithm);
std::optional<AeadAlgorithm> aead_algorithm_from_number(std::uint32_t number);

/// 32 bytes for AES-256-GCM, 16 for SM4-GCM.
std::size_t aead_key_bytes(AeadAlgorithm algorithm);

/// Ciphertext (as long as the plaintext) followed by the 16-byte tag. A key must never see a nonce twice.
/// kInvalidValue when the key has another length than aead_key_bytes or the plaintext has 2^36 - 32 bytes or more.
Result<Bytes> seal(AeadAlgorithm algorithm, BytesView key, const AeadNonce& nonce, BytesView associated_data,
                   BytesView plaintext);
/// The inverse. kProofInvalid when the tag does not hold: nothing of the plaintext is given out then.
Result<Bytes> open(AeadAlgorithm algorithm, BytesView key, const AeadNonce& nonce, BytesView associated_data,
                   BytesView sealed);

}  // namespace chancery::crypto
