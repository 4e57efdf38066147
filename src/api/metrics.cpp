#include "api/metrics.h"

#include <unistd.h>

#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "base/metrics.h"

namespace chancery::api {
namespace {

double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  double total_pages = 0;
  double resident_pages = 0;
  statm >> total_pages >> resident_pages;
  return resident_pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

/// Routes and statuses are few; what they lead to in the registry is looked up once. Patterns live as long as the
/// process, but not as long as a restarted App: hence strings.
struct Known {
  std::mutex mutex;
  std::map<std::tuple<std::string, std::string, int>, Counter*, std::less<>> requests;
  std::map<std::string, Histogram*, std::less<>> durations;
};

Known& known() {
  static Known instance;
  return instance;
}

}  // namespace

void count_request(std::string_view method, std::string_view route, int status, std::int64_t duration_us) {
  Counter* counter = nullptr;
  Histogram* duration = nullptr;
  {
    Known& cache = known();
    const std::lock_guard lock(cache.mutex);
    auto& request = cache.requests[{std::string(method), std::string(route), status}];
    if (request == nullptr) {
      request = &metrics().counter(
          "chancery_http_requests_total", "Requests answered.",
          {{"method", std::string(method)}, {"route", std::string(route)}, {"status", std::to_string(status)}});
    }
    counter = request;
    auto& histogram = cache.durations[std::string(route)];
    if (histogram == nullptr) {
      histogram = &metrics().histogram("chancery_http_request_duration_seconds",
                                       "From the end of the header to the answer.", {{"route", std::string(route)}});
    }
    duration = histogram;
  }
  counter->add();
  duration->observe(static_cast<double>(duration_us) / 1e6);
}

void count_transactions(std::string_view outcome, std::uint64_t count) {
  if (count == 0) return;
  metrics()
      .counter("chancery_http_transactions_total", "Transactions submitted over HTTP.",
               {{"outcome", std::string(outcome)}})
      .add(count);
}

void show_figures(const NodeFigures& figures) {
  const auto show = [](std::string_view name, std::string_view help, double value) {
    metrics().gauge(name, help).set(value);
  };
  show("chancery_block_height", "Height of the last final block.", static_cast<double>(figures.height));
  show("chancery_log_entries", "Entries of the history tree.", static_cast<double>(figures.tree_size));
  show("chancery_state_records", "Records of the state.", static_cast<double>(figures.records));
  show("chancery_read_model_behind_entries", "Final entries that lists do not show yet.",
       static_cast<double>(figures.read_model_behind_entries));
  show("chancery_read_model_bytes", "Size of the read model's files.", static_cast<double>(figures.read_model_bytes));
  show("chancery_disk_free_bytes", "Free bytes where the node's directory is.",
       static_cast<double>(figures.disk_free_bytes));
  show("chancery_event_streams", "Open event streams.", static_cast<double>(figures.event_streams));
  show("chancery_ready", "1 when the node is ready to serve.", figures.ready ? 1 : 0);
  show("chancery_writable", "1 when the node takes transactions.", figures.writable ? 1 : 0);
  show("chancery_resident_memory_bytes", "Resident memory of the process.", resident_bytes());
}

}  // namespace chancery::api
