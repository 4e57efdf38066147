#include "documents/sd_jwt/disclosure.h"

#include "base/bytes.h"
#include "crypto/hash.h"

namespace chancery::documents {

namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kMaxDisclosureBytes = 64 * 1024;

}  // namespace

std::string sd_digest(std::string_view ascii) {
  return to_base64url(crypto::hash(crypto::HashAlgorithm::kSha256, as_bytes(ascii)));
}

Result<Disclosure> parse_disclosure(std::string_view encoded) {
  const std::optional<Bytes> text = from_base64url(encoded);
  if (!text) return fail(Reason::kMalformed, "a disclosure is not base64url");
  ASSIGN_OR_RETURN(Json array, parse_json(as_text(*text), {.max_bytes = kMaxDisclosureBytes}));
  const bool has_form = array.is_array() && (array.size() == 2 || array.size() == 3) && array[0].is_string() &&
                        (array.size() == 2 || array[1].is_string());
  if (!has_form) return fail(Reason::kMalformed, "a disclosure is an array of salt, name and value, or salt and value");
  Disclosure out;
  out.encoded = encoded;
  out.digest = sd_digest(encoded);
  out.value = std::move(array.back());
  if (array.size() == 3) out.name = array[1].get<std::string>();
  if (out.name == kDigestsClaim || out.name == kArrayDigestClaim) {
    return fail(Reason::kMalformed, "a disclosure has a name that the format keeps for itself");
  }
  return out;
}

Disclosure make_disclosure(std::optional<std::string> name, Json value, Random& random) {
  Json array = Json::array({to_base64url(random.bytes(kSaltBytes))});
  if (name) array.push_back(*name);
  array.push_back(value);
  Disclosure out;
  out.encoded = to_base64url(as_bytes(canonical_json(array)));
  out.digest = sd_digest(out.encoded);
  out.name = std::move(name);
  out.value = std::move(value);
  return out;
}

}  // namespace chancery::documents
