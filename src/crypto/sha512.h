#pragma once
// SHA-512 (FIPS 180-4), for formats of others that ask for it: CMS with Ed25519 (RFC 8419 section 3.1). Nothing of our
// own uses it.

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace chancery::crypto {

std::array<std::uint8_t, 64> sha512(BytesView input);

}  // namespace chancery::crypto
