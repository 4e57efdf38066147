#pragma once
// The socket side of ABCI: CometBFT opens four connections to a Unix socket and sends length-prefixed requests; each
// connection gets its answers in order. Source: CometBFT v0.38, spec/abci/abci++_client_server.md.

#include <memory>
#include <string>

#include "abci.pb.h"
#include "base/result.h"

namespace chancery::consensus {

/// Called from one thread a connection. Never throws; what can't be answered becomes a ResponseException, after which
/// CometBFT stops itself.
class AbciHandler {
 public:
  virtual ~AbciHandler() = default;
  virtual abci::Response handle(const abci::Request& request) = 0;
};

class AbciServer {
 public:
  /// Listens on a Unix socket at `path` (at most 107 bytes, readable by the owner alone); an old socket file is
  /// replaced. kUnavailable when that fails. The handler outlives the server.
  static Result<std::unique_ptr<AbciServer>> start(const std::string& path, AbciHandler& handler);
  ~AbciServer();
  /// Closes all connections and waits for their threads.
  void stop();

 private:
  AbciServer();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::consensus
