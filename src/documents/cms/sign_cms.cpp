#include "documents/cms/asn1_time.h"
#include "documents/cms/signed_data.h"

namespace chancery::documents {

namespace der = crypto::der;
using crypto::SignatureAlgorithm;

namespace {

std::string_view signature_oid(SignatureAlgorithm algorithm, bool gm_types) {
  switch (algorithm) {
    case SignatureAlgorithm::kEd25519:
      return oid::kEd25519;
    case SignatureAlgorithm::kSm2Sm3:
      return gm_types ? oid::kSm2Sign : oid::kSm2WithSm3;
    case SignatureAlgorithm::kEcdsaP256Sha256:
      break;
  }
  return oid::kEcdsaWithSha256;
}

Status check_plan(BytesView content, const crypto::Certificate& certificate, const crypto::PrivateKey& key,
                  const SignPlan& plan) {
  if (certificate.public_key() != key.public_key()) {
    return fail(Reason::kSignerMismatch, "the key does not belong to the certificate", "密钥与证书不配套");
  }
  if (plan.gm_types && key.algorithm() != SignatureAlgorithm::kSm2Sm3) {
    return fail(Reason::kInvalidValue, "GB/T 35275 asks for an SM2 key", "GB/T 35275 要求使用 SM2 密钥");
  }
  if (!plan.with_attributes && !plan.gm_types && plan.content_type != oid::kData) {
    return fail(Reason::kInvalidValue, "content of that type is signed with attributes");
  }
  if (!plan.with_attributes && could_be_signed_attributes(content)) {
    return fail(Reason::kInvalidValue, "content that reads as signed attributes is signed with attributes",
                "形如签名属性的内容须带属性签名");
  }
  if (plan.more_certificates.size() >= kMostCmsCertificates)
    return fail(Reason::kTooLarge, "more than 16 certificates");
  return {};
}

/// The content of the SET OF.
Bytes signed_attributes(BytesView content, std::string_view content_type, const crypto::Certificate& certificate,
                        const SignPlan& plan) {
  const DigestAlgorithm digest = digest_for(certificate.public_key().algorithm);
  // The certificate's own digest is SM3 for SM2 and SHA-256 for both others: readers that know no SHA-512 stay able.
  const DigestAlgorithm certificate_digest =
      digest == DigestAlgorithm::kSm3 ? DigestAlgorithm::kSm3 : DigestAlgorithm::kSha256;
  std::vector<Attribute> attributes = {
      {std::string(oid::kContentType), {der::object_identifier(content_type)}},
      {std::string(oid::kMessageDigest), {der::octet_string(digest_of(digest, content))}},
      signing_certificate_attribute(certificate, certificate_digest),
  };
  if (plan.signing_time_ms) {
    attributes.push_back({std::string(oid::kSigningTime), {signing_time(*plan.signing_time_ms)}});
  }
  return attributes_content(attributes);
}

Bytes certificate_set(const crypto::Certificate& certificate, const SignPlan& plan) {
  if (!plan.with_certificates) return {};
  std::vector<Bytes> all = {certificate.der()};
  for (const crypto::Certificate& more : plan.more_certificates) all.push_back(more.der());
  Bytes out = der::set_of(std::move(all));
  out[0] = der::context(0);
  return out;
}

}  // namespace

Result<Bytes> sign_cms(BytesView content, const crypto::Certificate& certificate, const crypto::PrivateKey& key,
                       const SignPlan& plan) {
  TRY(check_plan(content, certificate, key, plan));
  const std::string_view content_type = plan.gm_types ? oid::kGmData : plan.content_type;
  const Bytes attributes = plan.with_attributes ? signed_attributes(content, content_type, certificate, plan) : Bytes();
  const Bytes attributes_set = der::element(der::kSet, attributes);
  ASSIGN_OR_RETURN(const crypto::Signature raw, key.sign(plan.with_attributes ? BytesView(attributes_set) : content));
  const Bytes signature =
      key.algorithm() == SignatureAlgorithm::kEd25519 ? to_bytes(BytesView(raw)) : crypto::p1363_to_der(raw);
  const Bytes digest_algorithm = algorithm_identifier(oid_of(digest_for(key.algorithm())));
  const Bytes signer = der::sequence({
      der::integer(1),
      to_der(identifier_of(certificate)),
      digest_algorithm,
      plan.with_attributes ? der::element(der::context(0), attributes) : Bytes(),
      algorithm_identifier(signature_oid(key.algorithm(), plan.gm_types)),
      der::octet_string(signature),
  });
  const Bytes encapsulated = der::sequence({
      der::object_identifier(content_type),
      plan.detached ? Bytes() : der::element(der::context(0), der::octet_string(content)),
  });
  // RFC 5652 section 5.1: 3 for other content than data. GB/T 35275: always 1.
  const Bytes signed_data = der::sequence({
      der::integer(plan.gm_types || content_type == oid::kData ? 1 : 3),
      der::set_of({digest_algorithm}),
      encapsulated,
      certificate_set(certificate, plan),
      der::set_of({signer}),
  });
  return der::sequence({der::object_identifier(plan.gm_types ? oid::kGmSignedData : oid::kSignedData),
                        der::element(der::context(0), signed_data)});
}

}  // namespace chancery::documents
