#include "node/peers/peer_routes.h"

#include "base/result.h"

namespace chancery::node {

void PeerRoutes::add(const std::string& method, const std::string& path, PeerRoute route) {
  CHANCERY_CHECK(method == "GET" || method == "POST");
  CHANCERY_CHECK(path.starts_with('/') && route.handler);
  const std::lock_guard lock(mutex_);
  auto shared = std::make_shared<const PeerRoute>(std::move(route));
  const bool prefix = path.ends_with('*');
  const bool added = prefix ? prefixes_.emplace(std::pair(method, path.substr(0, path.size() - 1)), shared).second
                            : exact_.emplace(std::pair(method, path), shared).second;
  CHANCERY_CHECK(added);
}

PeerRoutes::Match PeerRoutes::find(std::string_view method, std::string_view path) const {
  const std::lock_guard lock(mutex_);
  Match out;
  std::size_t longest = 0;
  for (const auto& [key, route] : exact_) {
    if (key.second != path) continue;
    out.path_known = true;
    if (key.first == method) return {route, true};
  }
  for (const auto& [key, route] : prefixes_) {
    if (!path.starts_with(key.second)) continue;
    out.path_known = true;
    if (key.first == method && key.second.size() >= longest) {
      out.route = route;
      longest = key.second.size();
    }
  }
  return out;
}

}  // namespace chancery::node
