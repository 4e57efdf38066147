#pragma once
// Lists and searches over what the ledger has made final: credentials, evidence, transactions, blocks, accounts,
// organisations. Fed by committed entries only, so it can be dropped and rebuilt at any time; it says how far it is.
// It holds public facts alone: nothing personal reaches it, because nothing personal is in the entries.
//
// catch_up() and rebuild() belong to one thread. Queries may come from any thread and see one state of the model each.
//
// Pages are newest first. A cursor remembers the height at which its first page was read: later pages show the same
// height, whatever became final since. A cursor is bound to its filter and cannot be made by hand (kBadCursor).

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "ledger.pb.h"

namespace chancery::ledger {
class Ledger;
}

namespace chancery::readmodel {

inline constexpr std::uint32_t kMaxPageItems = 100;
inline constexpr std::uint32_t kDefaultPageItems = 20;
/// A query that needs longer than this answers kOverloaded: the caller narrows it.
inline constexpr std::int64_t kQueryBudget_ms = 2'000;

/// Where final entries come from: the ledger, or a list in a test.
class EntrySource {
 public:
  virtual ~EntrySource() = default;
  /// Entries that are final; their leaf indices are [0, tree_size).
  virtual std::uint64_t tree_size() const = 0;
  /// The oldest that this node holds; those before it are skipped.
  virtual std::uint64_t first_entry() const { return 0; }
  /// The height of the last final block.
  virtual std::uint64_t head_height() const = 0;
  virtual Result<wire::Entry> entry(std::uint64_t leaf_index) const = 0;
  /// A record of the newest final state, or nullopt. Asked only for what a method's arguments leave to the contract and
  /// what never changes once written (the issuer and validity of a credential, the place of evidence in its matter).
  virtual Result<std::optional<Bytes>> record(std::string_view contract, std::string_view collection,
                                              std::string_view key) const = 0;
};

/// How far the model is.
struct Position {
  std::uint64_t entries = 0;         ///< leaf indices [0, entries) are in the model
  std::uint64_t height = 0;          ///< of the last entry that is in the model; 0 when it is empty
  std::int64_t time_ms = 0;          ///< block time of that height
  std::uint64_t behind_entries = 0;  ///< final in the ledger, not yet here (as of the last catch_up)
  std::uint64_t behind_blocks = 0;
};

struct PageRequest {
  std::uint32_t limit = kDefaultPageItems;  ///< 1 to 100, else kInvalidValue
  std::string cursor;                       ///< empty: first page
};

template <class Row>
struct Page {
  std::vector<Row> items;
  bool has_more = false;
  std::string next_cursor;   ///< empty when there is no more
  std::uint64_t height = 0;  ///< the height that the page shows
};

/// All given conditions must hold. Times are block times in milliseconds, bounds inclusive.
struct CredentialFilter {
  std::string id_prefix;
  std::string type;
  std::string issuer;            ///< organisation id
  std::optional<Digest> holder;  ///< holder commitment
  /// "valid", "suspended", "revoked", "superseded", "expired", "not_yet_valid"; of the height and time shown.
  std::string status;
  std::optional<std::int64_t> issued_from_ms;
  std::optional<std::int64_t> issued_until_ms;
  /// Words (up to 8, separated by white space), each found in a name of the type or issuer or in the memo.
  std::string text;
  /// Show the list as it was then; at most one of the two.
  std::optional<std::uint64_t> as_of_height;
  std::optional<std::int64_t> as_of_ms;
};

struct CredentialRow {
  std::string id;
  std::string type;
  std::string issuer;
  Bytes holder_prefix;  ///< first 16 bytes of the holder commitment
  std::uint32_t version = 1;
  std::int64_t valid_from_ms = 0;   ///< inclusive
  std::int64_t valid_until_ms = 0;  ///< exclusive; 0: without end
  std::string status;               ///< as in the filter
  std::string reason_code;          ///< of the last change of status; empty when there was none
  std::uint64_t status_since_height = 0;
  std::int64_t status_since_ms = 0;
  std::uint64_t issued_height = 0;
  std::int64_t issued_ms = 0;
  std::uint64_t leaf_index = 0;  ///< of the issuing transaction
};

struct EvidenceFilter {
  std::string number_prefix;
  std::string matter;
  std::string organisation;
  std::string phase;
  std::optional<Digest> digest;  ///< SM3, SHA-256 or batch root
  std::optional<bool> batch;     ///< only batches, or only single deposits
  std::optional<std::int64_t> deposited_from_ms;
  std::optional<std::int64_t> deposited_until_ms;
  std::string text;  ///< in the matter number, the memo, a name of the organisation
  std::optional<std::uint64_t> as_of_height;
  std::optional<std::int64_t> as_of_ms;
};

struct EvidenceRow {
  std::string number;  ///< 存证编号
  std::string matter;
  std::string organisation;  ///< empty: the depositor belongs to none
  std::string account;       ///< depositor
  std::string phase;         ///< a code of contracts/evidence/words.h
  std::string media_type;
  Bytes digest_sm3;         ///< empty when not given
  Bytes digest_sha256;      ///< empty when not given
  Bytes batch_root;         ///< empty for a single deposit
  std::uint64_t count = 1;  ///< digests covered
  std::uint64_t size_bytes = 0;
  std::string previous_number;
  std::uint64_t height = 0;
  std::int64_t time_ms = 0;
  std::uint64_t leaf_index = 0;
};

struct TransactionFilter {
  std::string account;  ///< first signer
  std::string call;     ///< "credential.issue": first call
  std::optional<std::uint64_t> height;
  std::optional<bool> refused;
  std::optional<std::int64_t> from_ms;
  std::optional<std::int64_t> until_ms;
  std::string text;  ///< in the memo
};

struct TransactionRow {
  std::uint64_t leaf_index = 0;
  Digest id{};
  std::string account;  ///< first signer
  std::string call;     ///< "credential.issue": first call
  std::uint32_t calls = 1;
  std::string reason;  ///< empty: it took effect
  std::uint64_t height = 0;
  std::int64_t time_ms = 0;
};

struct BlockRow {
  std::uint64_t height = 0;
  std::int64_t time_ms = 0;
  std::uint64_t first_leaf = 0;
  std::uint64_t count = 0;
};

struct CredentialTypeRow {
  std::string id;
  std::string name_zh;
  std::string name_en;
  std::uint64_t issued = 0;  ///< credentials of this type
  std::uint64_t defined_height = 0;
};

struct OrganisationRow {
  std::string id;
  std::string name_zh;
  std::string name_en;
  std::string state;  ///< "active", "suspended"
  std::uint64_t created_height = 0;
};

struct AccountRow {
  std::string id;
  std::string kind;
  std::string organisation;
  std::string state;
  std::uint64_t created_height = 0;
};

struct ReadModelOptions {
  std::string path;  ///< of the database file
  /// Readers' and writer's page cache, each.
  std::size_t cache_bytes = 32U << 20;
  /// Where lists of transactions get the ids from: the rows would be twice as long with them. May be empty.
  std::function<Result<Digest>(std::uint64_t leaf_index)> transaction_id;
};

class ReadModel {
 public:
  /// Opens or creates. A file of another format version is emptied (it is rebuilt from entries). kStorageFailed.
  static Result<std::unique_ptr<ReadModel>> open(const ReadModelOptions& options, const Clock& clock);
  virtual ~ReadModel() = default;

