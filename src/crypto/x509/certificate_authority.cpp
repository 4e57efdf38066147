#include "crypto/x509/certificate_authority.h"

#include <openssl/err.h>

#include "crypto/evp_key.h"
#include "crypto/hash.h"
#include "crypto/public_key.h"
#include "crypto/x509/x509_parts.h"

namespace chancery::crypto {

namespace {

constexpr std::size_t kSerialBytes = 16;
constexpr std::size_t kKeyIdentifierBytes = 20;

using BasicConstraintsPtr = OpenSslPtr<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free>;
using BitStringPtr = OpenSslPtr<ASN1_BIT_STRING, ASN1_BIT_STRING_free>;
using OctetStringPtr = OpenSslPtr<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;
using AuthorityKeyIdPtr = OpenSslPtr<AUTHORITY_KEYID, AUTHORITY_KEYID_free>;
using ExtendedKeyUsagePtr = OpenSslPtr<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;

/// Bits of KeyUsage by their numbers in RFC 5280 section 4.2.1.3.
constexpr int kDigitalSignature = 0;
constexpr int kNonRepudiation = 1;
constexpr int kKeyCertSign = 5;
constexpr int kCrlSign = 6;

bool add_extension(X509* certificate, int nid, void* value, bool critical) {
  return value != nullptr && X509_add1_ext_i2d(certificate, nid, value, critical ? 1 : 0, X509V3_ADD_DEFAULT) == 1;
}

/// RFC 7093 section 2, method 1: the first 160 bits of SHA-256 over the key's bits.
OctetStringPtr key_identifier(const PublicKey& key) {
  const Digest digest = hash(HashAlgorithm::kSha256, key.bytes);
  OctetStringPtr out(ASN1_OCTET_STRING_new());
  if (out && ASN1_OCTET_STRING_set(out.get(), digest.data(), kKeyIdentifierBytes) != 1) out.reset();
  return out;
}

bool add_key_identifiers(X509* certificate, const PublicKey& subject, const PublicKey& issuer) {
  const OctetStringPtr own = key_identifier(subject);
  const AuthorityKeyIdPtr authority(AUTHORITY_KEYID_new());
  if (!own || !authority) return false;
  authority->keyid = key_identifier(issuer).release();
  return add_extension(certificate, NID_subject_key_identifier, own.get(), false) &&
         add_extension(certificate, NID_authority_key_identifier, authority.get(), false);
}

bool add_key_usage(X509* certificate, std::initializer_list<int> bits) {
  const BitStringPtr usage(ASN1_BIT_STRING_new());
  if (!usage) return false;
  for (const int bit : bits) {
    if (ASN1_BIT_STRING_set_bit(usage.get(), bit, 1) != 1) return false;
  }
  return add_extension(certificate, NID_key_usage, usage.get(), true);
}

bool add_constraints(X509* certificate, bool authority) {
  const BasicConstraintsPtr constraints(BASIC_CONSTRAINTS_new());
  if (!constraints) return false;
  constraints->ca = authority ? 0xff : 0;
  if (authority) {
    constraints->pathlen = ASN1_INTEGER_new();  // owned by the constraints
    if (constraints->pathlen == nullptr || ASN1_INTEGER_set(constraints->pathlen, 0) != 1) return false;
  }
  return add_extension(certificate, NID_basic_constraints, constraints.get(), true);
}

bool add_peer_usage(X509* certificate) {
  const ExtendedKeyUsagePtr usage(EXTENDED_KEY_USAGE_new());
  return usage && sk_ASN1_OBJECT_push(usage.get(), OBJ_nid2obj(NID_server_auth)) > 0 &&
         sk_ASN1_OBJECT_push(usage.get(), OBJ_nid2obj(NID_client_auth)) > 0 &&
         add_extension(certificate, NID_ext_key_usage, usage.get(), false);
}

bool add_timestamp_usage(X509* certificate) {
  const ExtendedKeyUsagePtr usage(EXTENDED_KEY_USAGE_new());
  return usage && sk_ASN1_OBJECT_push(usage.get(), OBJ_nid2obj(NID_time_stamp)) > 0 &&
         add_extension(certificate, NID_ext_key_usage, usage.get(), true);
}

bool add_use(X509* certificate, CertificateUse use) {
  if (use == CertificateUse::kTimestamp) {
    return add_key_usage(certificate, {kDigitalSignature, kNonRepudiation}) && add_timestamp_usage(certificate);
  }
  if (use == CertificateUse::kSeal) return add_key_usage(certificate, {kDigitalSignature, kNonRepudiation});
  return add_key_usage(certificate, {kDigitalSignature}) && add_peer_usage(certificate);
}

/// Positive and never shorter than we say: the first bit is off, the second on.
Asn1IntegerPtr random_serial(Random& random) {
  Bytes bytes = random.bytes(kSerialBytes);
  bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0x3fU) | 0x40U);
  const BignumPtr number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  return Asn1IntegerPtr(number ? BN_to_ASN1_INTEGER(number.get(), nullptr) : nullptr);
}

