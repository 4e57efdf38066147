#pragma once
// Which handler answers which method and path.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/reply.h"
#include "api/http/request.h"

namespace chancery::api::http {

inline constexpr std::size_t kDefaultBodyLimitBytes = 64U << 10;

/// Requests are shared so that a handler may keep one while its answer is pending.
using Handler = std::function<void(const std::shared_ptr<const Request>&, const Reply&)>;

struct Route {
  std::string method;
  /// "/v1/blocks/{height}"; a last segment "{rest...}" takes all that follows, joined by '/'.
  std::string pattern;
  Handler handler;
  std::size_t body_limit_bytes = kDefaultBodyLimitBytes;
};

class Router {
 public:
  void add(Route route);
  const std::vector<Route>& routes() const { return routes_; }

  struct Match {
    const Route* route = nullptr;  ///< null: no such path, or not with this method
    std::vector<std::string> parameters;
    std::string allow;  ///< methods of the path when it exists: "GET, HEAD, OPTIONS"
  };
  /// HEAD finds the route of GET. Fixed segments win over placeholders.
  Match match(std::string_view method, const std::vector<std::string>& segments) const;

 private:
  struct Pattern {
    std::vector<std::string> segments;  ///< empty string: a placeholder
    bool takes_rest = false;
    std::size_t fixed = 0;
  };
  static bool fits(const Pattern& pattern, const std::vector<std::string>& segments);
  std::vector<Route> routes_;
  std::vector<Pattern> patterns_;
};

}  // namespace chancery::api::http
