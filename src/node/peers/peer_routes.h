#pragma once
// Which handler serves which path. Private to the server.

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "node/peers/peer_message.h"

namespace chancery::node {

struct PeerRoute {
  PeerHandler handler;
  std::size_t body_limit_bytes = kDefaultPeerBodyBytes;
};

/// Thread-safe.
class PeerRoutes {
 public:
  void add(const std::string& method, const std::string& path, PeerRoute route);
  struct Match {
    std::shared_ptr<const PeerRoute> route;  ///< null: none
    bool path_known = false;                 ///< it exists with another method
  };
  Match find(std::string_view method, std::string_view path) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<const PeerRoute>> exact_;     // guarded by mutex_
  std::map<std::pair<std::string, std::string>, std::shared_ptr<const PeerRoute>> prefixes_;  // guarded by mutex_
};

}  // namespace chancery::node
