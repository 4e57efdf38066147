#include "crypto/secret.h"

#include <openssl/crypto.h>

namespace chancery::crypto {

void wipe(void* memory, std::size_t bytes) {
  OPENSSL_cleanse(memory, bytes);
}

}  // namespace chancery::crypto
