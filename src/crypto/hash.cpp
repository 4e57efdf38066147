// SHA-256 goes through the low-level calls: for inputs of a block or two the EVP layer costs more than the hash itself.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/hash.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <cstring>
#include <vector>

#include "crypto/openssl_ptr.h"

namespace chancery::crypto {

namespace {

const EVP_MD* sm3_digest() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SM3", nullptr);
  CHANCERY_CHECK(fetched != nullptr);
  return fetched;
}

std::vector<EvpMdCtxPtr>& sm3_pool() {
  thread_local std::vector<EvpMdCtxPtr> pool;
  return pool;
}

EVP_MD_CTX* take_sm3_context() {
  std::vector<EvpMdCtxPtr>& pool = sm3_pool();
  EVP_MD_CTX* context = nullptr;
  if (pool.empty()) {
    context = EVP_MD_CTX_new();
  } else {
    context = pool.back().release();
    pool.pop_back();
  }
  CHANCERY_CHECK(context != nullptr);
  CHANCERY_CHECK(EVP_DigestInit_ex2(context, sm3_digest(), nullptr) == 1);
  return context;
}

static_assert(sizeof(SHA256_CTX) <= 128 && alignof(SHA256_CTX) <= 8);

SHA256_CTX* as_sha256(std::array<std::uint8_t, 128>& state) {
  return reinterpret_cast<SHA256_CTX*>(state.data());
}

EVP_MD_CTX* as_sm3(const std::array<std::uint8_t, 128>& state) {
  EVP_MD_CTX* context = nullptr;
  std::memcpy(&context, state.data(), sizeof context);
  return context;
}

Digest finish_sm3(EVP_MD_CTX* context) {
  Digest out;
  CHANCERY_CHECK(EVP_DigestFinal_ex(context, out.data(), nullptr) == 1);
  return out;
}

}  // namespace

std::string_view to_string(HashAlgorithm algorithm) {
  return algorithm == HashAlgorithm::kSm3 ? "sm3" : "sha256";
}

std::optional<HashAlgorithm> hash_algorithm_from_string(std::string_view name) {
  if (name == "sha256") return HashAlgorithm::kSha256;
  if (name == "sm3") return HashAlgorithm::kSm3;
  return std::nullopt;
}

Digest hash(HashAlgorithm algorithm, BytesView input) {
  return Hasher(algorithm).update(input).finish();
}

Hasher::Hasher(HashAlgorithm algorithm) : algorithm_(algorithm) {
  if (algorithm_ == HashAlgorithm::kSha256) {
    SHA256_Init(as_sha256(state_));
  } else {
    EVP_MD_CTX* context = take_sm3_context();
    std::memcpy(state_.data(), &context, sizeof context);
  }
}

Hasher::~Hasher() {
  if (algorithm_ == HashAlgorithm::kSm3) sm3_pool().emplace_back(as_sm3(state_));
}

Hasher& Hasher::update(BytesView more) {
  if (more.empty()) return *this;
  if (algorithm_ == HashAlgorithm::kSha256) {
    SHA256_Update(as_sha256(state_), more.data(), more.size());
  } else {
    CHANCERY_CHECK(EVP_DigestUpdate(as_sm3(state_), more.data(), more.size()) == 1);
  }
  return *this;
}

Digest Hasher::finish() {
  if (algorithm_ == HashAlgorithm::kSha256) {
    Digest out;
    SHA256_Final(out.data(), as_sha256(state_));
    SHA256_Init(as_sha256(state_));
    return out;
  }
  const Digest out = finish_sm3(as_sm3(state_));
  CHANCERY_CHECK(EVP_DigestInit_ex2(as_sm3(state_), sm3_digest(), nullptr) == 1);
  return out;
}

Digest domain_hash(HashAlgorithm algorithm, std::string_view domain, std::span<const BytesView> parts) {
  CHANCERY_CHECK(domain.size() <= 255);
  Hasher hasher(algorithm);
  const auto domain_bytes = static_cast<std::uint8_t>(domain.size());
  hasher.update({&domain_bytes, 1}).update(as_bytes(domain));
  for (const BytesView part : parts) {
    hasher.update(u64_be(part.size())).update(part);
  }
  return hasher.finish();
}

Digest domain_hash(HashAlgorithm algorithm, std::string_view domain, std::initializer_list<BytesView> parts) {
  return domain_hash(algorithm, domain, std::span<const BytesView>(parts.begin(), parts.size()));
}

}  // namespace chancery::crypto
