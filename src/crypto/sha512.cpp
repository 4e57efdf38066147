#include "crypto/sha512.h"

#include <openssl/evp.h>

#include "base/result.h"

namespace chancery::crypto {

std::array<std::uint8_t, 64> sha512(BytesView input) {
  std::array<std::uint8_t, 64> out{};
  unsigned length = 0;
  CHANCERY_CHECK(EVP_Digest(input.data(), input.size(), out.data(), &length, EVP_sha512(), nullptr) == 1 &&
                 length == out.size());
  return out;
}

}  // namespace chancery::crypto
