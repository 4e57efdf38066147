#include "crypto/x509/x509_parts.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "crypto/der.h"
#include "crypto/evp_key.h"
#include "crypto/spki.h"

namespace chancery::crypto {

namespace {

constexpr int kMostLevels = 16;
constexpr std::size_t kMostPemBytes = 64U << 10;
constexpr std::size_t kMostNameBytes = 128;
constexpr std::size_t kMostUriBytes = 512;
constexpr std::uint8_t kConstructed = 0x20;

using Asn1StringPtr = OpenSslPtr<ASN1_STRING, ASN1_STRING_free>;
using GeneralNamePtr = OpenSslPtr<GENERAL_NAME, GENERAL_NAME_free>;

Status check_levels(DerReader reader, int level) {
  if (level > kMostLevels) return fail(Reason::kTooLarge, "the DER nests deeper than 16 levels");
  while (!reader.at_end()) {
    ASSIGN_OR_RETURN(const DerReader::Element element, reader.next());
    if ((element.tag & kConstructed) != 0) TRY(check_levels(DerReader(element.content), level + 1));
  }
  return {};
}

bool plain_text(std::string_view text) {
  return is_utf8(text) && std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

Result<std::string> read_entry(const X509_NAME* name, int nid) {
  const int at = X509_NAME_get_index_by_NID(name, nid, -1);
  if (at < 0) return std::string();
  const ASN1_STRING* const value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
  unsigned char* raw = nullptr;
  const int length = ASN1_STRING_to_UTF8(&raw, value);
  if (length < 0) return fail(Reason::kMalformed, "a name that is no text");
  std::string out(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(length));
  OPENSSL_free(raw);
  if (out.size() > kMostNameBytes) return fail(Reason::kTooLarge, "a name of more than 128 bytes");
  if (!plain_text(out)) return fail(Reason::kMalformed, "a name with control characters");
  return out;
}

Status write_entry(X509_NAME* out, int nid, const std::string& text) {
  if (text.size() > kMostNameBytes || !plain_text(text)) {
    return fail(Reason::kInvalidValue, "a name has at most 128 bytes of plain text");
  }
  // OpenSSL itself holds X.520's bounds: 64 characters in each of the two.
  if (X509_NAME_add_entry_by_NID(out, nid, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
                                 static_cast<int>(text.size()), -1, 0) != 1) {
    ERR_clear_error();
    return fail(Reason::kInvalidValue, "a name has at most 64 characters");
  }
  return {};
}

Result<std::string> text_of(const ASN1_STRING* value, std::size_t most_bytes) {
  std::string out(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                  static_cast<std::size_t>(ASN1_STRING_length(value)));
  if (out.empty() || out.size() > most_bytes) return fail(Reason::kTooLarge, "an alternative name of that length");
  // A NUL in the middle once made "good.example\0.evil" pass as good.example.
  if (std::ranges::any_of(out, [](char c) { return c <= 0x20 || c > 0x7e; })) {
    return fail(Reason::kMalformed, "an alternative name with other than visible ASCII");
  }
  return out;
}

Result<std::string> ip_text(const ASN1_OCTET_STRING* value) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int length = ASN1_STRING_length(value);
  const int family = length == 4 ? AF_INET : AF_INET6;
  if ((length != 4 && length != 16) ||
      inet_ntop(family, ASN1_STRING_get0_data(value), text.data(), text.size()) == nullptr) {
    return fail(Reason::kMalformed, "an IP address of another length than 4 or 16 bytes");
  }
  return std::string(text.data());
}

Status push(GENERAL_NAMES* names, int type, BytesView value) {
  GeneralNamePtr name(GENERAL_NAME_new());
  Asn1StringPtr text(ASN1_STRING_type_new(type == GEN_IPADD ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING));
  if (!name || !text || ASN1_STRING_set(text.get(), value.data(), static_cast<int>(value.size())) != 1) {
    return openssl_failed("make an alternative name");
  }
  GENERAL_NAME_set0_value(name.get(), type, text.release());
  if (sk_GENERAL_NAME_push(names, name.get()) <= 0) return openssl_failed("make an alternative name");
  static_cast<void>(name.release());
  return {};
}

Status push_text(GENERAL_NAMES* names, int type, const std::string& text) {
  const bool plain = std::ranges::all_of(text, [](char c) { return c > 0x20 && c <= 0x7e; });
  if (text.empty() || text.size() > kMostUriBytes || !plain) {
    return fail(Reason::kInvalidValue, "an alternative name has 1 to 512 visible ASCII characters");
  }
  return push(names, type, as_bytes(text));
}

Status push_ip(GENERAL_NAMES* names, const std::string& text) {
  std::array<std::uint8_t, 16> address{};
  if (inet_pton(AF_INET, text.c_str(), address.data()) == 1) return push(names, GEN_IPADD, BytesView(address).first(4));
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return push(names, GEN_IPADD, address);
  return fail(Reason::kInvalidValue, text + " is no IP address");
}

template <class Object, void (*kSet)(Object*, ASN1_OCTET_STRING*)>
bool set_id(Object* object) {
  ASN1_OCTET_STRING* const id = ASN1_OCTET_STRING_new();
  if (id == nullptr) return false;
  if (ASN1_OCTET_STRING_set(id, reinterpret_cast<const unsigned char*>(kSm2DefaultId.data()),
                            static_cast<int>(kSm2DefaultId.size())) != 1) {
    ASN1_OCTET_STRING_free(id);
    return false;
  }
  kSet(object, id);
  return true;
}

}  // namespace

std::unexpected<Error> openssl_failed(std::string_view what) {
  ERR_clear_error();
  return fail(Reason::kCryptoFailed, "OpenSSL could not " + std::string(what));
}

Status check_der_shape(BytesView der, std::size_t most_bytes) {
  if (der.size() > most_bytes) {
    return fail(Reason::kTooLarge,
                std::to_string(der.size()) + " bytes, at most " + std::to_string(most_bytes) + " are taken");
  }
  DerReader outside(der);
  ASSIGN_OR_RETURN(const DerReader body, outside.enter(der::kSequence));
  TRY(outside.end());
  return check_levels(body, 2);
}

Result<Bytes> der_from_pem(std::string_view pem, const char* label) {
  if (pem.size() > kMostPemBytes) return fail(Reason::kTooLarge, "a PEM text has at most 64 KiB");
  const BioPtr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  while (in) {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long length = 0;
    if (PEM_read_bio(in.get(), &name, &header, &data, &length) != 1) break;
    const bool found = std::string_view(name) == label;
    Bytes out(data, data + length);
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(data);
    if (found) return out;
  }
  ERR_clear_error();
  return fail(Reason::kMalformed, std::string("no PEM block \"") + label + "\"");
}

std::string pem_of(BytesView der, const char* label) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  CHANCERY_CHECK(out && PEM_write_bio(out.get(), label, "", der.data(), static_cast<long>(der.size())) > 0);
  char* text = nullptr;
  const long length = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

Result<DistinguishedName> read_name(const X509_NAME* name) {
  DistinguishedName out;
  ASSIGN_OR_RETURN(out.common_name, read_entry(name, NID_commonName));
  ASSIGN_OR_RETURN(out.organisation, read_entry(name, NID_organizationName));
  return out;
}

Status write_name(X509_NAME* out, const DistinguishedName& name) {
  if (name.common_name.empty()) return fail(Reason::kInvalidValue, "a certificate needs a common name");
  if (!name.organisation.empty()) TRY(write_entry(out, NID_organizationName, name.organisation));
  return write_entry(out, NID_commonName, name.common_name);
}

Result<AlternativeNames> read_alternative_names(const GENERAL_NAMES* names) {
  AlternativeNames out;
  const int count = names == nullptr ? 0 : sk_GENERAL_NAME_num(names);
  if (count > static_cast<int>(kMostAlternativeNames)) return fail(Reason::kTooLarge, "more than 64 alternative names");
  for (int i = 0; i < count; ++i) {
    int type = 0;
    const void* const value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &type);
    if (type == GEN_DNS || type == GEN_URI) {
      ASSIGN_OR_RETURN(std::string text, text_of(static_cast<const ASN1_STRING*>(value), kMostUriBytes));
      (type == GEN_DNS ? out.dns : out.uri).push_back(std::move(text));
    } else if (type == GEN_IPADD) {
      ASSIGN_OR_RETURN(std::string text, ip_text(static_cast<const ASN1_OCTET_STRING*>(value)));
      out.ip.push_back(std::move(text));
    }
  }
  return out;
}

