#pragma once
// What nodes say to each other: HTTP/1.1 inside mutual TLS, whole bodies, no headers that mean anything to us.

#include <functional>
#include <string>
#include <string_view>

namespace chancery::node {

inline constexpr std::size_t kDefaultPeerBodyBytes = 1U << 20;

struct PeerRequest {
  std::string peer;    ///< the authenticated node
  std::string method;  ///< "GET" or "POST"
  std::string path;    ///< "/peer/v1/cosignatures", without the query
  std::string query;   ///< what follows '?', as sent
  std::string body;
};

struct PeerResponse {
  int status = 200;
  std::string content_type = "application/octet-stream";
  std::string body = {};

  bool ok() const { return status >= 200 && status < 300; }
};

/// Called on a thread of the server, for requests of authenticated peers alone; may block for as long as the caller's
/// deadline is worth. A request may come twice (a caller repeats after a broken connection): bear it.
using PeerHandler = std::function<PeerResponse(const PeerRequest&)>;

}  // namespace chancery::node
