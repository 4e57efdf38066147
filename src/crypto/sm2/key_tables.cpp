#include "crypto/sm2/key_tables.h"

#include <algorithm>
#include <mutex>

namespace chancery::crypto::sm2 {

namespace {

constexpr unsigned kKeyWindowBits = 6;
/// Uses by others that an idle key survives.
constexpr unsigned kMostCredit = 64;

struct Place {
  std::mutex mutex;
  std::array<std::uint8_t, 64> key{};
  unsigned credit = 0;  ///< 0: the place is free for the next one
  unsigned uses = 0;
  std::shared_ptr<const Multiples> table;
};

Place& place_of(std::span<const std::uint8_t, 64> key) {
  static std::array<Place, kMostKeyTables> places;
  const std::uint64_t mixed = to_limbs(key.first<32>())[0] * 0x9e3779b97f4a7c15U;
  return places[mixed >> 32 & (kMostKeyTables - 1)];
}

}  // namespace

std::shared_ptr<const Multiples> multiples_of_key(std::span<const std::uint8_t, 64> key) {
  Place& place = place_of(key);
  {
    const std::scoped_lock lock(place.mutex);
    if (!std::ranges::equal(place.key, key)) {
      if (place.credit > 0) {
        --place.credit;
        return nullptr;
      }
      std::ranges::copy(key, place.key.begin());
      place.uses = 0;
      place.table = nullptr;
    }
    place.credit = std::min(place.credit + 1, kMostCredit);
    // One caller makes the table; the others go on without it.
    if (++place.uses != kUsesBeforeTable) return place.table;
  }
  auto table = std::make_shared<const Multiples>(point_from_bytes(key), kKeyWindowBits);
  const std::scoped_lock lock(place.mutex);
  if (std::ranges::equal(place.key, key)) place.table = table;
  return table;
}

}  // namespace chancery::crypto::sm2
