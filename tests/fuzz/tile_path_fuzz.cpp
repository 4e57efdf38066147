// Names of tiles, as any client may ask for them, and entry bundles: one spelling each.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "merkle/tiles.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chancery;
  const std::string_view text = as_text({data, size});
  if (const auto path = merkle::parse_tile_path(text)) {
    CHANCERY_CHECK(merkle::to_string(*path) == text);
    CHANCERY_CHECK(path->width >= 1 && path->width <= 256);
  }
  if (size == 0) return 0;
  const BytesView bundle(data + 1, size - 1);
  if (const auto entries = merkle::decode_entry_bundle(bundle, data[0])) {
    CHANCERY_CHECK(entries->size() == data[0]);
    const auto again = merkle::encode_entry_bundle(std::span<const BytesView>(*entries));
    CHANCERY_CHECK(again.has_value() && std::ranges::equal(*again, bundle));
  }
  return 0;
}
