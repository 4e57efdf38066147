#include "cli/reexecution.h"

#include <fmt/core.h>

#include <filesystem>

#include "cli/files.h"
#include "contracts/registry.h"
#include "ledger/ledger.h"
#include "merkle/signed_note.h"
#include "node/node_files.h"
#include "storage/store.h"

namespace chancery::cli {
namespace {

template <class Message>
Result<Message> stored(const storage::Store& store, storage::Family family, std::uint64_t number,
                       std::string_view what) {
  ASSIGN_OR_RETURN(const auto bytes, store.get(family, u64_be(number)));
  Message message;
  if (!bytes || !message.ParseFromArray(bytes->data(), static_cast<int>(bytes->size()))) {
    return fail(Reason::kCorrupt, fmt::format("{} {} is missing or unreadable", what, number));
  }
  return message;
}

/// What is executed again must have the checkpoint that was signed then: it gets those signatures, so that the copy's
/// blocks become final as the first ones did, in a network of one and of many. The checkpoint covers the block, the
/// state root and the history root.
class SignedThen final : public ledger::CheckpointSigner {
 public:
  explicit SignedThen(const storage::Store& store) : store_(store) {}

  Result<std::string> sign(const merkle::Checkpoint& checkpoint) override {
    ASSIGN_OR_RETURN(const auto block,
                     stored<wire::StoredBlock>(store_, storage::Family::kBlocks, checkpoint.height, "block"));
    ASSIGN_OR_RETURN(const merkle::SignedNote note, merkle::parse_note(block.checkpoint()));
    if (note.text == merkle::encode_checkpoint(checkpoint)) return block.checkpoint();
    return fail(Reason::kCorrupt,
                fmt::format("block {}: re-execution gives another state or history root", checkpoint.height),
                fmt::format("第 {} 区块：重新执行得到不同的状态根或历史根", checkpoint.height));
  }
  void made_durable(const merkle::Checkpoint&) override {}
  Status accept_stored(const merkle::Checkpoint&) override { return {}; }

 private:
  const storage::Store& store_;
};

Result<std::uint64_t> last_height(const storage::Store& store) {
  std::uint64_t height = 0;
  TRY(store.scan_back(storage::Family::kBlocks, [&](BytesView key, BytesView) {
    height = read_u64_be(key);
    return false;
  }));
  return height;
}

/// The block's transactions as they were ordered, with their signatures checked against the copy's own state.
Result<std::vector<ledger::OrderedTransaction>> transactions_of(const storage::Store& store,
                                                                const wire::BlockHeader& header, ledger::Ledger& copy) {
  std::vector<std::shared_ptr<ledger::ParsedTransaction>> parsed;
  for (std::uint32_t i = 0; i < header.count(); ++i) {
    ASSIGN_OR_RETURN(const auto entry,
                     stored<wire::Entry>(store, storage::Family::kEntries, header.first_leaf() + i, "entry"));
    ASSIGN_OR_RETURN(auto one, ledger::parse_transaction(to_bytes(entry.transaction()), copy.genesis().suite->hash));
    parsed.push_back(std::make_shared<ledger::ParsedTransaction>(std::move(one)));
  }
  std::vector<ledger::ParsedTransaction*> pointers;
  for (const auto& one : parsed) pointers.push_back(one.get());
  std::vector<Status> verified(parsed.size());
  ledger::verify_signatures(
      pointers,
      [&](std::string_view account, const crypto::KeyId& key_id) { return copy.account_key(account, key_id); },
      verified);
  std::vector<ledger::OrderedTransaction> ordered;
  for (std::size_t i = 0; i < parsed.size(); ++i) {
    if (!verified[i])
      return fail(Reason::kCorrupt,
                  fmt::format("entry {}: {}", header.first_leaf() + i, verified[i].error().message()));
    ordered.push_back({parsed[i], std::nullopt});
  }
  return ordered;
}

Status compare(const wire::BlockHeader& then, const wire::BlockHeader& now) {
  if (then.SerializeAsString() == now.SerializeAsString()) return {};
  return fail(Reason::kCorrupt, fmt::format("block {}: re-execution gives another header", then.height()),
              fmt::format("第 {} 区块：重新执行得到不同的区块头", then.height()));
}

}  // namespace

Result<Reexecution> reexecute(const std::string& node_directory, const std::string& scratch_directory,
                              const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  ASSIGN_OR_RETURN(const std::string text, read_text(node::genesis_path(node_directory)));
  ASSIGN_OR_RETURN(const ledger::Genesis genesis, ledger::Genesis::parse(text));
  ASSIGN_OR_RETURN(const auto source,
                   storage::Store::open({.path = node::store_path(node_directory), .read_only = true}));
  std::error_code ignored;
  std::filesystem::remove_all(scratch_directory, ignored);
  ASSIGN_OR_RETURN(auto scratch, storage::Store::open({.path = scratch_directory}));
  SignedThen signer(*source);
  ASSIGN_OR_RETURN(auto copy, ledger::Ledger::open(*scratch, genesis, contracts::native_contracts(),
                                                   contracts::account_keys(), signer));
  ASSIGN_OR_RETURN(const std::uint64_t last, last_height(*source));
  Reexecution result;
  for (std::uint64_t height = copy->durable_header().height() + 1; height <= last; ++height) {
    ASSIGN_OR_RETURN(const auto block, stored<wire::StoredBlock>(*source, storage::Family::kBlocks, height, "block"));
    ASSIGN_OR_RETURN(auto ordered, transactions_of(*source, block.header(), *copy));
    ASSIGN_OR_RETURN(const auto executed, copy->execute(block.header().time_ms(), ordered));
    TRY(copy->commit(executed));
    TRY(compare(block.header(), copy->durable_header()));
    result.transactions += block.header().count();
    if (progress) progress(height, last);
  }
  const wire::BlockHeader end = copy->durable_header();
  result.height = end.height();
  result.state_root = to_digest(as_bytes(end.state_root())).value_or(Digest{});
  copy.reset();
  scratch.reset();
  std::filesystem::remove_all(scratch_directory, ignored);
  return result;
}

}  // namespace chancery::cli
