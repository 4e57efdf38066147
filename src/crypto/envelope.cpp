#include "crypto/envelope.h"

#include <algorithm>

#include "crypto/hash.h"

namespace chancery::crypto {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kDocumentDomain = "chancery/document/1";
constexpr std::string_view kWrapDomain = "chancery/wrap/1";
constexpr std::size_t kDocumentHeaderBytes = 2 + kAeadNonceBytes;
constexpr std::size_t kWrapHeaderBytes = 3 + std::tuple_size_v<KeyId>;

std::unexpected<Error> no_wrapped_key() {
  return fail(Reason::kMalformed, "this is not a wrapped key");
}

Digest document_binding(AeadAlgorithm algorithm, BytesView context) {
  const std::array<std::uint8_t, 2> header = {kVersion, static_cast<std::uint8_t>(algorithm)};
  return domain_hash(HashAlgorithm::kSha256, kDocumentDomain, {header, context});
}

Digest wrap_binding(BytesView header, BytesView context) {
  return domain_hash(HashAlgorithm::kSha256, kWrapDomain, {header, context});
}

struct WrapHeader {
  AgreementAlgorithm agreement;
  AeadAlgorithm aead;
  KeyId reader;
};

Result<WrapHeader> parse_wrap_header(BytesView wrapped) {
  if (wrapped.size() < kWrapHeaderBytes || wrapped[0] != kVersion) return no_wrapped_key();
  const auto agreement = agreement_algorithm_from_number(wrapped[1]);
  const auto aead = aead_algorithm_from_number(wrapped[2]);
  if (!agreement || !aead) return no_wrapped_key();
  WrapHeader header{*agreement, *aead, {}};
  std::copy_n(wrapped.begin() + 3, header.reader.size(), header.reader.begin());
  return header;
}

Result<SecretBytes> wrapping_key(const WrapHeader& header, BytesView shared, BytesView ephemeral, BytesView reader,
                                 const Digest& binding) {
  Bytes salt = to_bytes(ephemeral);
  append(salt, reader);
  Bytes info = to_bytes(kWrapDomain);
  append(info, binding);
  ASSIGN_OR_RETURN(Bytes key, hkdf(HashAlgorithm::kSha256, shared, salt, info, aead_key_bytes(header.aead)));
  SecretBytes out = to_secret(key);
  wipe(key.data(), key.size());
  return out;
}

BytesView view(const SecretBytes& secret) {
  return {secret.data(), secret.size()};
}

Result<DataKey> unwrap_sm2(const WrapHeader& header, BytesView body, const Digest& binding,
                           const ReaderPrivateKey& reader) {
  ASSIGN_OR_RETURN(const SecretBytes opened, sm2_decrypt(reader, body));
  const std::size_t key_bytes = aead_key_bytes(header.aead);
  if (opened.size() != key_bytes + binding.size() || !equal_constant_time(view(opened).subspan(key_bytes), binding)) {
    return fail(Reason::kProofInvalid, "the key was wrapped for another document");
  }
  return DataKey::from_bytes(header.aead, view(opened).first(key_bytes));
}

Result<DataKey> unwrap_agreed(const WrapHeader& header, BytesView body, const Digest& binding,
                              const ReaderPrivateKey& reader) {
  const std::size_t point_bytes = reader.public_key().bytes.size();
  if (body.size() != point_bytes + aead_key_bytes(header.aead) + kAeadTagBytes) return no_wrapped_key();
  ASSIGN_OR_RETURN(const ReaderPublicKey ephemeral, ReaderPublicKey::parse(header.agreement, body.first(point_bytes)));
  ASSIGN_OR_RETURN(const SecretBytes shared, agree(reader, ephemeral));
  ASSIGN_OR_RETURN(const SecretBytes key,
                   wrapping_key(header, view(shared), ephemeral.bytes, reader.public_key().bytes, binding));
  ASSIGN_OR_RETURN(Bytes opened, open(header.aead, view(key), {}, binding, body.subspan(point_bytes)));
  Result<DataKey> out = DataKey::from_bytes(header.aead, opened);
  wipe(opened.data(), opened.size());
  return out;
}

}  // namespace

