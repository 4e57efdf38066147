#include "crypto/x509/certificate_request.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "crypto/evp_key.h"
#include "crypto/public_key.h"
#include "crypto/x509/x509_parts.h"

namespace chancery::crypto {

namespace {

struct FreeExtensions {
  void operator()(STACK_OF(X509_EXTENSION) * list) const { sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free); }
};
using ExtensionsPtr = std::unique_ptr<STACK_OF(X509_EXTENSION), FreeExtensions>;

Result<AlternativeNames> requested_names(X509_REQ* request) {
  const ExtensionsPtr extensions(X509_REQ_get_extensions(request));
  int critical = 0;
  const GeneralNamesPtr names(static_cast<GENERAL_NAMES*>(
      extensions ? X509V3_get_d2i(extensions.get(), NID_subject_alt_name, &critical, nullptr) : nullptr));
  return read_alternative_names(names.get());
}

Status add_names(X509_REQ* request, const AlternativeNames& names) {
  ASSIGN_OR_RETURN(const GeneralNamesPtr general, make_alternative_names(names));
  if (sk_GENERAL_NAME_num(general.get()) == 0) return {};
  STACK_OF(X509_EXTENSION)* raw = nullptr;
  const bool added = X509V3_add1_i2d(&raw, NID_subject_alt_name, general.get(), 0, X509V3_ADD_DEFAULT) == 1;
  const ExtensionsPtr extensions(raw);
  if (!added || X509_REQ_add_extensions(request, extensions.get()) != 1) return openssl_failed("add names");
  return {};
}

}  // namespace

Result<CertificateRequest> CertificateRequest::make(const DistinguishedName& subject, const AlternativeNames& names,
                                                    const PrivateKey& key) {
  const X509ReqPtr request(X509_REQ_new());
  const EvpPkeyPtr evp = to_evp(key);
  if (!request || !evp || X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
      X509_REQ_set_pubkey(request.get(), evp.get()) != 1) {
    return openssl_failed("make a request");
  }
  TRY(write_name(X509_REQ_get_subject_name(request.get()), subject));
  TRY(add_names(request.get(), names));
  ASSIGN_OR_RETURN(const EvpMdCtxPtr context, signing_context(key, evp.get()));
  if (X509_REQ_sign_ctx(request.get(), context.get()) <= 0) return openssl_failed("sign a request");
  return from_der(der_of<X509_REQ>(i2d_X509_REQ, request.get()));
}

Result<CertificateRequest> CertificateRequest::from_der(BytesView der) {
  TRY(check_der_shape(der, kMostCertificateBytes));
  const unsigned char* at = der.data();
  const X509ReqPtr parsed(d2i_X509_REQ(nullptr, &at, static_cast<long>(der.size())));
  if (!parsed || at != der.data() + der.size()) {
    ERR_clear_error();
    return fail(Reason::kMalformed, "this is no certificate request");
  }
  CertificateRequest out;
  out.der_ = to_bytes(der);
  ASSIGN_OR_RETURN(out.subject_, read_name(X509_REQ_get_subject_name(parsed.get())));
  ASSIGN_OR_RETURN(out.alternative_names_, requested_names(parsed.get()));
  ASSIGN_OR_RETURN(out.public_key_, read_public_key(X509_REQ_get_X509_PUBKEY(parsed.get())));
  ASSIGN_OR_RETURN(const SignatureAlgorithm algorithm,
                   algorithm_of_signature(X509_REQ_get_signature_nid(parsed.get())));
  if (algorithm != out.public_key_.algorithm) return fail(Reason::kBadSignature, "signed with another kind of key");
  const EvpPkeyPtr key = to_evp(out.public_key_);
  if (algorithm == SignatureAlgorithm::kSm2Sm3 && !set_sm2_id(parsed.get())) return openssl_failed("set the SM2 id");
  if (!key || X509_REQ_verify(parsed.get(), key.get()) != 1) {
    ERR_clear_error();
    return fail(Reason::kBadSignature, "the request's own signature does not hold");
  }
  return out;
}

Result<CertificateRequest> CertificateRequest::from_pem(std::string_view pem) {
  ASSIGN_OR_RETURN(const Bytes der, der_from_pem(pem, PEM_STRING_X509_REQ));
  return from_der(der);
}

std::string CertificateRequest::pem() const {
  return pem_of(der_, PEM_STRING_X509_REQ);
}

}  // namespace chancery::crypto
