#pragma once
// SD-JWT in its compact form, <JWT>~<disclosure>~...~[<key binding JWT>]: RFC 9901. Issuing, choosing what to show,
// and the checks that need no policy; who is trusted and when is in sd_jwt_vc.h.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "documents/jose/compact_jws.h"
#include "documents/sd_jwt/disclosed_claims.h"

namespace chancery::documents {

struct SdJwt {
  CompactJws jwt;
  Json payload;
  std::vector<Disclosure> disclosures;
  std::string key_binding_jwt;  ///< Empty when there is none.
  std::string bound_text;       ///< Everything up to and with the last "~": what `sd_hash` covers.
};

/// At most 256 KiB and 500 disclosures. No signature is checked here. Takes any bytes (fuzz entry).
Result<SdJwt> parse_sd_jwt(std::string_view text);

struct SdJwtPlan {
  /// JSON Pointers into the claims of what the holder may withhold. One below another makes nested disclosures.
  std::vector<std::string> selective;
  /// Random digests added to each object that has digests, so that their number says less (section 4.2.7); at most 50.
  std::size_t decoys_per_object = 0;
};

/// Signs `claims` with the plan's digests in place of the selective ones; ends in "~". `header` gets `alg`.
/// kInvalidValue when a pointer leads nowhere or is the whole, or a claim has a reserved name.
Result<std::string> issue_sd_jwt(Json claims, const SdJwtPlan& plan, Json header, const crypto::PrivateKey& key,
                                 Random& random);

/// Keeps of the disclosures those that `reveal` needs: a pointer shows the claim there with all below it, and what
/// stands above it. Drops a key binding. kNotFound when a pointer names nothing in the full claims.
Result<std::string> select_disclosures(std::string_view sd_jwt, std::span<const std::string> reveal);

/// What a verifier asked for; a presentation with it cannot be replayed elsewhere (section 4.3).
struct KeyBinding {
  std::string audience;
  std::string nonce;
  std::int64_t issued_at_s = 0;  ///< Seconds since 1970.
};

/// Appends the key binding JWT, typ "kb+jwt", signed with the holder's key (the one in `cnf`).
Result<std::string> bind_to_key(std::string_view sd_jwt, const KeyBinding& binding, const crypto::PrivateKey& holder);

}  // namespace chancery::documents
