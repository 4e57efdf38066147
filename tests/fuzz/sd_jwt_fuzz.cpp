// SD-JWT credentials: nothing is accepted but what the issuer signed, and no claim is shown that it did not make.

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "documents/sd_jwt/sd_jwt.h"
#include "sd_jwt_fixture.h"

namespace {

/// Objects may lack members and arrays may lack elements, but nothing may be different or new.
bool is_part_of(const chancery::Json& shown, const chancery::Json& whole) {
  if (shown.is_object() && whole.is_object()) {
    for (const auto& [name, value] : shown.items()) {
      if (!whole.contains(name) || !is_part_of(value, whole[name])) return false;
    }
    return true;
  }
  if (shown.is_array() && whole.is_array()) {
    for (const auto& element : shown) {
      if (std::find(whole.begin(), whole.end(), element) == whole.end()) return false;
    }
    return true;
  }
  return shown == whole;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chancery;
  static const fuzz::SdJwtFixture fixture;
  const std::string_view text = as_text({data, size});
  if (documents::parse_sd_jwt(text)) (void)documents::select_disclosures(text, {});
  const std::string_view signed_part = text.substr(0, text.find('~'));
  for (const documents::CredentialPolicy* policy : {&fixture.policy(), &fixture.binding_policy()}) {
    const auto verified = documents::verify_credential(text, *policy);
    if (!verified) continue;
    CHANCERY_CHECK(fixture.issued().starts_with(std::string(signed_part) + "~"));
    CHANCERY_CHECK(is_part_of(verified->claims.subject, fixture.subject()));
    CHANCERY_CHECK(verified->holder_proved == policy->key_binding.has_value());
  }
  return 0;
}
