#pragma once
// Looks every second at peers.json and keys/tls-node.pem, so that `chancery cert rotate` and an edited list of peers
// take effect without a restart. A changed file that is wrong is logged, and what was in force goes on. Reckons the
// certificate calendar anew every hour and after each change.

#include <memory>
#include <string>

#include "base/clock.h"
#include "node/peers/peer_tls.h"

namespace chancery::node {

class PeerFileWatch {
 public:
  /// Begins to watch. The clock outlives it.
  PeerFileWatch(std::string directory, std::string passphrase, std::shared_ptr<PeerTls> tls, const Clock& clock);
  ~PeerFileWatch();
  void stop();

  /// What the watching thread does each second; for tests and for those in a hurry.
  void look();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::node
