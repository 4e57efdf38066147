#include <atomic>

#include "crypto/signature.h"

#ifdef HAVE_CRYPTO_MB
#include <crypto_mb/cpu_features.h>
#endif

namespace chancery::crypto {

namespace {

bool cpu_has_what_crypto_mb_needs() {
#ifdef HAVE_CRYPTO_MB
  if (mbx_is_crypto_mb_applicable(0) == 0) return false;
  // "Applicable" may mean AVX2 with a few algorithms only: ask for each that we call.
  return (mbx_get_algo_info(MBX_ALGO_EC_SM2) & MBX_WIDTH_MB8) != 0 &&
         (mbx_get_algo_info(MBX_ALGO_ED25519) & MBX_WIDTH_MB8) != 0 &&
         (mbx_get_algo_info(MBX_ALGO_EC_NIST_P256) & MBX_WIDTH_MB8) != 0 &&
         (mbx_get_algo_info(MBX_ALGO_SM3) & MBX_WIDTH_MB16) != 0;
#else
  return false;
#endif
}

Backend best_backend() {
  return crypto_mb_available() ? Backend::kCryptoMb : Backend::kTables;
}

std::atomic<Backend>& chosen_backend() {
  static std::atomic<Backend> chosen{best_backend()};
  return chosen;
}

}  // namespace

bool crypto_mb_available() {
  static const bool available = cpu_has_what_crypto_mb_needs();
  return available;
}

Backend active_backend() {
  return chosen_backend().load(std::memory_order_relaxed);
}

std::string_view to_string(Backend backend) {
  switch (backend) {
    case Backend::kOpenSsl:
      return "openssl";
    case Backend::kTables:
      return "tables";
    case Backend::kCryptoMb:
      return "crypto_mb";
  }
  return "unknown";
}

void force_backend_for_test(std::optional<Backend> backend) {
  if (backend == Backend::kCryptoMb && !crypto_mb_available()) return;
  chosen_backend().store(backend.value_or(best_backend()), std::memory_order_relaxed);
}

}  // namespace chancery::crypto
