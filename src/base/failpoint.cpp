#include "base/failpoint.h"

#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <thread>

namespace chancery::failpoint {

namespace {

struct Armed {
  std::string action;
  std::uint64_t from_visit = 1;
};

std::mutex mutex;
std::map<std::string, Armed, std::less<>> armed;
std::map<std::string, std::uint64_t, std::less<>> visit_counts;

}  // namespace

namespace detail {

std::atomic<bool> any_armed = false;

bool visit_slow(std::string_view name) {
  std::string action;
  {
    const std::lock_guard lock(mutex);
    const std::uint64_t visit_number = ++visit_counts[std::string(name)];
    const auto found = armed.find(name);
    if (found == armed.end() || visit_number < found->second.from_visit) return false;
    action = found->second.action;
  }
  if (action == "crash") ::_exit(137);
  if (action == "sleep") std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return action == "error";
}

}  // namespace detail

void arm(std::string_view specification) {
  const std::lock_guard lock(mutex);
  armed.clear();
  visit_counts.clear();
  detail::any_armed = !specification.empty();
  while (!specification.empty()) {
    const std::size_t comma = specification.find(',');
    const std::string_view one = specification.substr(0, comma);
    specification = comma == std::string_view::npos ? std::string_view{} : specification.substr(comma + 1);
    const std::size_t equals = one.find('=');
    if (equals == std::string_view::npos) continue;
    std::string_view action = one.substr(equals + 1);
    Armed point;
    if (const std::size_t colon = action.find(':'); colon != std::string_view::npos) {
      const std::string_view number = action.substr(colon + 1);
      std::from_chars(number.data(), number.data() + number.size(), point.from_visit);
      action = action.substr(0, colon);
    }
    point.action = action;
    armed[std::string(one.substr(0, equals))] = point;
  }
}

void arm_from_environment() {
  if (const char* specification = std::getenv("CHANCERY_FAILPOINTS")) arm(specification);
}

std::vector<std::pair<std::string, std::uint64_t>> visits() {
  const std::lock_guard lock(mutex);
  return {visit_counts.begin(), visit_counts.end()};
}

}  // namespace chancery::failpoint
