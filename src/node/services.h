#pragma once
// What a node does for people who are logged in: sessions with keys that the node keeps encrypted, the desks that issue
// credentials and take evidence, the read model that follows the ledger, the log of every look at personal data.
//
// Below the node's directory: keys/<account>.p8  keys/desk.p8  blobs/  batches/  readmodel.sqlite  access/  alerts/
// tsa/
//
// All desks are thread-safe. Calls that write wait until the transaction is final (about 20 ms; at most
// kSubmitTimeout_ms): call them from a worker thread, not from an I/O thread.

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "node/node.h"
#include "node/services/access_log.h"
#include "node/services/credentials.h"
#include "node/services/evidence.h"
#include "node/services/sessions.h"
#include "node/services/submission.h"
#include "node/services/supervision.h"
#include "node/services/timestamp_desk.h"
#include "readmodel/read_model.h"

namespace chancery::node {

struct ServicesOptions {
  /// Opens keys/desk.p8 (made at first start): what personal data is wrapped to. The node's own passphrase.
  std::string passphrase;
  /// Follow the ledger in a thread of low priority. Off: tests call follow_once().
  bool follow = true;
};

class Services {
 public:
  /// `node` outlives the services.
  static Result<std::unique_ptr<Services>> open(Node& node, const ServicesOptions& options);
  ~Services();
  void stop();

  Node& node();
  Sessions& sessions();
  Submission& submission();
  CredentialDesk& credentials();
  EvidenceDesk& evidence();
  AccessLog& access_log();
  Supervision& supervision();
  TimestampDesk& timestamps();
  readmodel::ReadModel& read_model();

  /// Brings the read model to the ledger's head; for tests and `chancery rebuild`.
  Status follow_to_head();
  /// Drops the read model and reads it again from the first entry.
  Status rebuild_read_model();
  /// Waits until the read model shows `height`; kTimeout after `timeout_ms`.
  Status wait_for_read_model(std::uint64_t height, std::int64_t timeout_ms);
  /// Erases blobs that no final transaction refers to and that are older than any open window. Returns how many.
  Result<std::uint64_t> sweep_orphans();

 private:
  Services();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::node
