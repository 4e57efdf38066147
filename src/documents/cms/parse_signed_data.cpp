#include <algorithm>
#include <utility>

#include "documents/cms/signed_data.h"

namespace chancery::documents {

namespace der = crypto::der;
using crypto::DerReader;

namespace {

constexpr std::size_t kMostSignatureBytes = 128;
constexpr std::size_t kMostDigestAlgorithms = 8;

std::unexpected<Error> malformed(const char* what) {
  return fail(Reason::kMalformed, std::string("SignedData: ") + what);
}

/// Algorithms that nobody signs with here may stand in the list.
Result<std::vector<std::string>> read_digest_algorithms(DerReader& body) {
  ASSIGN_OR_RETURN(DerReader algorithms, body.enter(der::kSet));
  std::vector<std::string> out;
  while (!algorithms.at_end()) {
    if (out.size() == kMostDigestAlgorithms) return fail(Reason::kTooLarge, "more than 8 digest algorithms");
    ASSIGN_OR_RETURN(std::string oid, read_algorithm_identifier(algorithms));
    out.push_back(std::move(oid));
  }
  return out;
}

/// RFC 5652 section 5.1: the list names each signer's digest. Who reads in one pass has to have digested with it.
Status check_digest_algorithms(const std::vector<std::string>& listed, const std::vector<SignerInfo>& signers) {
  for (const SignerInfo& signer : signers) {
    if (std::ranges::find(listed, oid_of(signer.digest)) == listed.end()) {
      return malformed("a signer's digest algorithm is not in the list");
    }
  }
  return {};
}

/// RFC 5652 section 5.1: 3 for content other than data or a signer of version 3, 1 otherwise; 4 and 5 belong to kinds
/// of certificates that are not read. GB/T 35275 section 7: always 1.
std::int64_t right_version(const SignedData& data) {
  if (data.gm_types) return 1;
  const bool by_key =
      std::ranges::any_of(data.signers, [](const SignerInfo& one) { return one.signer.issuer.empty(); });
  return by_key || data.content_type != oid::kData ? 3 : 1;
}

Status read_encapsulated_content(DerReader& body, SignedData& out) {
  ASSIGN_OR_RETURN(DerReader content_info, body.enter(der::kSequence));
  ASSIGN_OR_RETURN(out.content_type, content_info.object_identifier());
  if (content_info.at_end()) return {};
  ASSIGN_OR_RETURN(DerReader wrapped, content_info.enter(der::context(0)));
  TRY(content_info.end());
  ASSIGN_OR_RETURN(const BytesView content, wrapped.expect(der::kOctetString));
  TRY(wrapped.end());
  out.content = to_bytes(content);
  return {};
}

/// An IMPLICIT SET OF whole elements, where there is one: certificates [0], revocation lists [1].
Result<std::vector<Bytes>> read_optional_set(DerReader& body, unsigned tag, std::size_t most, const char* too_many) {
  std::vector<Bytes> out;
  if (body.peek_tag() != der::context(tag)) return out;
  ASSIGN_OR_RETURN(DerReader set, body.enter(der::context(tag)));
  while (!set.at_end()) {
    if (out.size() == most) return fail(Reason::kTooLarge, too_many);
    ASSIGN_OR_RETURN(const DerReader::Element element, set.next());
    if (element.tag != der::kSequence) {
      return fail(Reason::kUnsupported, "a certificate or revocation list of another form than X.509");
    }
    out.push_back(to_bytes(element.whole));
  }
  return out;
}

Status read_signed_attributes(DerReader& body, SignerInfo& out) {
  if (body.peek_tag() != der::context(0)) return {};
  ASSIGN_OR_RETURN(const BytesView content, body.expect(der::context(0)));
  ASSIGN_OR_RETURN(out.signed_attributes, read_attributes(content, true));
  if (out.signed_attributes.empty()) return malformed("signed attributes without any");
  out.signed_attributes_der = der::element(der::kSet, content);
  return {};
}

Result<SignerInfo> read_signer_info(DerReader& signers) {
  SignerInfo out;
  ASSIGN_OR_RETURN(DerReader body, signers.enter(der::kSequence));
  ASSIGN_OR_RETURN(const std::int64_t version, body.small_integer());
  ASSIGN_OR_RETURN(out.signer, read_signer_identifier(body));
  // RFC 5652 section 5.3: 1 with issuer and serial number, 3 with a key identifier.
  if (version != (out.signer.issuer.empty() ? 3 : 1)) return malformed("a signer of another version");
  ASSIGN_OR_RETURN(out.digest, read_digest_algorithm(body));
  TRY(read_signed_attributes(body, out));
  ASSIGN_OR_RETURN(const std::string algorithm, read_algorithm_identifier(body));
  ASSIGN_OR_RETURN(out.algorithm, signature_from_oid(algorithm));
  ASSIGN_OR_RETURN(const BytesView signature, body.expect(der::kOctetString));
  if (signature.size() > kMostSignatureBytes) return fail(Reason::kTooLarge, "a signature of more than 128 bytes");
  out.signature = to_bytes(signature);
  if (body.peek_tag() == der::context(1)) {
    ASSIGN_OR_RETURN(const BytesView content, body.expect(der::context(1)));
    ASSIGN_OR_RETURN(out.unsigned_attributes, read_attributes(content, false));
  }
  TRY(body.end());
  return out;
}

Result<DerReader> enter_content_info(BytesView bytes, bool& gm_types) {
  if (bytes.size() > kMostSignedDataBytes) return fail(Reason::kTooLarge, "a CMS file of more than 32 MiB");
  DerReader outside(bytes);
  ASSIGN_OR_RETURN(DerReader content_info, outside.enter(der::kSequence));
  TRY(outside.end());
  ASSIGN_OR_RETURN(const std::string type, content_info.object_identifier());
  gm_types = type == oid::kGmSignedData;
  if (!gm_types && type != oid::kSignedData) return fail(Reason::kUnsupported, "CMS of another type than SignedData");
  ASSIGN_OR_RETURN(DerReader wrapped, content_info.enter(der::context(0)));
  TRY(content_info.end());
  ASSIGN_OR_RETURN(const DerReader body, wrapped.enter(der::kSequence));
  TRY(wrapped.end());
  return body;
}

/// Where the SignerInfos begin: all fields in front of the last SET.
Result<BytesView> skip_to_signers(DerReader body, DerReader& signers) {
  const BytesView all = body.rest();
  BytesView before = all;
  DerReader::Element last;
  while (!body.at_end()) {
    before = all.first(all.size() - body.rest().size());
    ASSIGN_OR_RETURN(last, body.next());
  }
  signers = DerReader(last.content);
  return before;
}

/// A SignerInfo with one more unsigned attribute; everything before those is copied.
Result<Bytes> with_attribute(const DerReader::Element& signer, const Attribute& attribute) {
  DerReader body(signer.content);
  Bytes fields;
  std::vector<Bytes> attributes = {to_der(attribute)};
  while (!body.at_end()) {
    ASSIGN_OR_RETURN(const DerReader::Element field, body.next());
    if (field.tag != der::context(1)) {
      append(fields, field.whole);
      continue;
    }
    DerReader old(field.content);
    while (!old.at_end()) {
      ASSIGN_OR_RETURN(const DerReader::Element one, old.next());
      attributes.push_back(to_bytes(one.whole));
    }
  }
  Bytes set = der::set_of(std::move(attributes));
  set[0] = der::context(1);
  append(fields, set);
  return der::element(der::kSequence, fields);
}

}  // namespace

Result<SignedData> parse_signed_data(BytesView bytes) {
  SignedData out;
  ASSIGN_OR_RETURN(DerReader body, enter_content_info(bytes, out.gm_types));
  ASSIGN_OR_RETURN(const std::int64_t version, body.small_integer());
  ASSIGN_OR_RETURN(const std::vector<std::string> digests, read_digest_algorithms(body));
  TRY(read_encapsulated_content(body, out));
  ASSIGN_OR_RETURN(out.certificates, read_optional_set(body, 0, kMostCmsCertificates, "more than 16 certificates"));
  ASSIGN_OR_RETURN(out.revocation_lists,
                   read_optional_set(body, 1, kMostCmsRevocationLists, "more than 8 revocation lists"));
  ASSIGN_OR_RETURN(DerReader signers, body.enter(der::kSet));
  TRY(body.end());
  while (!signers.at_end()) {
    if (out.signers.size() == kMostSigners) return fail(Reason::kTooLarge, "more than 8 signers");
    ASSIGN_OR_RETURN(SignerInfo signer, read_signer_info(signers));
    out.signers.push_back(std::move(signer));
  }
  if (out.signers.empty()) return malformed("nobody signed");
  TRY(check_digest_algorithms(digests, out.signers));
  if (version != right_version(out)) return malformed("another version than its content asks for");
  return out;
}

Result<Bytes> add_unsigned_attribute(BytesView signed_data, std::size_t signer, const Attribute& attribute) {
  ASSIGN_OR_RETURN(const SignedData parsed, parse_signed_data(signed_data));
  if (signer >= parsed.signers.size()) return fail(Reason::kNotFound, "there is no such signer");
  const std::vector<Attribute>& present = parsed.signers[signer].unsigned_attributes;
  if (find_attribute(present, attribute.type) != nullptr) {
    return fail(Reason::kAlreadyExists, "the signer has such an attribute");
  }
  if (present.size() == kMostAttributes) return fail(Reason::kTooLarge, "more than 32 attributes");
  bool gm_types = false;
  ASSIGN_OR_RETURN(const DerReader body, enter_content_info(signed_data, gm_types));
  DerReader signers{BytesView()};
  ASSIGN_OR_RETURN(const BytesView before, skip_to_signers(body, signers));
  std::vector<Bytes> written;
  while (!signers.at_end()) {
    ASSIGN_OR_RETURN(const DerReader::Element one, signers.next());
    if (written.size() == signer) {
      ASSIGN_OR_RETURN(Bytes changed, with_attribute(one, attribute));
      written.push_back(std::move(changed));
    } else {
      written.push_back(to_bytes(one.whole));
    }
  }
  const Bytes inner = der::sequence({before, der::set_of(std::move(written))});
  return der::sequence(
      {der::object_identifier(gm_types ? oid::kGmSignedData : oid::kSignedData), der::element(der::context(0), inner)});
}

}  // namespace chancery::documents
