#pragma once
// The HTTP side of a node: routes over a Node and its Services.

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "node/node.h"
#include "node/services.h"

namespace chancery::api {

struct ApiOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8700;  ///< 0: any free port
  /// Set where a proxy in front of the node speaks TLS: the session cookie then travels over TLS only.
  bool secure_cookies = false;
  unsigned io_threads = 2;
  unsigned worker_threads = 16;  ///< requests that wait for a block or a passphrase at the same time
};

class App {
 public:
  /// Listens when it returns. kUnavailable when the address is taken. Node and services outlive it.
  static Result<std::unique_ptr<App>> start(node::Node& node, node::Services& services, const ApiOptions& options);
  ~App();
  /// No new requests; those in flight are finished within 5 s. Call before Services::stop and Node::stop.
  void stop();
  std::uint16_t port() const;

 private:
  App();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::api
