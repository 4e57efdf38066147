#include <openssl/crypto.h>

#include <algorithm>

#include "crypto/hash.h"

namespace chancery::crypto {

Digest hmac(HashAlgorithm algorithm, BytesView key, BytesView message) {
  static constexpr std::size_t kBlockBytes = 64;  // of both hash functions
  std::array<std::uint8_t, kBlockBytes> inner_pad{};
  if (key.size() > kBlockBytes) {
    const Digest short_key = hash(algorithm, key);
    std::ranges::copy(short_key, inner_pad.begin());
  } else {
    std::ranges::copy(key, inner_pad.begin());
  }
  std::array<std::uint8_t, kBlockBytes> outer_pad = inner_pad;
  for (std::uint8_t& byte : inner_pad) byte ^= 0x36;
  for (std::uint8_t& byte : outer_pad) byte ^= 0x5c;
  Hasher hasher(algorithm);
  const Digest inner = hasher.update(inner_pad).update(message).finish();
  const Digest tag = hasher.update(outer_pad).update(inner).finish();
  OPENSSL_cleanse(inner_pad.data(), inner_pad.size());
  OPENSSL_cleanse(outer_pad.data(), outer_pad.size());
  return tag;
}

Result<Bytes> hkdf(HashAlgorithm algorithm, BytesView secret, BytesView salt, BytesView info, std::size_t bytes) {
  constexpr std::size_t kMostBytes = 255 * std::tuple_size_v<Digest>;
  if (bytes > kMostBytes) return fail(Reason::kInvalidValue, "HKDF gives at most 8160 bytes");
  const Digest pseudorandom_key = hmac(algorithm, salt, secret);  // an empty salt equals 32 zero bytes, RFC 5869 2.2
  Bytes out;
  out.reserve(bytes);
  Bytes block;
  for (std::uint8_t counter = 1; out.size() < bytes; ++counter) {
    append(block, info);
    block.push_back(counter);
    const Digest next = hmac(algorithm, pseudorandom_key, block);
    append(out, BytesView(next).first(std::min(next.size(), bytes - out.size())));
    block.assign(next.begin(), next.end());
  }
  return out;
}

}  // namespace chancery::crypto
