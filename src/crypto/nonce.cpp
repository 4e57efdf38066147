#include "crypto/nonce.h"

namespace chancery::crypto {

NonceGenerator::NonceGenerator(HashAlgorithm algorithm, const Curve& curve, BytesView secret, const Digest& digest,
                               BytesView additional)
    : algorithm_(algorithm), curve_(curve) {
  value_.fill(0x01);
  SecretBytes seed = to_secret(secret);
  const Digest message = modulo_order(curve, digest);  // bits2octets of RFC 6979 section 2.3.4
  seed.insert(seed.end(), message.begin(), message.end());
  seed.insert(seed.end(), additional.begin(), additional.end());
  update({seed.data(), seed.size()});
}

NonceGenerator::~NonceGenerator() {
  wipe(key_.data(), key_.size());
  wipe(value_.data(), value_.size());
}

void NonceGenerator::update(BytesView seed) {
  const int rounds = seed.empty() ? 1 : 2;
  for (int round = 0; round < rounds; ++round) {
    SecretBytes input = to_secret(value_);
    input.push_back(static_cast<std::uint8_t>(round));
    input.insert(input.end(), seed.begin(), seed.end());
    key_ = hmac(algorithm_, key_, {input.data(), input.size()});
    value_ = hmac(algorithm_, key_, value_);
  }
}

SecretBytes NonceGenerator::next() {
  while (true) {
    if (!fresh_) update({});
    fresh_ = false;
    value_ = hmac(algorithm_, key_, value_);
    if (scalar_in_range(curve_, value_)) return to_secret(value_);
  }
}

}  // namespace chancery::crypto
