#include "documents/cms/verify_cms.h"

#include <algorithm>

#include "documents/cms/asn1_time.h"

namespace chancery::documents {

namespace der = crypto::der;
using crypto::Certificate;
using crypto::ChainQuestion;
using crypto::DerReader;

namespace {

/// What all signers of one file share.
struct Material {
  BytesView content;
  std::vector<Certificate> certificates;
  std::vector<crypto::RevocationList> revocations;
};

/// The one value of an attribute that has to be there.
Result<BytesView> only_value(const SignerInfo& signer, std::string_view type, const char* name) {
  const Attribute* const attribute = find_attribute(signer.signed_attributes, type);
  if (attribute == nullptr) {
    return fail(Reason::kSignatureIncomplete, std::string("there is no signed ") + name,
                std::string("缺少被签名的属性 ") + name);
  }
  if (attribute->values.size() != 1) return fail(Reason::kMalformed, std::string(name) + " has one value");
  return BytesView(attribute->values[0]);
}

Status check_content_type(const SignerInfo& signer, const SignedData& data) {
  // RFC 5652 section 5.3: other content than data is never signed without attributes.
  if (signer.signed_attributes.empty()) {
    if (data.content_type == oid::kData || data.content_type == oid::kGmData) return {};
    return fail(Reason::kSignatureIncomplete, "content of this type is signed with attributes", "缺少被签名的属性");
  }
  ASSIGN_OR_RETURN(const BytesView value, only_value(signer, oid::kContentType, "content-type"));
  DerReader reader(value);
  ASSIGN_OR_RETURN(const std::string type, reader.object_identifier());
  if (type == data.content_type) return {};
  return fail(Reason::kContentChanged, "the signature is for content of another type", "签名针对另一类型的内容");
}

Status check_structure(const SignerInfo& signer, const SignedData& data, CheckedSigner& out) {
  TRY(check_content_type(signer, data));
  // Only the digest that belongs to the algorithm: a weaker one must not be slipped in beside it.
  if (signer.digest != digest_for(signer.algorithm)) {
    return fail(Reason::kUnsupported, "digest and signature algorithm do not belong together",
                "摘要算法与签名算法不配套");
  }
  if (const Attribute* const time = find_attribute(signer.signed_attributes, oid::kSigningTime)) {
    if (time->values.size() != 1) return fail(Reason::kMalformed, "signing-time has one value");
    DerReader reader(time->values[0]);
    ASSIGN_OR_RETURN(out.signing_time_ms, read_time(reader));
  }
  return {};
}

Status check_digest(const SignerInfo& signer, const SignedData& data, const CmsQuestion& question) {
  if (!data.content && !question.content) {
    return fail(Reason::kContentMissing, "the signature is detached and its content was not given",
                "签名与内容分离，而没有提供内容");
  }
  if (data.content && question.content && !std::ranges::equal(*data.content, *question.content)) {
    return fail(Reason::kContentChanged, "the file holds other content than was given", "文件内的内容与所给内容不同");
  }
  const BytesView content = data.content ? BytesView(*data.content) : *question.content;
  if (signer.signed_attributes.empty()) {
    // The signature is over the content itself.
    if (!could_be_signed_attributes(content)) return {};
    return fail(Reason::kContentChanged, "the content may be the attributes of another signature",
                "内容可能是另一签名的属性");
  }
  ASSIGN_OR_RETURN(const BytesView value, only_value(signer, oid::kMessageDigest, "message-digest"));
  DerReader reader(value);
  ASSIGN_OR_RETURN(const BytesView digest, reader.expect(der::kOctetString));
  if (std::ranges::equal(digest, digest_of(signer.digest, content))) return {};
  return fail(Reason::kContentChanged, "the content has another digest than the signed one",
              "内容的摘要与被签名的摘要不同");
}

bool holds(const SignerInfo& signer, const Certificate& certificate, BytesView message) {
  if (signer.algorithm == crypto::SignatureAlgorithm::kEd25519) {
    return crypto::verify(certificate.public_key(), message, signer.signature);
  }
  const Result<crypto::Signature> raw = crypto::der_to_p1363(signer.signature);
  return raw && crypto::verify(certificate.public_key(), message, *raw);
}

Status check_signature(const SignerInfo& signer, const Material& material, const CmsQuestion& question,
                       CheckedSigner& out) {
  const auto found =
      std::ranges::find_if(material.certificates, [&](const Certificate& one) { return signer.signer.names(one); });
  if (found == material.certificates.end()) {
    return fail(Reason::kSignerUnknown, "no certificate fits the signer that is named", "没有与所指签名者相符的证书");
  }
  out.certificate = *found;
  if (found->public_key().algorithm != signer.algorithm) {
    return fail(Reason::kSignerMismatch, "the certificate's key is of another algorithm", "证书密钥的算法不同");
  }
  if (const Attribute* const tie = find_attribute(signer.signed_attributes, oid::kSigningCertificateV2)) {
    TRY(check_signing_certificate(*tie, *found));
  } else if (question.need_signing_certificate) {
    return fail(Reason::kSignatureIncomplete, "there is no signed signing-certificate-v2",
                "缺少被签名的属性 signing-certificate-v2");
  }
  const BytesView message =
      signer.signed_attributes.empty() ? material.content : BytesView(signer.signed_attributes_der);
  if (holds(signer, *found, message)) return {};
  return fail(Reason::kSignatureBroken, "the signature does not hold for the signer's key", "签名值与签名者的密钥不符");
}

/// The chain without regard to time: at a moment when the signer's certificate was valid, and without lists.
Status check_chain(const Certificate& certificate, ChainQuestion question) {
  // OpenSSL takes the last second itself for over.
  const std::int64_t last_ms = std::max(certificate.not_before_ms(), certificate.not_after_ms() - 1000);
  question.at_ms = std::clamp(question.at_ms, certificate.not_before_ms(), last_ms);
  question.revocations = {};
  return crypto::verify_certificate(certificate, question);
}

CheckedSigner check_signer(const SignerInfo& signer, const SignedData& data, const Material& material,
                           const CmsQuestion& question) {
  CheckedSigner out;
  bool go_on = out.report.record(CheckStep::kStructure, check_structure(signer, data, out));
  const auto next = [&](CheckStep step, auto&& check) {
    if (go_on) {
      go_on = out.report.record(step, check());
    } else {
      out.report.not_reached(step);
    }
  };
  std::vector<Certificate> between;
  ChainQuestion chain{
      .roots = question.roots, .revocations = material.revocations, .at_ms = question.at_ms, .use = question.use};
  next(CheckStep::kDigest, [&] { return check_digest(signer, data, question); });
  next(CheckStep::kSignature, [&] { return check_signature(signer, material, question, out); });
  next(CheckStep::kChain, [&] {
    for (const Certificate& one : material.certificates) {
      const bool trusted = std::ranges::find(question.roots, one) != question.roots.end();
      if (one.is_authority() && !trusted) between.push_back(one);
    }
    chain.intermediates = between;
    return check_chain(*out.certificate, chain);
  });
  next(CheckStep::kValidity, [&] { return crypto::verify_certificate(*out.certificate, chain); });
  return out;
}

Material collect(const SignedData& data, const CmsQuestion& question) {
  Material out{.content = data.content ? BytesView(*data.content) : question.content.value_or(BytesView()),
               .certificates = {},
               .revocations = {question.revocations.begin(), question.revocations.end()}};
  // Certificates of algorithms that we do not have cannot be the signer's; they are passed over.
  for (const Bytes& one : data.certificates) {
    if (Result<Certificate> parsed = Certificate::from_der(one)) out.certificates.push_back(std::move(*parsed));
  }
  out.certificates.insert(out.certificates.end(), question.certificates.begin(), question.certificates.end());
  for (const Bytes& one : data.revocation_lists) {
    if (auto parsed = crypto::RevocationList::from_der(one)) out.revocations.push_back(std::move(*parsed));
  }
  return out;
}

}  // namespace

bool CmsVerdict::accepted() const {
  return structure.accepted() && !signers.empty() &&
         std::ranges::all_of(signers, [](const CheckedSigner& signer) { return signer.report.accepted(); });
}

Status CmsVerdict::status() const {
  TRY(structure.status());
  for (const CheckedSigner& signer : signers) TRY(signer.report.status());
  return {};
}

CmsVerdict verify_cms(BytesView signed_data, const CmsQuestion& question) {
  CmsVerdict out;
  Result<SignedData> parsed = parse_signed_data(signed_data);
  if (!parsed) {
    out.structure.record(CheckStep::kStructure, std::unexpected(parsed.error()));
    return out;
  }
  out.structure.record(CheckStep::kStructure, {});
  const Material material = collect(*parsed, question);
  for (const SignerInfo& signer : parsed->signers) {
    out.signers.push_back(check_signer(signer, *parsed, material, question));
  }
  out.data = std::move(*parsed);
  return out;
}

}  // namespace chancery::documents
