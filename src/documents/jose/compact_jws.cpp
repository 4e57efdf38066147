#include "documents/jose/compact_jws.h"

#include "documents/jose/algorithm.h"

namespace chancery::documents {

namespace {

constexpr std::size_t kMaxHeaderBytes = 16 * 1024;

}  // namespace

std::string CompactJws::header_text(std::string_view name) const {
  const auto found = header.find(name);
  return found != header.end() && found->is_string() ? found->get<std::string>() : "";
}

Result<CompactJws> parse_compact_jws(std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes) return fail(Reason::kTooLarge, "a JWS is larger than the limit");
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos || text.find('.', second + 1) != std::string_view::npos) {
    return fail(Reason::kMalformed, "a compact JWS has three parts with dots between them");
  }
  const std::optional<Bytes> header = from_base64url(text.substr(0, first));
  std::optional<Bytes> payload = from_base64url(text.substr(first + 1, second - first - 1));
  std::optional<Bytes> signature = from_base64url(text.substr(second + 1));
  if (!header || !payload || !signature) return fail(Reason::kMalformed, "a part of the JWS is not base64url");
  CompactJws jws;
  ASSIGN_OR_RETURN(jws.header, parse_json(as_text(*header), {.max_bytes = kMaxHeaderBytes, .max_depth = 16}));
  if (!jws.header.is_object() || jws.header_text("alg").empty()) {
    return fail(Reason::kMalformed, "the header of a JWS is an object with an alg");
  }
  if (jws.header.contains("crit")) return fail(Reason::kUnsupported, "the JWS needs an extension that is not known");
  jws.payload = *std::move(payload);
  jws.signature = *std::move(signature);
  jws.signing_input = text.substr(0, second);
  return jws;
}

Status verify_compact_jws(const CompactJws& jws, const crypto::PublicKey& key) {
  if (find_jose_algorithm(jws.header_text("alg")) != key.algorithm) {
    return fail(Reason::kAlgorithmNotAllowed, "the alg of the JWS is not that of the key");
  }
  if (!crypto::verify(key, as_bytes(jws.signing_input), jws.signature)) {
    return fail(Reason::kProofInvalid, "the signature of the JWS does not hold");
  }
  return {};
}

Result<std::string> sign_compact_jws(Json header, BytesView payload, const crypto::PrivateKey& key) {
  header["alg"] = jose_algorithm_name(key.algorithm());
  std::string out = to_base64url(as_bytes(canonical_json(header)));
  out.append(".").append(to_base64url(payload));
  ASSIGN_OR_RETURN(const crypto::Signature signature, key.sign(as_bytes(out)));
  return out.append(".").append(to_base64url(signature));
}

}  // namespace chancery::documents
