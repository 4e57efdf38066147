#pragma once
// For tests: an authority and a signer of each algorithm under it, the same in every run; and what was signed with a
// bit turned over.

#include "crypto/x509/certificate_authority.h"

namespace chancery::documents {

inline constexpr std::int64_t kFixtureDay_ms = 86'400'000;
inline constexpr std::int64_t kFixtureStart_ms = 1'790'000'000'000;  // 2026-09-21

struct Signer {
  crypto::Certificate root;
  crypto::Certificate certificate;
  crypto::PrivateKey key;
};

/// Root and signer have keys of the same algorithm; the signer's certificate is valid for `days`.
inline Signer make_signer(crypto::SignatureAlgorithm algorithm,
                          crypto::CertificateUse use = crypto::CertificateUse::kSeal, std::uint64_t seed = 1,
                          int days = 365) {
  SeededRandom random(seed);
  auto authority = crypto::CertificateAuthority::create(
      {"Example Root", "Example"}, crypto::PrivateKey::generate(algorithm, random).value(),
      {kFixtureStart_ms, kFixtureStart_ms + 3650 * kFixtureDay_ms}, random);
  auto key = crypto::PrivateKey::generate(algorithm, random).value();
  auto certificate = authority->issue({"Example Office", "Example"}, {}, key.public_key(), use,
                                      {kFixtureStart_ms, kFixtureStart_ms + days * kFixtureDay_ms}, random);
  return {authority->root(), std::move(certificate).value(), std::move(key)};
}

inline constexpr std::size_t kEachBit = 1;
/// One bit of each byte, another one from byte to byte: where certificates are parsed anew each time.
inline constexpr std::size_t kOneOfEachByte = 9;

/// Runs `check` with each such bit of `bytes` turned over.
template <typename Check>
void with_bits_turned(const Bytes& bytes, std::size_t step, Check check) {
  for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += step) {
    Bytes changed = bytes;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    check(changed, bit);
  }
}

}  // namespace chancery::documents
