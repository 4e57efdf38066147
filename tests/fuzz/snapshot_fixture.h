#pragma once
// A network of one validator, a few records, and the snapshot of its first block, the same in every run.

#include "base/bytes.h"
#include "ledger/genesis.h"
#include "ledger/snapshot/manifest.h"

namespace chancery::fuzz {

class SnapshotFixture {
 public:
  SnapshotFixture();
  const ledger::Genesis& genesis() const { return genesis_; }
  const Bytes& manifest() const { return manifest_bytes_; }
  const ledger::SnapshotManifest& parsed() const { return manifest_; }
  /// The only chunk of records, as it travels.
  const Bytes& records() const { return records_; }

 private:
  ledger::Genesis genesis_;
  ledger::SnapshotManifest manifest_;
  Bytes manifest_bytes_;
  Bytes records_;
};

}  // namespace chancery::fuzz
