#include "documents/sd_jwt/sd_jwt.h"

#include <algorithm>

namespace chancery::documents {

namespace {

constexpr std::size_t kMaxBytes = 256 * 1024;
constexpr std::size_t kMaxDisclosures = 500;

/// True when `pointer` is `above` or stands below it.
bool is_at_or_below(std::string_view pointer, std::string_view above) {
  return pointer.starts_with(above) && (pointer.size() == above.size() || pointer[above.size()] == '/');
}

bool has_claim(const Json& claims, const std::string& pointer) {
  try {
    return claims.contains(Json::json_pointer(pointer));
  } catch (const Json::exception&) {
    return false;  // no pointer, or no array index: it names nothing
  }
}

}  // namespace

Result<SdJwt> parse_sd_jwt(std::string_view text) {
  if (text.size() > kMaxBytes) return fail(Reason::kTooLarge, "an SD-JWT has more than 256 KiB");
  const std::size_t last = text.rfind('~');
  if (last == std::string_view::npos) return fail(Reason::kMalformed, "an SD-JWT has a ~ behind its JWT");
  SdJwt out;
  out.bound_text = text.substr(0, last + 1);
  out.key_binding_jwt = text.substr(last + 1);
  std::size_t at = text.find('~');
  ASSIGN_OR_RETURN(out.jwt, parse_compact_jws(text.substr(0, at)));
  ASSIGN_OR_RETURN(out.payload, parse_json(as_text(out.jwt.payload), {.max_bytes = kMaxBytes}));
  while (at != last) {
    if (out.disclosures.size() >= kMaxDisclosures) return fail(Reason::kTooLarge, "more than 500 disclosures");
    const std::size_t next = text.find('~', at + 1);
    ASSIGN_OR_RETURN(Disclosure disclosure, parse_disclosure(text.substr(at + 1, next - at - 1)));
    out.disclosures.push_back(std::move(disclosure));
    at = next;
  }
  return out;
}

Result<std::string> select_disclosures(std::string_view sd_jwt, std::span<const std::string> reveal) {
  ASSIGN_OR_RETURN(const SdJwt parsed, parse_sd_jwt(sd_jwt));
  ASSIGN_OR_RETURN(const DisclosedClaims all, apply_disclosures(parsed.payload, parsed.disclosures));
  for (const std::string& pointer : reveal) {
    if (!has_claim(all.claims, pointer)) return fail(Reason::kNotFound, "no claim at " + pointer);
  }
  std::string out(sd_jwt.substr(0, sd_jwt.find('~') + 1));
  for (const Disclosure& disclosure : parsed.disclosures) {
    const std::string& at = all.pointer_by_digest.at(disclosure.digest);
    const bool needed = std::ranges::any_of(
        reveal, [&](const std::string& pointer) { return is_at_or_below(at, pointer) || is_at_or_below(pointer, at); });
    if (needed) out.append(disclosure.encoded).append("~");
  }
  return out;
}

Result<std::string> bind_to_key(std::string_view sd_jwt, const KeyBinding& binding, const crypto::PrivateKey& holder) {
  if (!sd_jwt.ends_with('~')) return fail(Reason::kMalformed, "the SD-JWT has a key binding already");
  const Json payload = {{"aud", binding.audience},
                        {"nonce", binding.nonce},
                        {"iat", binding.issued_at_s},
                        {"sd_hash", sd_digest(sd_jwt)}};
  ASSIGN_OR_RETURN(const std::string jwt,
                   sign_compact_jws({{"typ", "kb+jwt"}}, as_bytes(canonical_json(payload)), holder));
  return std::string(sd_jwt) + jwt;
}

}  // namespace chancery::documents
