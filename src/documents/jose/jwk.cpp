#include "documents/jose/jwk.h"

#include <algorithm>
#include <set>

#include "base/json_reader.h"
#include "documents/jose/algorithm.h"

namespace chancery::documents {

namespace {

using crypto::SignatureAlgorithm;

constexpr std::size_t kCoordinateBytes = 32;
constexpr std::size_t kMaxKidChars = 256;
constexpr std::size_t kMaxKeys = 100;
constexpr std::string_view kSm2Curve = "urn:oid:1.2.156.10197.1.301";

/// By `kty` and `crv`; nullopt for key types and curves that we do not have.
std::optional<SignatureAlgorithm> algorithm_of(std::string_view key_type, std::string_view curve) {
  if (key_type == "EC" && curve == "P-256") return SignatureAlgorithm::kEcdsaP256Sha256;
  if (key_type == "EC" && curve == kSm2Curve) return SignatureAlgorithm::kSm2Sm3;
  if (key_type == "OKP" && curve == "Ed25519") return SignatureAlgorithm::kEd25519;
  return std::nullopt;
}

/// RFC 7517 sections 4.2 to 4.4.
Status check_purpose(JsonReader& reader, SignatureAlgorithm algorithm) {
  ASSIGN_OR_RETURN(const auto use, reader.optional_string("use", 64));
  if (use && *use != "sig") return reader.refuse("use", "is not \"sig\"");
  if (reader.has("key_ops")) {
    ASSIGN_OR_RETURN(const auto operations, reader.required_strings("key_ops", 16, 64));
    if (std::ranges::find(operations, "verify") == operations.end()) {
      return reader.refuse("key_ops", "does not hold \"verify\"");
    }
  }
  ASSIGN_OR_RETURN(const auto name, reader.optional_string("alg", 64));
  if (name && find_jose_algorithm(*name) != algorithm) return reader.refuse("alg", "does not fit the key");
  return {};
}

bool holds_secrets(const JsonReader& reader) {
  return std::ranges::any_of(std::array{"d", "k", "p", "q", "dp", "dq", "qi", "oth"},
                             [&](const char* name) { return reader.has(name); });
}

}  // namespace

Result<Jwk> parse_jwk(const Json& jwk) {
  JsonReader reader(jwk);
  ASSIGN_OR_RETURN(const std::string key_type, reader.required_string("kty", 64));
  if (holds_secrets(reader)) return fail(Reason::kInvalidValue, "a JSON Web Key holds private members");
  ASSIGN_OR_RETURN(const auto curve, reader.optional_string("crv", 64));
  const std::optional<SignatureAlgorithm> algorithm = algorithm_of(key_type, curve.value_or(""));
  if (!algorithm) return fail(Reason::kUnsupported, "a JSON Web Key of another type or curve");
  TRY(check_purpose(reader, *algorithm));
  ASSIGN_OR_RETURN(const auto kid, reader.optional_string("kid", kMaxKidChars));
  ASSIGN_OR_RETURN(Bytes encoded, reader.required_base64url("x", kCoordinateBytes));
  if (encoded.size() != kCoordinateBytes) return reader.refuse("x", "must have 32 bytes");
  if (key_type == "EC") {
    ASSIGN_OR_RETURN(const Bytes y, reader.required_base64url("y", kCoordinateBytes));
    if (y.size() != kCoordinateBytes) return reader.refuse("y", "must have 32 bytes");
    encoded.insert(encoded.begin(), 0x04);
    append(encoded, y);
  }
  ASSIGN_OR_RETURN(crypto::PublicKey key, crypto::PublicKey::parse(*algorithm, encoded));
  return Jwk{std::move(key), kid.value_or("")};
}

Result<std::vector<Jwk>> parse_jwk_set(const Json& jwk_set) {
  JsonReader reader(jwk_set);
  ASSIGN_OR_RETURN(const Json* list, reader.required_any("keys"));
  if (!list->is_array() || list->size() > kMaxKeys)
    return reader.refuse("keys", "must be an array of at most 100 keys");
  std::vector<Jwk> keys;
  std::set<std::string> kids;
  for (const Json& entry : *list) {
    if (JsonReader each(entry); holds_secrets(each)) {
      return fail(Reason::kInvalidValue, "a set of public keys holds a private or symmetric one");
    }
    const auto kid = entry.is_object() ? entry.find("kid") : entry.end();
    if (entry.is_object() && kid != entry.end() && kid->is_string() && !kids.insert(kid->get<std::string>()).second) {
      return fail(Reason::kInvalidValue, "two keys of a set have one kid");
    }
    Result<Jwk> jwk = parse_jwk(entry);
    if (!jwk && jwk.error().reason == Reason::kUnsupported) continue;
    if (!jwk) return std::unexpected(std::move(jwk).error());
    keys.push_back(*std::move(jwk));
  }
  return keys;
}

Json to_json(const Jwk& jwk) {
  const SignatureAlgorithm algorithm = jwk.key.algorithm;
  Json out = {{"alg", jose_algorithm_name(algorithm)}, {"use", "sig"}};
  if (!jwk.kid.empty()) out["kid"] = jwk.kid;
  const BytesView bytes = jwk.key.bytes;
  if (algorithm == SignatureAlgorithm::kEd25519) {
    out["kty"] = "OKP";
    out["crv"] = "Ed25519";
    out["x"] = to_base64url(bytes);
    return out;
  }
  CHANCERY_CHECK(bytes.size() == 1 + 2 * kCoordinateBytes);
  out["kty"] = "EC";
  out["crv"] = algorithm == SignatureAlgorithm::kSm2Sm3 ? kSm2Curve : "P-256";
  out["x"] = to_base64url(bytes.subspan(1, kCoordinateBytes));
  out["y"] = to_base64url(bytes.subspan(1 + kCoordinateBytes));
  return out;
}

}  // namespace chancery::documents
