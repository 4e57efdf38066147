#pragma once
// What certificates, requests and revocation lists share. Private to this folder.

#include <openssl/x509v3.h>

#include "crypto/openssl_ptr.h"
#include "crypto/x509/certificate.h"

namespace chancery::crypto {

using X509ReqPtr = OpenSslPtr<X509_REQ, X509_REQ_free>;
using X509CrlPtr = OpenSslPtr<X509_CRL, X509_CRL_free>;
using X509StorePtr = OpenSslPtr<X509_STORE, X509_STORE_free>;
using X509StoreCtxPtr = OpenSslPtr<X509_STORE_CTX, X509_STORE_CTX_free>;
using GeneralNamesPtr = OpenSslPtr<GENERAL_NAMES, GENERAL_NAMES_free>;
using Asn1IntegerPtr = OpenSslPtr<ASN1_INTEGER, ASN1_INTEGER_free>;
using Asn1TimePtr = OpenSslPtr<ASN1_TIME, ASN1_TIME_free>;

/// kCryptoFailed; the error queue of OpenSSL is emptied.
std::unexpected<Error> openssl_failed(std::string_view what);

/// Strict DER, one element and nothing behind it, at most `most_bytes` and 16 levels deep; before OpenSSL looks.
Status check_der_shape(BytesView der, std::size_t most_bytes);
/// The DER inside the first block of that label. kMalformed when there is none.
Result<Bytes> der_from_pem(std::string_view pem, const char* label);
std::string pem_of(BytesView der, const char* label);

Result<DistinguishedName> read_name(const X509_NAME* name);
/// Also checks it: a common name of 1 to 128 bytes, UTF-8, no control characters.
Status write_name(X509_NAME* out, const DistinguishedName& name);
Result<AlternativeNames> read_alternative_names(const GENERAL_NAMES* names);
/// kInvalidValue for something that is no such name.
Result<GeneralNamesPtr> make_alternative_names(const AlternativeNames& names);

Result<PublicKey> read_public_key(X509_PUBKEY* key);
/// kUnsupported for an algorithm that is none of ours.
Result<SignatureAlgorithm> algorithm_of_signature(int signature_nid);
Result<std::int64_t> read_time_ms(const ASN1_TIME* time);
/// Whole seconds; UTCTime to 2049, GeneralizedTime after (RFC 5280 section 4.1.2.5). Null when out of range.
Asn1TimePtr make_time(std::int64_t time_ms);
std::string read_serial(const ASN1_INTEGER* serial);

/// A context ready to sign with this key; for SM2 with the signer identifier 1234567812345678, which OpenSSL does not
/// assume by itself.
Result<EvpMdCtxPtr> signing_context(const PrivateKey& key, EVP_PKEY* evp);
/// OpenSSL checks SM2 signatures of certificates and requests only with the identifier set on them.
bool set_sm2_id(X509* certificate);
bool set_sm2_id(X509_REQ* request);

/// OpenSSL's object of a certificate that was parsed before; with the SM2 identifier set.
X509Ptr to_openssl(const Certificate& certificate);

/// DER of any OpenSSL object that has an i2d function; empty when it fails.
template <class T>
Bytes der_of(int (*write)(const T*, unsigned char**), const T* object) {
  unsigned char* raw = nullptr;
  const int length = write(object, &raw);
  if (length <= 0) return {};
  Bytes out(raw, raw + length);
  OPENSSL_free(raw);
  return out;
}

}  // namespace chancery::crypto
