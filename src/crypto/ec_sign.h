#pragma once
// Signing over the two prime curves with a given nonce, through OpenSSL's bignums or crypto_mb's lanes. Private to this
// folder.

#include <optional>
#include <span>

#include "crypto/curve.h"
#include "crypto/secret.h"

namespace chancery::crypto {

/// secret * G, 65 bytes uncompressed. The secret is in range.
Bytes ec_public_point(const Curve& curve, BytesView secret);

/// Z of GB/T 32918.2 section 5.5: SM3(ENTL | ID | a | b | xG | yG | xA | yA), for an id of at most 8191 bytes.
Digest sm2_z(const PublicKey& key, std::string_view id);

/// What is signed as a number: SHA-256(message) for P-256, SM3(Z | message) for SM2.
Digest ec_message_digest(const PublicKey& key, BytesView message);

/// nullopt when this nonce gives r or s of zero (or r + k = n for SM2): take another nonce.
std::optional<Signature> ec_sign_with_nonce(SignatureAlgorithm algorithm, BytesView secret, const Digest& digest,
                                            BytesView nonce);

struct EcSignItem {
  BytesView message;
  const Digest* digest;
  BytesView nonce;
};
/// Up to eight signatures of one key; nullopt in a lane as above. Only where crypto_mb_available(); SM2 messages have
/// equal whole_blocks_after_z (lane_groups.h).
void ec_sign_with_crypto_mb(const PublicKey& key, BytesView secret, std::span<const EcSignItem> items,
                            std::span<std::optional<Signature>> out);

}  // namespace chancery::crypto
