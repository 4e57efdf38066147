#pragma once
// Ed25519 signing (RFC 8032 section 5.1.6). Private to this folder.

#include <array>
#include <span>

#include "crypto/signature.h"

namespace chancery::crypto {

Result<std::array<std::uint8_t, 32>> ed25519_public_from_seed(std::span<const std::uint8_t, 32> seed);
Result<Signature> ed25519_sign(std::span<const std::uint8_t, 32> seed, BytesView message);
/// Eight lanes where crypto_mb is active; the same signatures in either case.
Status ed25519_sign_batch(std::span<const std::uint8_t, 32> seed, const PublicKey& public_key,
                          std::span<const BytesView> messages, std::span<Signature> out);

}  // namespace chancery::crypto
