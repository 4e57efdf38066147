#include "crypto/aead.h"

#include "crypto/openssl_ptr.h"
#include "crypto/sm4_gcm.h"

namespace chancery::crypto {

namespace {

// NIST SP 800-38D section 5.2.1.1: the 32-bit counter would wrap.
constexpr std::uint64_t kMostPlaintextBytes = (std::uint64_t{1} << 36) - 32;
constexpr std::size_t kStepBytes = std::size_t{1} << 30;  // EVP counts in int

std::unexpected<Error> wrong_key_length() {
  return fail(Reason::kInvalidValue, "the key has another length");
}
std::unexpected<Error> tag_mismatch() {
  return fail(Reason::kProofInvalid, "the authentication tag does not hold: another key, or the data was changed");
}
std::unexpected<Error> openssl_failed() {
  return fail(Reason::kCryptoFailed, "OpenSSL refused AES-256-GCM");
}

EvpCipherCtxPtr start_aes(bool encrypt, BytesView key, const AeadNonce& nonce) {
  static EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  EvpCipherCtxPtr context(EVP_CIPHER_CTX_new());
  if (!context || EVP_CipherInit_ex2(context.get(), cipher, key.data(), nonce.data(), encrypt ? 1 : 0, nullptr) != 1) {
    return nullptr;
  }
  return context;
}

/// `out` is null for associated data.
bool feed(EVP_CIPHER_CTX* context, BytesView in, std::uint8_t* out) {
  while (!in.empty()) {
    const std::size_t step = std::min(in.size(), kStepBytes);
    int written = 0;
    if (EVP_CipherUpdate(context, out, &written, in.data(), static_cast<int>(step)) != 1) return false;
    if (out != nullptr) out += step;
    in = in.subspan(step);
  }
  return true;
}

Result<Bytes> seal_aes(BytesView key, const AeadNonce& nonce, BytesView associated_data, BytesView plaintext) {
  const EvpCipherCtxPtr context = start_aes(true, key, nonce);
  Bytes out(plaintext.size() + kAeadTagBytes);
  std::uint8_t* const tag = out.data() + plaintext.size();
  int written = 0;
  if (!context || !feed(context.get(), associated_data, nullptr) || !feed(context.get(), plaintext, out.data()) ||
      EVP_CipherFinal_ex(context.get(), tag, &written) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kAeadTagBytes), tag) != 1) {
    return openssl_failed();
  }
  return out;
}

Result<Bytes> open_aes(BytesView key, const AeadNonce& nonce, BytesView associated_data, BytesView sealed) {
  const EvpCipherCtxPtr context = start_aes(false, key, nonce);
  const BytesView ciphertext = sealed.first(sealed.size() - kAeadTagBytes);
  Bytes tag = to_bytes(sealed.last(kAeadTagBytes));
  Bytes out(ciphertext.size() + 1);  // one more, so that data() is never null
  int written = 0;
  if (!context || !feed(context.get(), associated_data, nullptr) || !feed(context.get(), ciphertext, out.data()) ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kAeadTagBytes), tag.data()) != 1) {
    return openssl_failed();
  }
  if (EVP_CipherFinal_ex(context.get(), out.data() + ciphertext.size(), &written) != 1) {
    OPENSSL_cleanse(out.data(), out.size());
    return tag_mismatch();
  }
  out.resize(ciphertext.size());
  return out;
}

}  // namespace

std::string_view to_string(AeadAlgorithm algorithm) {
  return algorithm == AeadAlgorithm::kSm4Gcm ? "sm4-gcm" : "aes-256-gcm";
}

std::optional<AeadAlgorithm> aead_algorithm_from_number(std::uint32_t number) {
  if (number == 1) return AeadAlgorithm::kAes256Gcm;
  if (number == 2) return AeadAlgorithm::kSm4Gcm;
  return std::nullopt;
}

std::size_t aead_key_bytes(AeadAlgorithm algorithm) {
  return algorithm == AeadAlgorithm::kSm4Gcm ? 16 : 32;
}

Result<Bytes> seal(AeadAlgorithm algorithm, BytesView key, const AeadNonce& nonce, BytesView associated_data,
                   BytesView plaintext) {
  if (key.size() != aead_key_bytes(algorithm)) return wrong_key_length();
  if (plaintext.size() >= kMostPlaintextBytes) return fail(Reason::kInvalidValue, "more than GCM can encrypt");
  if (algorithm == AeadAlgorithm::kAes256Gcm) return seal_aes(key, nonce, associated_data, plaintext);
  Bytes out(plaintext.size() + kAeadTagBytes);
  TRY(sm4_gcm(GcmDirection::kSeal, key, nonce, associated_data, plaintext, out.data(),
              std::span<std::uint8_t, kAeadTagBytes>(out.data() + plaintext.size(), kAeadTagBytes)));
  return out;
}

Result<Bytes> open(AeadAlgorithm algorithm, BytesView key, const AeadNonce& nonce, BytesView associated_data,
                   BytesView sealed) {
  if (key.size() != aead_key_bytes(algorithm)) return wrong_key_length();
  if (sealed.size() < kAeadTagBytes) return tag_mismatch();
  if (sealed.size() - kAeadTagBytes >= kMostPlaintextBytes) {
    return fail(Reason::kInvalidValue, "more than GCM can encrypt");
  }
  if (algorithm == AeadAlgorithm::kAes256Gcm) return open_aes(key, nonce, associated_data, sealed);
  const BytesView ciphertext = sealed.first(sealed.size() - kAeadTagBytes);
  Bytes out(ciphertext.size());
  std::array<std::uint8_t, kAeadTagBytes> tag;
  TRY(sm4_gcm(GcmDirection::kOpen, key, nonce, associated_data, ciphertext, out.data(), tag));
  if (!equal_constant_time(tag, sealed.last(kAeadTagBytes))) {
    OPENSSL_cleanse(out.data(), out.size());
    return tag_mismatch();
  }
  return out;
}

}  // namespace chancery::crypto
