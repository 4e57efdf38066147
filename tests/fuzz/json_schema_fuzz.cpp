// A hostile schema against a hostile instance: "<schema>\n<instance>". Neither may crash, hang or exhaust memory, and
// the verdict depends on nothing but the two.

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/json.h"
#include "packs/forms/json_schema.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chancery;
  const std::string_view text = as_text({data, size});
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return 0;
  const auto schema_json = parse_json(text.substr(0, end));
  if (!schema_json) return 0;
  const auto schema = packs::Schema::compile(*schema_json, {}, {.assert_formats = true});
  if (!schema) return 0;
  const auto instance = parse_json(text.substr(end + 1));
  if (!instance) return 0;
  const auto failures = schema->validate(*instance);
  const auto again = schema->validate(*instance);
  CHANCERY_CHECK(failures.has_value() == again.has_value());
  if (!failures) return 0;
  CHANCERY_CHECK(failures->size() == again->size());
  CHANCERY_CHECK(failures->size() <= 100);
  if (!failures->empty()) (void)packs::schema_mismatch(*failures);
  return 0;
}
