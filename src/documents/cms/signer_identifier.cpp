#include "documents/cms/signer_identifier.h"

#include "documents/cms/object_identifiers.h"

namespace chancery::documents {

namespace der = crypto::der;
using crypto::DerReader;

namespace {

constexpr std::size_t kMostKeyIdentifierBytes = 64;

/// The fields of TBSCertificate, RFC 5280 section 4.1.
struct CertificateParts {
  Bytes serial;
  Bytes issuer;
  BytesView after_issuer;
};

Result<CertificateParts> parts_of(const crypto::Certificate& certificate) {
  DerReader outside(certificate.der());
  ASSIGN_OR_RETURN(DerReader body, outside.enter(der::kSequence));
  ASSIGN_OR_RETURN(DerReader tbs, body.enter(der::kSequence));
  ASSIGN_OR_RETURN(const DerReader::Element version, tbs.next());
  ASSIGN_OR_RETURN(const DerReader::Element serial, tbs.next());
  ASSIGN_OR_RETURN(const DerReader::Element algorithm, tbs.next());
  ASSIGN_OR_RETURN(const DerReader::Element issuer, tbs.next());
  CHANCERY_CHECK(version.tag == der::context(0) && algorithm.tag == der::kSequence);
  return CertificateParts{to_bytes(serial.whole), to_bytes(issuer.whole), tbs.rest()};
}

Result<Bytes> find_key_identifier(BytesView after_issuer) {
  DerReader rest(after_issuer);
  while (!rest.at_end()) {
    ASSIGN_OR_RETURN(const DerReader::Element field, rest.next());
    if (field.tag != der::context(3)) continue;
    DerReader wrapped(field.content);
    ASSIGN_OR_RETURN(DerReader extensions, wrapped.enter(der::kSequence));
    while (!extensions.at_end()) {
      ASSIGN_OR_RETURN(DerReader extension, extensions.enter(der::kSequence));
      ASSIGN_OR_RETURN(const std::string oid, extension.object_identifier());
      if (oid != oid::kSubjectKeyIdentifier) continue;
      if (extension.peek_tag() == der::kBoolean) TRY(extension.boolean());
      ASSIGN_OR_RETURN(DerReader value, extension.enter(der::kOctetString));
      ASSIGN_OR_RETURN(const BytesView identifier, value.expect(der::kOctetString));
      return to_bytes(identifier);
    }
  }
  return Bytes();
}

}  // namespace

bool SignerIdentifier::names(const crypto::Certificate& certificate) const {
  if (issuer.empty()) return !key_identifier.empty() && subject_key_identifier(certificate) == key_identifier;
  const SignerIdentifier other = identifier_of(certificate);
  return issuer == other.issuer && serial == other.serial;
}

SignerIdentifier identifier_of(const crypto::Certificate& certificate) {
  Result<CertificateParts> parts = parts_of(certificate);
  CHANCERY_CHECK(parts.has_value());  // it was parsed as a certificate before
  return {.issuer = std::move(parts->issuer), .serial = std::move(parts->serial), .key_identifier = {}};
}

Result<SignerIdentifier> read_signer_identifier(DerReader& reader) {
  SignerIdentifier out;
  if (reader.peek_tag() == der::context_primitive(0)) {
    ASSIGN_OR_RETURN(const BytesView identifier, reader.expect(der::context_primitive(0)));
    if (identifier.empty() || identifier.size() > kMostKeyIdentifierBytes) {
      return fail(Reason::kMalformed, "a key identifier of that length");
    }
    out.key_identifier = to_bytes(identifier);
    return out;
  }
  ASSIGN_OR_RETURN(DerReader body, reader.enter(der::kSequence));
  ASSIGN_OR_RETURN(const DerReader::Element issuer, body.next());
  ASSIGN_OR_RETURN(const DerReader::Element serial, body.next());
  TRY(body.end());
  if (issuer.tag != der::kSequence || serial.tag != der::kInteger) {
    return fail(Reason::kMalformed, "a signer is named by issuer and serial number");
  }
  out.issuer = to_bytes(issuer.whole);
  out.serial = to_bytes(serial.whole);
  return out;
}

Bytes to_der(const SignerIdentifier& identifier) {
  if (identifier.issuer.empty()) return der::element(der::context_primitive(0), identifier.key_identifier);
  return der::sequence({identifier.issuer, identifier.serial});
}

Bytes subject_key_identifier(const crypto::Certificate& certificate) {
  const Result<CertificateParts> parts = parts_of(certificate);
  if (!parts) return {};
  return find_key_identifier(parts->after_issuer).value_or(Bytes());
}

}  // namespace chancery::documents
