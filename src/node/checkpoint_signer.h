#pragma once
// Signs this node's checkpoints with keys from files, and never two different ones of the same height.
//
// The file `signed` remembers the newest checkpoint that became durable: "<height, 20 digits> <block hash, hex>\n",
// overwritten in place. It is written after the store, so it never runs ahead of what the store can hold; a store that
// is older than it was rolled back.

#include <memory>
#include <string>

#include "ledger/ledger.h"
#include "merkle/signed_note.h"

namespace chancery::node {

class FileCheckpointSigner final : public ledger::CheckpointSigner {
 public:
  /// Reads keys/node.p8 and keys/node-log.p8 below `directory`. kForbidden for a wrong passphrase. Keys that are no
  /// validator's of the genesis make the node an observer in a network of several, and are kProofUntrusted in one of
  /// one node.
  static Result<std::unique_ptr<FileCheckpointSigner>> open(const std::string& directory, std::string_view passphrase,
                                                            const ledger::Genesis& genesis);
  ~FileCheckpointSigner() override;

  /// The keys are no validator's: what is signed counts for nobody.
  bool observes() const { return observes_; }

  Result<std::string> sign(const merkle::Checkpoint& checkpoint) override;
  void made_durable(const merkle::Checkpoint& checkpoint) override;
  Status accept_stored(const merkle::Checkpoint& checkpoint) override;

 private:
  FileCheckpointSigner(std::string name, crypto::PrivateKey key, crypto::PrivateKey log_key);

  std::string name_;
  crypto::PrivateKey key_;
  crypto::PrivateKey log_key_;
  bool observes_ = false;
  int file_ = -1;
  std::uint64_t height_ = 0;
  Digest block_hash_{};
};

}  // namespace chancery::node
