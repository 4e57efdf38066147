#pragma once
// Backups: a directory with the same layout as a node's, without keys and without what is rebuilt.
//   genesis.json   trust.json   store/   blobs/   batches/   access/   tsa/
// A restored node refuses to sign heights that its own `signed` file has seen; that file belongs to the machine, not to
// the backup.

#include <cstdint>
#include <string>

#include "base/result.h"
#include "ledger/genesis.h"
#include "storage/store.h"

namespace chancery::node {

/// From a running node's store. The result is verified before it returns.
Status write_backup(const storage::Store& store, const ledger::Genesis& genesis, const std::string& node_directory,
                    const std::string& directory);

struct BackupFacts {
  Digest network_id{};
  std::string network_name;
  std::uint64_t height = 0;
  std::uint64_t transactions = 0;
  std::uint64_t records = 0;
  Digest state_root{};
};
/// Opens the backup read-only, recomputes state and history roots from what is stored, checks the checkpoint's
/// signatures under the backup's own trust file, and (with `every_entry`) every record and log entry.
Result<BackupFacts> verify_backup(const std::string& directory, bool every_entry);

/// Copies a verified backup to a new node directory; keys are brought separately. kAlreadyExists when it is not empty.
Status restore_backup(const std::string& backup_directory, const std::string& node_directory);

}  // namespace chancery::node