  // --- feeding (one thread)
  /// Takes up to `max_entries` more entries, in one transaction of the database. Success with nothing to do is success.
  /// An entry of a contract or method that the model does not know counts as a transaction and is otherwise skipped.
  virtual Status catch_up(const EntrySource& source, std::uint64_t max_entries) = 0;
  Status catch_up(const ledger::Ledger& ledger, std::uint64_t max_entries);
  /// What genesis wrote has no entries: names of its organisations, accounts and types, as the genesis file says them.
  /// Call before the first catch_up, and after rebuild().
  virtual Status load_genesis(const std::string& contracts_json, std::int64_t created_ms) = 0;
  /// Forgets everything; cursors stay good.
  virtual Status rebuild() = 0;

  // --- reading (any thread)
  virtual Position position() const = 0;
  virtual Result<Page<CredentialRow>> credentials(const CredentialFilter& filter, const PageRequest& page) const = 0;
  virtual Result<Page<EvidenceRow>> evidence(const EvidenceFilter& filter, const PageRequest& page) const = 0;
  virtual Result<Page<TransactionRow>> transactions(const TransactionFilter& filter, const PageRequest& page) const = 0;
  virtual Result<Page<BlockRow>> blocks(const PageRequest& page) const = 0;
  virtual Result<Page<CredentialTypeRow>> credential_types(const std::string& text, const PageRequest& page) const = 0;
  virtual Result<Page<OrganisationRow>> organisations(const std::string& text, const PageRequest& page) const = 0;
  /// `organisation` empty: of all.
  virtual Result<Page<AccountRow>> accounts(const std::string& organisation, const PageRequest& page) const = 0;
  /// Bytes of the database files.
  virtual std::uint64_t disk_bytes() const = 0;
};

}  // namespace chancery::readmodel
