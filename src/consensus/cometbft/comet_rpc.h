#pragma once
// The few calls that go to CometBFT's JSON-RPC, over its Unix socket. Blocking; one connection a call.

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"

namespace chancery::consensus {

class CometRpc {
 public:
  explicit CometRpc(std::string socket_path) : socket_path_(std::move(socket_path)) {}

  /// Offers a transaction to the mempool, from where it reaches the other nodes. Success also when it is there already.
  /// kOverloaded when the mempool is full, kUnavailable when CometBFT does not answer, kInvalidValue when the
  /// application refused it.
  Status broadcast(BytesView transaction) const;
  /// A whole JSON-RPC request and the answer as it came.
  Result<std::string> forward(const std::string& request) const;
  /// The result of any method without parameters, such as "status" or "net_info".
  Result<Json> call(const std::string& method, const Json& parameters = Json::object()) const;

 private:
  std::string socket_path_;
};

}  // namespace chancery::consensus
