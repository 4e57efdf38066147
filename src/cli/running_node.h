#pragma once
// A node in this process: ledger, services and HTTP, started together and stopped in the right order.

#include <memory>
#include <string>

#include "api/app.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "node/node.h"
#include "node/peering.h"
#include "node/services.h"

namespace chancery::cli {

struct ServeOptions {
  std::string directory;
  std::string passphrase;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8700;
  /// Free space on the node's volume below which nothing is written.
  std::uint64_t reserve_bytes = node::NodeOptions{}.reserve_bytes;
};

/// --reserve-mib of the commands that run a node.
/// As NodeOptions has it.
inline constexpr std::uint64_t kDefaultReserve_mib = 256;
inline constexpr std::uint64_t kMostReserve_mib = 1ULL << 30;
/// In bytes; kUsage for more than any volume has.
Result<std::uint64_t> reserve_bytes_of(std::uint64_t reserve_mib);

/// Construct it before the first thread starts: threads inherit the blocked signals.
class Signals {
 public:
  Signals();
  enum class Wish { kStop, kBackup };
  /// Ctrl-C or SIGTERM: stop. SIGUSR1: a backup or snapshot is asked for (backup_request.h).
  Wish wait() const;
};

class RunningNode {
 public:
  static Result<std::unique_ptr<RunningNode>> start(const ServeOptions& options);
  ~RunningNode();

  node::Node& node() { return *node_; }
  node::Services& services() { return *services_; }
  std::uint16_t port() const { return app_->port(); }
  /// Serves until it is told to stop, making the backups and snapshots that are asked for meanwhile.
  void run_until_stopped(const Signals& signals);
  void stop();

 private:
  RunningNode() = default;
  std::string directory_;
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<node::Peering> peering_;  ///< in a network of several
  std::unique_ptr<node::Node> node_;
  std::unique_ptr<node::Services> services_;
  std::unique_ptr<api::App> app_;
};

}  // namespace chancery::cli
