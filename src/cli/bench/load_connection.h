#pragma once
// Connections of a load generator: prebuilt requests out, answers in, no thread, little CPU. Many connections are
// served by one epoll loop in LoadRunner.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace chancery::cli::bench {

/// A whole HTTP request as it goes over the wire.
std::string http_post(std::string_view target, std::string_view content_type, std::string_view body);

struct LoadAnswer {
  std::size_t request = 0;  ///< index into the requests
  int status = 0;
  std::string_view body;        ///< valid during the call
  std::int64_t planned_us = 0;  ///< when it should have gone out: waiting in the generator counts as latency
  std::int64_t answered_us = 0;
};

struct LoadPlan {
  std::vector<std::uint16_t> ports;  ///< the connections are spread over them
  std::size_t connections = 16;
  /// 0: closed loop, the next request goes out as soon as a connection is free. Otherwise requests go out at this rate,
  /// whatever the answers do (open loop); when all connections are busy the wait counts.
  double requests_per_s = 0;
  std::int64_t duration_us = 0;  ///< no request goes out after that; answers are waited for
};

struct LoadTotals {
  std::size_t sent = 0;
  std::size_t answered = 0;
  std::int64_t first_sent_us = 0;
  std::int64_t last_answered_us = 0;
  bool ran_out = false;  ///< all requests went out before the time was over
};

/// Sends requests[0], requests[1], ... once each. kUnavailable when a connection breaks; what was answered until then
/// was handed over. kTimeout when answers are missing a minute after the end.
Result<LoadTotals> run_load(const LoadPlan& plan, const std::vector<std::string>& requests,
                            const std::function<void(const LoadAnswer&)>& on_answer);

}  // namespace chancery::cli::bench
