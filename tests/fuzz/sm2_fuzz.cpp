// Every backend gives the same verdict on an SM2 signature, good, changed or made up.
//   32 bytes secret | 1 byte choice | 64 bytes signature or changes to it | message

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/signature.h"

namespace {

using namespace chancery;
using namespace chancery::crypto;

constexpr std::size_t kSecret_bytes = 32;
constexpr std::size_t kHeader_bytes = kSecret_bytes + 1 + 64;

bool verdict_of(Backend backend, const PublicKey& key, BytesView message, const Signature& signature) {
  force_backend_for_test(backend);
  return verify(key, message, signature);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kHeader_bytes) return 0;
  const BytesView in(data, size);
  const auto key = PrivateKey::from_secret(SignatureAlgorithm::kSm2Sm3, in.first(kSecret_bytes));
  if (!key) return 0;
  const bool made_up = (in[kSecret_bytes] & 1) != 0;
  const BytesView given = in.subspan(kSecret_bytes + 1, 64);
  const BytesView message = in.subspan(kHeader_bytes);
  Signature signature{};
  if (!made_up) {
    force_backend_for_test(Backend::kTables);
    const auto by_tables = key->sign(message);
    force_backend_for_test(Backend::kOpenSsl);
    const auto by_openssl = key->sign(message);
    CHANCERY_CHECK(by_tables && by_openssl && *by_tables == *by_openssl);
    signature = *by_tables;
    CHANCERY_CHECK(verdict_of(Backend::kTables, key->public_key(), message, signature));
  }
  // Changes to a good signature; a made-up one is what they leave of nothing.
  for (std::size_t i = 0; i < signature.size(); ++i) signature[i] ^= given[i];
  const bool by_openssl = verdict_of(Backend::kOpenSsl, key->public_key(), message, signature);
  CHANCERY_CHECK(verdict_of(Backend::kTables, key->public_key(), message, signature) == by_openssl);
  if (crypto_mb_available()) {
    CHANCERY_CHECK(verdict_of(Backend::kCryptoMb, key->public_key(), message, signature) == by_openssl);
  }
  return 0;
}
