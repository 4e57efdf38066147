// A decoder with a planted bug: it trusts a length that the input states. If the fuzzer does not find this within its
// time, the other targets' silence means nothing.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace {

/// "CHN" | u8 count | bytes: the last of `count` bytes, although there may be fewer.
std::uint8_t last_of_stated_count(chancery::BytesView in) {
  if (in.size() < 5 || in[0] != 'C' || in[1] != 'H' || in[2] != 'N') return 0;
  const std::vector<std::uint8_t> body(in.begin() + 4, in.end());
  return body.data()[in[3]];
}

}  // namespace

// Visible to the linker, so that the read above cannot be optimised away.
std::uint8_t canary_sink = 0;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  canary_sink = last_of_stated_count({data, size});
  return 0;
}
