#pragma once
// Named places where a test may stop the program, fail an operation or delay it.
//   CHANCERY_FAILPOINTS="commit.before_write=crash:3,commit.after_write=error"
// `crash` ends the process at once as a power cut would (no destructors), `error` makes the operation fail,
// `sleep` waits 50 ms; `:n` acts from the n-th visit on. Without the variable a visit costs one relaxed load.

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::failpoint {

namespace detail {
extern std::atomic<bool> any_armed;
bool visit_slow(std::string_view name);
}  // namespace detail

/// True when the operation must fail here.
inline bool visit(std::string_view name) {
  return detail::any_armed.load(std::memory_order_relaxed) && detail::visit_slow(name);
}

/// Replaces all armed points by those of `specification` (see above); an empty one disarms everything.
void arm(std::string_view specification);
/// Reads CHANCERY_FAILPOINTS once.
void arm_from_environment();
/// Names visited since arm(), with the number of visits, for coverage of rare paths.
std::vector<std::pair<std::string, std::uint64_t>> visits();

}  // namespace chancery::failpoint
