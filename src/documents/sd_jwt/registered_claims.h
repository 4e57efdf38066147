#pragma once
// Names of SD-JWT VC.

#include <array>
#include <string_view>

namespace chancery::documents {

/// draft-ietf-oauth-sd-jwt-vc section 3.2.2.2: these must stand in the payload itself. `iat` may be selective there; we
/// keep it open, since a verifier cannot judge a credential without it.
inline constexpr std::array<std::string_view, 8> kRegisteredClaims = {"iss", "iat", "nbf",           "exp",
                                                                      "cnf", "vct", "vct#integrity", "status"};
inline constexpr std::string_view kCredentialTyp = "dc+sd-jwt";
inline constexpr std::string_view kKeyBindingTyp = "kb+jwt";

}  // namespace chancery::documents
