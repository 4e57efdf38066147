#pragma once
// The durable store: RocksDB with one column family a subject, one atomic synced batch a block.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace rocksdb {
class Env;
class Status;
class WriteBatch;
}  // namespace rocksdb

namespace chancery::storage {

/// A column family. The number is the family's place in the store and never changes.
enum class Family : std::uint8_t {
  kMeta = 0,              ///< small facts about the store: format, network
  kRecords = 1,           ///< H(raw key) -> raw key and value
  kEntries = 2,           ///< leaf index (u64 BE) -> Entry
  kTransactionIndex = 3,  ///< transaction id -> leaf index (u64 BE)
  kBlocks = 4,            ///< height (u64 BE) -> StoredBlock
  kTiles = 5,             ///< level (u8), tile index (u64 BE) -> 256 hashes
  kIdempotency = 6,       ///< caller and Idempotency-Key -> what was answered
};
inline constexpr std::size_t kFamilyCount = 7;

class Store;

/// Changes that become durable together or not at all. For one store, which outlives it.
class WriteBatch {
 public:
  explicit WriteBatch(const Store& store);
  ~WriteBatch();
  WriteBatch(WriteBatch&&) noexcept;
  WriteBatch& operator=(WriteBatch&&) noexcept;

  void put(Family family, BytesView key, BytesView value);
  void erase(Family family, BytesView key);
  std::size_t bytes() const;

 private:
  friend class Store;
  const Store* store_;
  std::unique_ptr<rocksdb::WriteBatch> batch_;
};

struct StoreOptions {
  std::string path;
  bool read_only = false;
  /// Block cache for reads.
  std::size_t cache_bytes = 256U << 20;
  /// Below this much free space on the volume writes are refused with kReadOnly while reads go on.
  std::uint64_t reserve_bytes = 256U << 20;
  /// For simulated power cuts; not owned; null means the operating system.
  rocksdb::Env* env = nullptr;
  /// After a power cut the last, never synced record of RocksDB's own logs may be torn. It is cut off only when this is
  /// set and accepts the store as it would then be: a view that can only be read, shown before anything is deleted.
  /// Unset: such a store is refused with kCorrupt.
  std::function<Status(const Store&)> accept_repair = nullptr;
};

/// Thread-safe.
class Store {
 public:
  static Result<std::unique_ptr<Store>> open(const StoreOptions& options);
  ~Store();

  Result<std::optional<Bytes>> get(Family family, BytesView key) const;
  /// Calls `visit(key, value)` in key order from `from` on, until it returns false or the family ends.
  Status scan(Family family, BytesView from, const std::function<bool(BytesView, BytesView)>& visit) const;
  /// Like scan, but backwards from the last key.
  Status scan_back(Family family, const std::function<bool(BytesView, BytesView)>& visit) const;
  /// This store as it is at this moment, whatever is written from now on: for reading alone (writes are kUnsupported).
  /// Costs nothing to take. Old values stay on the disk while it lives; it must go before the store does.
  std::unique_ptr<Store> frozen() const;
  /// Atomic and durable (synced) when it returns success. kReadOnly below the reserve, kStorageFailed otherwise.
  Status write(WriteBatch& batch);

  /// True when writes are refused because the disk is nearly full.
  bool out_of_space() const;
  std::uint64_t free_bytes() const;
  /// Bytes of all files of the store.
  std::uint64_t disk_bytes() const;
  /// A consistent copy in a new directory (hard links where the volume allows).
  Status copy_to(const std::string& directory) const;
  /// Writes memory tables out, so that the next open has no log to replay.
  Status flush();
  /// Writes memory tables out and compacts everything: for measuring size and after pruning.
  Status compact();

 private:
  friend class WriteBatch;
  Store();
  static Result<std::unique_ptr<Store>> open_repaired(const StoreOptions& options, const rocksdb::Status& harm);
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::storage