Status set_validity(X509* certificate, const Validity& validity) {
  const Asn1TimePtr from = make_time(validity.not_before_ms);
  const Asn1TimePtr to = make_time(validity.not_after_ms);
  if (!from || !to || validity.not_after_ms <= validity.not_before_ms) {
    return fail(Reason::kInvalidValue, "a certificate begins before it ends, between 1970 and 9999");
  }
  if (X509_set1_notBefore(certificate, from.get()) != 1 || X509_set1_notAfter(certificate, to.get()) != 1) {
    return openssl_failed("set the validity");
  }
  return {};
}

/// Version, serial, validity, subject and key: what roots and leaves have in common.
Result<X509Ptr> begin(const DistinguishedName& subject, const PublicKey& key, const Validity& validity,
                      Random& random) {
  X509Ptr out(X509_new());
  const Asn1IntegerPtr serial = random_serial(random);
  const EvpPkeyPtr evp = to_evp(key);
  if (!out || !serial || !evp || X509_set_version(out.get(), X509_VERSION_3) != 1 ||
      X509_set_serialNumber(out.get(), serial.get()) != 1 || X509_set_pubkey(out.get(), evp.get()) != 1) {
    return openssl_failed("make a certificate");
  }
  TRY(set_validity(out.get(), validity));
  TRY(write_name(X509_get_subject_name(out.get()), subject));
  return out;
}

Result<Certificate> sign(X509* certificate, const PrivateKey& key) {
  const EvpPkeyPtr evp = to_evp(key);
  if (!evp) return openssl_failed("use the authority's key");
  ASSIGN_OR_RETURN(const EvpMdCtxPtr context, signing_context(key, evp.get()));
  if (X509_sign_ctx(certificate, context.get()) <= 0) return openssl_failed("sign a certificate");
  // Read back through the door that everybody else uses: what we issue, we accept.
  return Certificate::from_der(der_of<X509>(i2d_X509, certificate));
}

}  // namespace

Result<CertificateAuthority> CertificateAuthority::create(const DistinguishedName& name, PrivateKey key,
                                                          const Validity& validity, Random& random) {
  ASSIGN_OR_RETURN(const X509Ptr root, begin(name, key.public_key(), validity, random));
  if (X509_set_issuer_name(root.get(), X509_get_subject_name(root.get())) != 1 || !add_constraints(root.get(), true) ||
      !add_key_usage(root.get(), {kKeyCertSign, kCrlSign}) ||
      !add_key_identifiers(root.get(), key.public_key(), key.public_key())) {
    return openssl_failed("make a root certificate");
  }
  ASSIGN_OR_RETURN(Certificate made, sign(root.get(), key));
  return CertificateAuthority(std::move(made), std::move(key));
}

Result<CertificateAuthority> CertificateAuthority::open(Certificate root, PrivateKey key) {
  if (!root.is_authority()) return fail(Reason::kInvalidValue, "the certificate is no authority's");
  if (root.public_key() != key.public_key()) {
    return fail(Reason::kInvalidValue, "the key does not belong to the root certificate");
  }
  return CertificateAuthority(std::move(root), std::move(key));
}

Result<Certificate> CertificateAuthority::issue(const CertificateRequest& request, CertificateUse use,
                                                const Validity& validity, Random& random) const {
  return issue(request.subject(), request.alternative_names(), request.public_key(), use, validity, random);
}

Result<Certificate> CertificateAuthority::issue(const DistinguishedName& subject, const AlternativeNames& names,
                                                const PublicKey& key, CertificateUse use, const Validity& validity,
                                                Random& random) const {
  if (validity.not_before_ms < root_.not_before_ms() || validity.not_after_ms > root_.not_after_ms() + 999) {
    return fail(Reason::kInvalidValue, "a certificate stays within the validity of its root",
                "证书有效期不得超出根证书的有效期");
  }
  ASSIGN_OR_RETURN(const X509Ptr leaf, begin(subject, key, validity, random));
  ASSIGN_OR_RETURN(const GeneralNamesPtr general, make_alternative_names(names));
  const X509Ptr root = to_openssl(root_);
  const bool named =
      sk_GENERAL_NAME_num(general.get()) == 0 || add_extension(leaf.get(), NID_subject_alt_name, general.get(), false);
  if (!named || X509_set_issuer_name(leaf.get(), X509_get_subject_name(root.get())) != 1 ||
      !add_constraints(leaf.get(), false) || !add_use(leaf.get(), use) ||
      !add_key_identifiers(leaf.get(), key, root_.public_key())) {
    return openssl_failed("make a certificate");
  }
  return sign(leaf.get(), key_);
}

Result<RevocationList> CertificateAuthority::revoke(const std::vector<RevokedCertificate>& revoked,
                                                    std::uint64_t number, std::int64_t this_update_ms,
                                                    std::int64_t next_update_ms) const {
  return RevocationList::make(root_, key_, revoked, number, this_update_ms, next_update_ms);
}

}  // namespace chancery::crypto