Result<GeneralNamesPtr> make_alternative_names(const AlternativeNames& names) {
  if (names.dns.size() + names.ip.size() + names.uri.size() > kMostAlternativeNames) {
    return fail(Reason::kInvalidValue, "a certificate has at most 64 alternative names");
  }
  GeneralNamesPtr out(sk_GENERAL_NAME_new_null());
  if (!out) return openssl_failed("make alternative names");
  for (const std::string& name : names.dns) TRY(push_text(out.get(), GEN_DNS, name));
  for (const std::string& address : names.ip) TRY(push_ip(out.get(), address));
  for (const std::string& uri : names.uri) TRY(push_text(out.get(), GEN_URI, uri));
  return out;
}

Result<PublicKey> read_public_key(X509_PUBKEY* key) {
  const Bytes spki = der_of<X509_PUBKEY>(i2d_X509_PUBKEY, key);
  return public_key_from_spki(spki);
}

Result<SignatureAlgorithm> algorithm_of_signature(int signature_nid) {
  switch (signature_nid) {
    case NID_ED25519:
      return SignatureAlgorithm::kEd25519;
    case NID_ecdsa_with_SHA256:
      return SignatureAlgorithm::kEcdsaP256Sha256;
    case NID_SM2_with_SM3:
      return SignatureAlgorithm::kSm2Sm3;
    default:
      return fail(Reason::kUnsupported, "signed with another algorithm than Ed25519, ECDSA P-256 or SM2");
  }
}

