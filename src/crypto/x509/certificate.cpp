#include "crypto/x509/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "crypto/hash.h"
#include "crypto/x509/x509_parts.h"

namespace chancery::crypto {

namespace {

Result<AlternativeNames> alternative_names_of(const X509* certificate) {
  int critical = 0;
  const GeneralNamesPtr names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nullptr)));
  // -1: there is none. Anything else without a value: twice, or not of that shape.
  if (!names && critical != -1) {
    ERR_clear_error();
    return fail(Reason::kMalformed, "its alternative names cannot be read");
  }
  return read_alternative_names(names.get());
}

}  // namespace

Result<Certificate> Certificate::from_der(BytesView der) {
  TRY(check_der_shape(der, kMostCertificateBytes));
  const unsigned char* at = der.data();
  const X509Ptr parsed(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!parsed || at != der.data() + der.size()) {
    ERR_clear_error();
    return fail(Reason::kMalformed, "this is no X.509 certificate");
  }
  if (X509_get_version(parsed.get()) != X509_VERSION_3) {
    return fail(Reason::kUnsupported, "only version 3 of X.509 is taken");
  }
  Certificate out;
  out.der_ = to_bytes(der);
  ASSIGN_OR_RETURN(out.subject_, read_name(X509_get_subject_name(parsed.get())));
  ASSIGN_OR_RETURN(out.issuer_, read_name(X509_get_issuer_name(parsed.get())));
  out.serial_ = read_serial(X509_get0_serialNumber(parsed.get()));
  ASSIGN_OR_RETURN(out.not_before_ms_, read_time_ms(X509_get0_notBefore(parsed.get())));
  ASSIGN_OR_RETURN(out.not_after_ms_, read_time_ms(X509_get0_notAfter(parsed.get())));
  if (out.not_after_ms_ < out.not_before_ms_) return fail(Reason::kMalformed, "it ends before it begins");
  ASSIGN_OR_RETURN(out.public_key_, read_public_key(X509_get_X509_PUBKEY(parsed.get())));
  ASSIGN_OR_RETURN(out.signature_algorithm_, algorithm_of_signature(X509_get_signature_nid(parsed.get())));
  ASSIGN_OR_RETURN(out.alternative_names_, alternative_names_of(parsed.get()));
  const std::uint32_t flags = X509_get_extension_flags(parsed.get());
  if ((flags & EXFLAG_INVALID) != 0) {
    ERR_clear_error();
    return fail(Reason::kMalformed, "an extension of the certificate cannot be read");
  }
  out.is_authority_ = (flags & EXFLAG_CA) != 0;
  return out;
}

Result<Certificate> Certificate::from_pem(std::string_view pem) {
  ASSIGN_OR_RETURN(const Bytes der, der_from_pem(pem, PEM_STRING_X509));
  return from_der(der);
}

std::string Certificate::pem() const {
  return pem_of(der_, PEM_STRING_X509);
}

Digest Certificate::fingerprint() const {
  return hash(HashAlgorithm::kSha256, der_);
}

}  // namespace chancery::crypto
