#include "documents/cms/attribute.h"

#include <algorithm>

#include "documents/cms/object_identifiers.h"
#include "documents/cms/signer_identifier.h"

namespace chancery::documents {

namespace der = crypto::der;
using crypto::DerReader;

namespace {

constexpr std::size_t kMostAttributesBytes = 256U << 10;

Result<Attribute> read_attribute(DerReader& reader) {
  Attribute out;
  ASSIGN_OR_RETURN(DerReader body, reader.enter(der::kSequence));
  ASSIGN_OR_RETURN(out.type, body.object_identifier());
  ASSIGN_OR_RETURN(DerReader values, body.enter(der::kSet));
  TRY(body.end());
  while (!values.at_end()) {
    if (out.values.size() == kMostAttributeValues) return fail(Reason::kTooLarge, "an attribute with too many values");
    ASSIGN_OR_RETURN(const DerReader::Element value, values.next());
    out.values.push_back(to_bytes(value.whole));
  }
  if (out.values.empty()) return fail(Reason::kMalformed, "an attribute without a value");
  return out;
}

/// IssuerSerial ::= SEQUENCE { GeneralNames, INTEGER }: the serial number has to be the certificate's.
Status check_issuer_serial(DerReader& reader, const crypto::Certificate& certificate) {
  ASSIGN_OR_RETURN(DerReader body, reader.enter(der::kSequence));
  TRY(body.expect(der::kSequence));
  ASSIGN_OR_RETURN(const DerReader::Element serial, body.next());
  TRY(body.end());
  if (std::ranges::equal(serial.whole, identifier_of(certificate).serial)) return {};
  return fail(Reason::kSignerMismatch, "the signature names a certificate with another serial number",
              "签名所指证书的序列号不同");
}

}  // namespace

Result<std::vector<Attribute>> read_attributes(BytesView content, bool sorted) {
  if (content.size() > kMostAttributesBytes) return fail(Reason::kTooLarge, "attributes of more than 256 KiB");
  std::vector<Attribute> out;
  DerReader reader(content);
  BytesView last;
  while (!reader.at_end()) {
    if (out.size() == kMostAttributes) return fail(Reason::kTooLarge, "more than 32 attributes");
    const BytesView before = reader.rest();
    ASSIGN_OR_RETURN(Attribute attribute, read_attribute(reader));
    const BytesView whole = before.first(before.size() - reader.rest().size());
    if (sorted && std::ranges::lexicographical_compare(whole, last)) {
      return fail(Reason::kMalformed, "attributes that are not in the order of DER", "属性未按 DER 排序");
    }
    if (find_attribute(out, attribute.type) != nullptr) return fail(Reason::kMalformed, "an attribute occurs twice");
    last = whole;
    out.push_back(std::move(attribute));
  }
  return out;
}

Bytes to_der(const Attribute& attribute) {
  return der::sequence({der::object_identifier(attribute.type), der::set_of(attribute.values)});
}

Bytes attributes_content(const std::vector<Attribute>& attributes) {
  std::vector<Bytes> encoded;
  encoded.reserve(attributes.size());
  for (const Attribute& attribute : attributes) encoded.push_back(to_der(attribute));
  std::ranges::sort(encoded);
  Bytes out;
  for (const Bytes& one : encoded) append(out, one);
  return out;
}

bool could_be_signed_attributes(BytesView content) {
  DerReader reader(content);
  const Result<BytesView> set = reader.expect(der::kSet);
  if (!set || !reader.at_end()) return false;
  const Result<std::vector<Attribute>> attributes = read_attributes(*set, false);
  return attributes && find_attribute(*attributes, oid::kContentType) != nullptr &&
         find_attribute(*attributes, oid::kMessageDigest) != nullptr;
}

const Attribute* find_attribute(const std::vector<Attribute>& attributes, std::string_view type) {
  const auto found = std::ranges::find(attributes, type, &Attribute::type);
  return found == attributes.end() ? nullptr : &*found;
}

Attribute signing_certificate_attribute(const crypto::Certificate& certificate, DigestAlgorithm digest) {
  const Bytes algorithm = digest == DigestAlgorithm::kSha256 ? Bytes() : algorithm_identifier(oid_of(digest));
  const Bytes id = der::sequence({algorithm, der::octet_string(digest_of(digest, certificate.der()))});
  return {std::string(oid::kSigningCertificateV2), {der::sequence({der::sequence({id})})}};
}

Status check_signing_certificate(const Attribute& attribute, const crypto::Certificate& certificate) {
  if (attribute.values.size() != 1) return fail(Reason::kMalformed, "signing-certificate-v2 has one value");
  DerReader outside(attribute.values[0]);
  ASSIGN_OR_RETURN(DerReader body, outside.enter(der::kSequence));
  ASSIGN_OR_RETURN(DerReader certificates, body.enter(der::kSequence));
  ASSIGN_OR_RETURN(DerReader first, certificates.enter(der::kSequence));
  DigestAlgorithm algorithm = DigestAlgorithm::kSha256;
  if (first.peek_tag() == der::kSequence) {
    ASSIGN_OR_RETURN(algorithm, read_digest_algorithm(first));
  }
  ASSIGN_OR_RETURN(const BytesView digest, first.expect(der::kOctetString));
  if (!std::ranges::equal(digest, digest_of(algorithm, certificate.der()))) {
    return fail(Reason::kSignerMismatch, "the signature was made for another certificate", "签名是为另一证书作出的");
  }
  if (!first.at_end()) TRY(check_issuer_serial(first, certificate));
  return first.end();
}

}  // namespace chancery::documents
