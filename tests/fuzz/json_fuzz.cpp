// Strict JSON: what is accepted must survive its own canonical form, byte for byte.

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/json.h"

namespace {

/// RFC 8785 prints doubles below 1e21 as digits without an exponent. From 2^64 on that is an integer which the strict
/// reader refuses, because it would have to round it.
bool prints_as_too_long_integer(const chancery::Json& value) {
  if (value.is_structured()) {
    for (const chancery::Json& member : value) {
      if (prints_as_too_long_integer(member)) return true;
    }
    return false;
  }
  return value.is_number_float() && std::abs(value.get<double>()) >= 0x1p63 && std::abs(value.get<double>()) < 1e21;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto value = chancery::parse_json(chancery::as_text({data, size}));
  if (!value || prints_as_too_long_integer(*value)) return 0;
  const std::string canonical = chancery::canonical_json(*value);
  const auto again = chancery::parse_json(canonical);
  CHANCERY_CHECK(again.has_value());
  CHANCERY_CHECK(chancery::canonical_json(*again) == canonical);
  return 0;
}
