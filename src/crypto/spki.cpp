#include "crypto/spki.h"

#include "crypto/der.h"

namespace chancery::crypto {

namespace {

constexpr std::string_view kIdEcPublicKey = "1.2.840.10045.2.1";
constexpr std::string_view kCurveP256 = "1.2.840.10045.3.1.7";
constexpr std::string_view kCurveSm2 = "1.2.156.10197.1.301";
constexpr std::string_view kIdEd25519 = "1.3.101.112";
constexpr std::string_view kIdX25519 = "1.3.101.110";

struct Spki {
  std::string algorithm;
  std::string curve;  ///< Empty where the algorithm has no parameters.
  BytesView key;
};

Result<Spki> parse_spki(BytesView der) {
  Spki out;
  DerReader outside(der);
  ASSIGN_OR_RETURN(DerReader body, outside.enter(der::kSequence));
  TRY(outside.end());
  ASSIGN_OR_RETURN(DerReader identifier, body.enter(der::kSequence));
  ASSIGN_OR_RETURN(out.algorithm, identifier.object_identifier());
  if (out.algorithm == kIdEcPublicKey) {
    if (identifier.peek_tag() != der::kObjectIdentifier) {
      return fail(Reason::kUnsupported, "a public key on a curve without a name");
    }
    ASSIGN_OR_RETURN(out.curve, identifier.object_identifier());
  }
  TRY(identifier.end());
  ASSIGN_OR_RETURN(out.key, body.bit_string());
  TRY(body.end());
  return out;
}

Bytes make_spki(std::string_view algorithm, std::string_view curve, BytesView key) {
  const Bytes parameters = curve.empty() ? Bytes() : der::object_identifier(curve);
  const Bytes identifier = der::sequence({der::object_identifier(algorithm), parameters});
  return der::sequence({identifier, der::bit_string(key)});
}

std::unexpected<Error> unsupported() {
  return fail(Reason::kUnsupported, "a public key of another algorithm or curve");
}

}  // namespace

Result<PublicKey> public_key_from_spki(BytesView der) {
  ASSIGN_OR_RETURN(const Spki spki, parse_spki(der));
  if (spki.algorithm == kIdEd25519) return PublicKey::parse(SignatureAlgorithm::kEd25519, spki.key);
  if (spki.curve == kCurveP256) return PublicKey::parse(SignatureAlgorithm::kEcdsaP256Sha256, spki.key);
  if (spki.curve == kCurveSm2) return PublicKey::parse(SignatureAlgorithm::kSm2Sm3, spki.key);
  return unsupported();
}

Bytes to_spki(const PublicKey& key) {
  if (key.algorithm == SignatureAlgorithm::kEd25519) return make_spki(kIdEd25519, {}, key.bytes);
  const bool sm2 = key.algorithm == SignatureAlgorithm::kSm2Sm3;
  return make_spki(kIdEcPublicKey, sm2 ? kCurveSm2 : kCurveP256, key.bytes);
}

Result<ReaderPublicKey> reader_key_from_spki(BytesView der) {
  ASSIGN_OR_RETURN(const Spki spki, parse_spki(der));
  if (spki.algorithm == kIdX25519) return ReaderPublicKey::parse(AgreementAlgorithm::kX25519, spki.key);
  if (spki.curve == kCurveP256) return ReaderPublicKey::parse(AgreementAlgorithm::kEcdhP256, spki.key);
  if (spki.curve == kCurveSm2) return ReaderPublicKey::parse(AgreementAlgorithm::kSm2, spki.key);
  return unsupported();
}

Bytes to_spki(const ReaderPublicKey& key) {
  if (key.algorithm == AgreementAlgorithm::kX25519) return make_spki(kIdX25519, {}, key.bytes);
  const bool sm2 = key.algorithm == AgreementAlgorithm::kSm2;
  return make_spki(kIdEcPublicKey, sm2 ? kCurveSm2 : kCurveP256, key.bytes);
}

}  // namespace chancery::crypto
