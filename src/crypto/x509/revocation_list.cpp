#include "crypto/x509/revocation_list.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>

#include "crypto/evp_key.h"
#include "crypto/public_key.h"
#include "crypto/x509/x509_parts.h"

namespace chancery::crypto {

namespace {

constexpr std::size_t kMostSerialCharacters = 40;  // 20 bytes: RFC 5280 section 4.1.2.2

using RevokedPtr = OpenSslPtr<X509_REVOKED, X509_REVOKED_free>;

Result<Asn1IntegerPtr> serial_number(const std::string& serial) {
  BIGNUM* raw = nullptr;
  const bool hexadecimal = !serial.empty() && serial.size() <= kMostSerialCharacters &&
                           serial.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!hexadecimal || BN_hex2bn(&raw, serial.c_str()) == 0) {
    return fail(Reason::kInvalidValue, "a serial number has 1 to 40 hexadecimal characters");
  }
  const BignumPtr number(raw);
  Asn1IntegerPtr out(BN_to_ASN1_INTEGER(number.get(), nullptr));
  if (!out) return openssl_failed("make a serial number");
  return out;
}

Status add_entry(X509_CRL* list, const RevokedCertificate& certificate) {
  ASSIGN_OR_RETURN(const Asn1IntegerPtr serial, serial_number(certificate.serial));
  const Asn1TimePtr when = make_time(certificate.revoked_ms);
  RevokedPtr entry(X509_REVOKED_new());
  if (!entry || !when || X509_REVOKED_set_serialNumber(entry.get(), serial.get()) != 1 ||
      X509_REVOKED_set_revocationDate(entry.get(), when.get()) != 1 || X509_CRL_add0_revoked(list, entry.get()) != 1) {
    return openssl_failed("revoke a certificate");
  }
  static_cast<void>(entry.release());
  return {};
}

Status set_head(X509_CRL* list, const Certificate& root, std::uint64_t number, std::int64_t this_update_ms,
                std::int64_t next_update_ms) {
  const Asn1TimePtr from = make_time(this_update_ms);
  const Asn1TimePtr to = make_time(next_update_ms);
  if (!from || !to || next_update_ms <= this_update_ms) {
    return fail(Reason::kInvalidValue, "the next list comes after this one");
  }
  const X509Ptr issuer = to_openssl(root);
  const Asn1IntegerPtr counted(ASN1_INTEGER_new());
  if (!counted || ASN1_INTEGER_set_uint64(counted.get(), number) != 1 ||
      X509_CRL_set_version(list, X509_CRL_VERSION_2) != 1 ||
      X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer.get())) != 1 ||
      X509_CRL_set1_lastUpdate(list, from.get()) != 1 || X509_CRL_set1_nextUpdate(list, to.get()) != 1 ||
      X509_CRL_add1_ext_i2d(list, NID_crl_number, counted.get(), 0, X509V3_ADD_DEFAULT) != 1) {
    return openssl_failed("make a revocation list");
  }
  return {};
}

X509CrlPtr parse(BytesView der) {
  const unsigned char* at = der.data();
  X509CrlPtr out(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
  if (at != der.data() + der.size()) out.reset();
  ERR_clear_error();
  return out;
}

/// The signature covers the part between the outer head and the algorithm behind it.
bool signature_holds(X509_CRL* list, const PublicKey& key, SignatureAlgorithm algorithm) {
  const ASN1_BIT_STRING* signature = nullptr;
  const X509_ALGOR* outer = nullptr;
  X509_CRL_get0_signature(list, &signature, &outer);
  unsigned char* raw = nullptr;
  const int length = i2d_re_X509_CRL_tbs(list, &raw);
  if (length <= 0) return false;
  const Bytes signed_part(raw, raw + length);
  OPENSSL_free(raw);
  const BytesView bytes(ASN1_STRING_get0_data(signature), static_cast<std::size_t>(ASN1_STRING_length(signature)));
  if (algorithm == SignatureAlgorithm::kEd25519) return verify(key, signed_part, bytes);
  const auto plain = der_to_p1363(bytes);
  return plain && verify(key, signed_part, *plain);
}

}  // namespace

Result<RevocationList> RevocationList::make(const Certificate& root, const PrivateKey& key,
                                            const std::vector<RevokedCertificate>& revoked, std::uint64_t number,
                                            std::int64_t this_update_ms, std::int64_t next_update_ms) {
  const X509CrlPtr list(X509_CRL_new());
  const EvpPkeyPtr evp = to_evp(key);
  if (!list || !evp) return openssl_failed("make a revocation list");
  TRY(set_head(list.get(), root, number, this_update_ms, next_update_ms));
  for (const RevokedCertificate& certificate : revoked) TRY(add_entry(list.get(), certificate));
  if (X509_CRL_sort(list.get()) != 1) return openssl_failed("sort a revocation list");
  ASSIGN_OR_RETURN(const EvpMdCtxPtr context, signing_context(key, evp.get()));
  if (X509_CRL_sign_ctx(list.get(), context.get()) <= 0) return openssl_failed("sign a revocation list");
  return from_der(der_of<X509_CRL>(i2d_X509_CRL, list.get()));
}

Result<RevocationList> RevocationList::from_der(BytesView der) {
  TRY(check_der_shape(der, kMostRevocationListBytes));
  const X509CrlPtr parsed = parse(der);
  if (!parsed) return fail(Reason::kMalformed, "this is no revocation list");
  if (X509_CRL_get0_nextUpdate(parsed.get()) == nullptr) {
    return fail(Reason::kMalformed, "a revocation list says when the next one comes");
  }
  RevocationList out;
  out.der_ = to_bytes(der);
  ASSIGN_OR_RETURN(out.issuer_, read_name(X509_CRL_get_issuer(parsed.get())));
  ASSIGN_OR_RETURN(out.this_update_ms_, read_time_ms(X509_CRL_get0_lastUpdate(parsed.get())));
  ASSIGN_OR_RETURN(out.next_update_ms_, read_time_ms(X509_CRL_get0_nextUpdate(parsed.get())));
  ASSIGN_OR_RETURN(out.signature_algorithm_, algorithm_of_signature(X509_CRL_get_signature_nid(parsed.get())));
  STACK_OF(X509_REVOKED)* const entries = X509_CRL_get_REVOKED(parsed.get());
  for (int i = 0; entries != nullptr && i < sk_X509_REVOKED_num(entries); ++i) {
    const X509_REVOKED* const entry = sk_X509_REVOKED_value(entries, i);
    ASSIGN_OR_RETURN(const std::int64_t when, read_time_ms(X509_REVOKED_get0_revocationDate(entry)));
    out.revoked_.push_back({read_serial(X509_REVOKED_get0_serialNumber(entry)), when});
  }
  return out;
}

Result<RevocationList> RevocationList::from_pem(std::string_view pem) {
  ASSIGN_OR_RETURN(const Bytes der, der_from_pem(pem, PEM_STRING_X509_CRL));
  return from_der(der);
}

std::string RevocationList::pem() const {
  return pem_of(der_, PEM_STRING_X509_CRL);
}

bool RevocationList::signed_by(const Certificate& root) const {
  if (root.subject() != issuer_ || root.public_key().algorithm != signature_algorithm_) return false;
  const X509CrlPtr parsed = parse(der_);
  return parsed && signature_holds(parsed.get(), root.public_key(), signature_algorithm_);
}

bool RevocationList::names(const Certificate& certificate) const {
  return certificate.issuer() == issuer_ && std::ranges::any_of(revoked_, [&](const RevokedCertificate& one) {
           return one.serial == certificate.serial();
         });
}

}  // namespace chancery::crypto