DataKey DataKey::generate(AeadAlgorithm algorithm, Random& random) {
  SecretBytes key(aead_key_bytes(algorithm));
  random.fill(key);
  return DataKey(algorithm, view(key));
}

Result<DataKey> DataKey::from_bytes(AeadAlgorithm algorithm, BytesView key) {
  if (key.size() != aead_key_bytes(algorithm)) return fail(Reason::kInvalidValue, "a data key of another length");
  return DataKey(algorithm, key);
}

Result<Bytes> seal_document(const DataKey& key, BytesView context, BytesView plaintext, Random& random) {
  AeadNonce nonce;
  random.fill(nonce);
  const Digest binding = document_binding(key.algorithm(), context);
  ASSIGN_OR_RETURN(const Bytes body, seal(key.algorithm(), key.bytes(), nonce, binding, plaintext));
  Bytes out;
  out.reserve(kDocumentHeaderBytes + body.size());
  out.push_back(kVersion);
  out.push_back(static_cast<std::uint8_t>(key.algorithm()));
  append(out, nonce);
  append(out, body);
  return out;
}

Result<Bytes> open_document(const DataKey& key, BytesView context, BytesView sealed) {
  if (sealed.size() < kDocumentHeaderBytes + kAeadTagBytes || sealed[0] != kVersion ||
      !aead_algorithm_from_number(sealed[1])) {
    return fail(Reason::kMalformed, "this is not a sealed document");
  }
  if (sealed[1] != static_cast<std::uint8_t>(key.algorithm())) {
    return fail(Reason::kProofInvalid, "the document is sealed with another algorithm than this key's");
  }
  AeadNonce nonce;
  std::copy_n(sealed.begin() + 2, nonce.size(), nonce.begin());
  const Digest binding = document_binding(key.algorithm(), context);
  return open(key.algorithm(), key.bytes(), nonce, binding, sealed.subspan(kDocumentHeaderBytes));
}

Result<Bytes> wrap_key(const DataKey& key, BytesView context, const ReaderPublicKey& reader, Random& random) {
  const WrapHeader header{reader.algorithm, key.algorithm(), key_id(reader)};
  Bytes out{kVersion, static_cast<std::uint8_t>(header.agreement), static_cast<std::uint8_t>(header.aead)};
  append(out, header.reader);
  const Digest binding = wrap_binding(out, context);
  if (header.agreement == AgreementAlgorithm::kSm2) {
    SecretBytes plaintext = to_secret(key.bytes());
    plaintext.insert(plaintext.end(), binding.begin(), binding.end());
    ASSIGN_OR_RETURN(const Bytes body, sm2_encrypt(reader, view(plaintext)));
    append(out, body);
    return out;
  }
  ASSIGN_OR_RETURN(const ReaderPrivateKey ephemeral, ReaderPrivateKey::generate(header.agreement, random));
  ASSIGN_OR_RETURN(const SecretBytes shared, agree(ephemeral, reader));
  ASSIGN_OR_RETURN(const SecretBytes wrapping,
                   wrapping_key(header, view(shared), ephemeral.public_key().bytes, reader.bytes, binding));
  ASSIGN_OR_RETURN(const Bytes sealed, seal(header.aead, view(wrapping), {}, binding, key.bytes()));
  append(out, ephemeral.public_key().bytes);
  append(out, sealed);
  return out;
}

Result<DataKey> unwrap_key(BytesView wrapped, BytesView context, const ReaderPrivateKey& reader) {
  ASSIGN_OR_RETURN(const WrapHeader header, parse_wrap_header(wrapped));
  if (header.agreement != reader.public_key().algorithm || header.reader != key_id(reader.public_key())) {
    return fail(Reason::kForbidden, "the data key was wrapped to another reader");
  }
  const Digest binding = wrap_binding(wrapped.first(kWrapHeaderBytes), context);
  const BytesView body = wrapped.subspan(kWrapHeaderBytes);
  if (header.agreement == AgreementAlgorithm::kSm2) return unwrap_sm2(header, body, binding, reader);
  return unwrap_agreed(header, body, binding, reader);
}

Result<KeyId> reader_of(BytesView wrapped) {
  ASSIGN_OR_RETURN(const WrapHeader header, parse_wrap_header(wrapped));
  return header.reader;
}

}  // namespace chancery::crypto
