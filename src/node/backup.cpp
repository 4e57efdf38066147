#include "node/backup.h"

#include <filesystem>

#include "contracts/registry.h"
#include "ledger/ledger.h"
#include "node/files.h"
#include "node/genesis_file.h"
#include "node/node_files.h"

namespace chancery::node {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kScrubAtOnce = 100'000;
constexpr std::array<const char*, 4> kOtherDirectories = {"blobs", "batches", "access", "tsa"};

/// Opens a ledger without being able to sign.
class NoSigner final : public ledger::CheckpointSigner {
 public:
  Result<std::string> sign(const merkle::Checkpoint&) override {
    return fail(Reason::kUnsupported, "a backup is not written to");
  }
  void made_durable(const merkle::Checkpoint&) override {}
  Status accept_stored(const merkle::Checkpoint&) override { return {}; }
};

Status copy_tree(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!fs::exists(from, error)) return {};
  fs::copy(from, to, fs::copy_options::recursive, error);
  if (error) return fail(Reason::kStorageFailed, "cannot copy " + from.string() + ": " + error.message());
  return {};
}

Status must_be_new(const std::string& directory) {
  std::error_code error;
  if (fs::exists(directory, error) && !fs::is_empty(directory, error)) {
    return fail(Reason::kAlreadyExists, directory + " is there already and is not empty");
  }
  fs::create_directories(directory, error);
  if (error) return fail(Reason::kStorageFailed, "cannot make " + directory + ": " + error.message());
  return {};
}

}  // namespace

Status write_backup(const storage::Store& store, const ledger::Genesis& genesis, const std::string& node_directory,
                    const std::string& directory) {
  TRY(must_be_new(directory));
  TRY(store.copy_to(store_path(directory)));
  for (const char* name : kOtherDirectories) {
    TRY(copy_tree(fs::path(node_directory) / name, fs::path(directory) / name));
  }
  TRY(write_file(trust_path(directory), ledger::TrustFile::of(genesis).to_json()));
  ASSIGN_OR_RETURN(const std::string document, read_file(genesis_path(node_directory), kGenesisFileBytes));
  TRY(write_file(genesis_path(directory), document));
  ASSIGN_OR_RETURN(const BackupFacts facts, verify_backup(directory, false));
  if (facts.network_id != genesis.network_id) return fail(Reason::kCorrupt, "the backup is of another network");
  return {};
}

Result<BackupFacts> verify_backup(const std::string& directory, bool every_entry) {
  ASSIGN_OR_RETURN(const ledger::Genesis genesis, read_genesis(directory));
  ASSIGN_OR_RETURN(const auto store, storage::Store::open({.path = store_path(directory), .read_only = true}));
  NoSigner signer;
  ASSIGN_OR_RETURN(const auto ledger, ledger::Ledger::open(*store, genesis, contracts::native_contracts(),
                                                           contracts::account_keys(), signer));
  const ledger::Head head = ledger->head();
  if (head.height == 0) return fail(Reason::kCorrupt, "the backup holds no block");
  if (head.tree_size > 0) {
    ASSIGN_OR_RETURN(const ledger::Receipt receipt, ledger->receipt(head.tree_size - 1));
    const auto verification = ledger::verify_receipt(receipt, ledger::TrustFile::of(genesis));
    if (!verification.passed) {
      return fail(verification.failure.value_or(Reason::kProofInvalid), verification.steps.back().text_en,
                  verification.steps.back().text_zh);
    }
  }
  bool complete = !every_entry;
  while (!complete) {
    ASSIGN_OR_RETURN(complete, ledger->scrub(kScrubAtOnce));
  }
  return BackupFacts{genesis.network_id, genesis.name,           head.height,
                     head.tree_size,     ledger->record_count(), head.state_root};
}

Status restore_backup(const std::string& backup_directory, const std::string& node_directory) {
  TRY(verify_backup(backup_directory, false));
  std::error_code error;
  if (fs::exists(store_path(node_directory), error)) {
    return fail(Reason::kAlreadyExists, node_directory + " holds a store already");
  }
  fs::create_directories(node_directory, error);
  for (const char* name : kOtherDirectories) {
    TRY(copy_tree(fs::path(backup_directory) / name, fs::path(node_directory) / name));
  }
  TRY(copy_tree(store_path(backup_directory), store_path(node_directory)));
  for (const auto& path : {trust_path, genesis_path}) {
    ASSIGN_OR_RETURN(const std::string document, read_file(path(backup_directory), kGenesisFileBytes));
    TRY(write_file(path(node_directory), document));
  }
  return {};
}

}  // namespace chancery::node