Result<std::int64_t> read_time_ms(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) {
    ERR_clear_error();
    return fail(Reason::kMalformed, "a time that cannot be read");
  }
  return std::int64_t{timegm(&parts)} * 1000;
}

Asn1TimePtr make_time(std::int64_t time_ms) {
  if (time_ms < 0 || time_ms > 253'402'300'799'000) return nullptr;  // 9999-12-31T23:59:59Z
  return Asn1TimePtr(ASN1_TIME_set(nullptr, static_cast<time_t>(time_ms / 1000)));
}

std::string read_serial(const ASN1_INTEGER* serial) {
  const BignumPtr number(ASN1_INTEGER_to_BN(serial, nullptr));
  if (!number) return {};
  Bytes magnitude(static_cast<std::size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), magnitude.data());
  std::string hex = to_hex(magnitude);
  hex.erase(0, std::min(hex.find_first_not_of('0'), hex.size()));
  return (BN_is_negative(number.get()) != 0 ? "-" : "") + (hex.empty() ? "0" : hex);
}

Result<EvpMdCtxPtr> signing_context(const PrivateKey& key, EVP_PKEY* evp) {
  EvpMdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* owned_by_context = nullptr;
  const EVP_MD* const digest = key.algorithm() == SignatureAlgorithm::kEd25519           ? nullptr
                               : key.algorithm() == SignatureAlgorithm::kEcdsaP256Sha256 ? EVP_sha256()
                                                                                         : EVP_sm3();
  if (!context || EVP_DigestSignInit(context.get(), &owned_by_context, digest, nullptr, evp) != 1) {
    return openssl_failed("begin a signature");
  }
  if (key.algorithm() == SignatureAlgorithm::kSm2Sm3 &&
      EVP_PKEY_CTX_set1_id(owned_by_context, kSm2DefaultId.data(), static_cast<int>(kSm2DefaultId.size())) != 1) {
    return openssl_failed("set the SM2 signer identifier");
  }
  return context;
}

bool set_sm2_id(X509* certificate) {
  return set_id<X509, X509_set0_distinguishing_id>(certificate);
}

bool set_sm2_id(X509_REQ* request) {
  return set_id<X509_REQ, X509_REQ_set0_distinguishing_id>(request);
}

X509Ptr to_openssl(const Certificate& certificate) {
  const unsigned char* at = certificate.der().data();
  X509Ptr out(d2i_X509(nullptr, &at, static_cast<long>(certificate.der().size())));
  CHANCERY_CHECK(out != nullptr);
  const bool sm2 = certificate.signature_algorithm() == SignatureAlgorithm::kSm2Sm3;
  CHANCERY_CHECK(!sm2 || set_sm2_id(out.get()));
  return out;
}

}  // namespace chancery::crypto
