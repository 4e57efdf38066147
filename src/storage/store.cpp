#include "storage/store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>
#include <sys/statvfs.h>

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <vector>

#include "base/failpoint.h"
#include "storage/torn_tail.h"

namespace chancery::storage {

namespace {

constexpr std::array<const char*, kFamilyCount> kFamilyNames = {"meta",   "records", "entries",    "transaction_index",
                                                                "blocks", "tiles",   "idempotency"};

rocksdb::Slice slice(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
BytesView view(const rocksdb::Slice& s) {
  return {reinterpret_cast<const std::uint8_t*>(s.data()), s.size()};
}

std::unexpected<Error> storage_error(const rocksdb::Status& status) {
  if (status.IsCorruption()) return fail(Reason::kCorrupt, "the store reports: " + status.ToString());
  if (status.IsNoSpace()) return fail(Reason::kReadOnly, "the disk is full");
  return fail(Reason::kStorageFailed, "the store reports: " + status.ToString());
}

rocksdb::ColumnFamilyOptions family_options(Family family, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  options.compression = rocksdb::kLZ4Compression;
  options.level_compaction_dynamic_level_bytes = true;
  options.max_write_buffer_number = 3;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16U << 10;
  table.format_version = 5;
  switch (family) {
    case Family::kRecords:
    case Family::kTransactionIndex:
      // Keys are hashes: point reads only, so filters pay and a 64 MiB memory table halves the number of level-0 files.
      options.write_buffer_size = 64U << 20;
      table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10, false));
      table.block_size = 4U << 10;
      break;
    case Family::kEntries:
      options.write_buffer_size = 64U << 20;
      break;
    default:
      options.write_buffer_size = 16U << 20;
      break;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace

struct Store::State {
  std::string path;
  std::uint64_t reserve_bytes = 0;
  bool watch_space = true;
  std::unique_ptr<rocksdb::DB> owned;
  rocksdb::DB* db = nullptr;  ///< owned, or of the store that this one shows frozen
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const rocksdb::Snapshot* moment = nullptr;  ///< set in a frozen store
  mutable std::atomic<std::int64_t> space_checked_ms{0};
  mutable std::atomic<bool> full{false};

  ~State() {
    if (moment != nullptr) db->ReleaseSnapshot(moment);
    if (!owned) return;
    for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
  }
  rocksdb::ReadOptions reading() const {
    rocksdb::ReadOptions out;
    out.snapshot = moment;
    return out;
  }
  rocksdb::ColumnFamilyHandle* handle(Family family) const { return handles[static_cast<std::size_t>(family)]; }
};

WriteBatch::WriteBatch(const Store& store) : store_(&store), batch_(std::make_unique<rocksdb::WriteBatch>()) {}
WriteBatch::~WriteBatch() = default;
WriteBatch::WriteBatch(WriteBatch&&) noexcept = default;
WriteBatch& WriteBatch::operator=(WriteBatch&&) noexcept = default;

void WriteBatch::put(Family family, BytesView key, BytesView value) {
  CHANCERY_CHECK(batch_->Put(store_->state_->handle(family), slice(key), slice(value)).ok());
}

void WriteBatch::erase(Family family, BytesView key) {
  CHANCERY_CHECK(batch_->Delete(store_->state_->handle(family), slice(key)).ok());
}

std::size_t WriteBatch::bytes() const {
  return batch_->GetDataSize();
}

Store::Store() : state_(std::make_unique<State>()) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const StoreOptions& options) {
  rocksdb::DBOptions db_options;
  db_options.create_if_missing = !options.read_only;
  db_options.create_missing_column_families = true;
  db_options.paranoid_checks = true;
  db_options.max_background_jobs = 2;
  db_options.bytes_per_sync = 1U << 20;
  db_options.wal_bytes_per_sync = 1U << 20;
  db_options.max_total_wal_size = 256U << 20;
  db_options.keep_log_file_num = 4;
  // A torn tail of the log is what a power cut leaves; anything else that does not match is corruption.
  db_options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  if (options.env != nullptr) db_options.env = options.env;

  const auto cache = rocksdb::NewLRUCache(options.cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.emplace_back(rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions());
  for (std::size_t i = 0; i < kFamilyCount; ++i) {
    families.emplace_back(kFamilyNames[i], family_options(static_cast<Family>(i), cache));
  }

  std::unique_ptr<Store> store(new Store());
  store->state_->path = options.path;
  store->state_->reserve_bytes = options.reserve_bytes;
  store->state_->watch_space = options.env == nullptr;
  if (options.env == nullptr && !options.read_only) {
    std::error_code ignored;
    std::filesystem::create_directories(options.path, ignored);
  }
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const rocksdb::Status status = options.read_only
                                     ? rocksdb::DB::OpenForReadOnly(db_options, options.path, families, &handles, &db)
                                     : rocksdb::DB::Open(db_options, options.path, families, &handles, &db);
  if (status.IsCorruption() && options.accept_repair && !options.read_only) return open_repaired(options, status);
  if (!status.ok()) return storage_error(status);
  store->state_->owned.reset(db);
  store->state_->db = db;
  db->DestroyColumnFamilyHandle(handles.front());
  store->state_->handles.assign(handles.begin() + 1, handles.end());
  return store;
}

Result<std::unique_ptr<Store>> Store::open_repaired(const StoreOptions& options, const rocksdb::Status& harm) {
  ASSIGN_OR_RETURN(TornTails tails, TornTails::cut(options.path));
  if (!tails.any()) return storage_error(harm);
  const Status accepted = [&]() -> Status {
    ASSIGN_OR_RETURN(const auto view, open({.path = options.path, .read_only = true}));
    return options.accept_repair(*view);
  }();
  if (!accepted) {
    TRY(tails.put_back());
    return storage_error(harm);
  }
  StoreOptions again = options;
  again.accept_repair = nullptr;
  return open(again);
}

Result<std::optional<Bytes>> Store::get(Family family, BytesView key) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = state_->db->Get(state_->reading(), state_->handle(family), slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return storage_error(status);
  return to_bytes(view(value));
}

Status Store::scan(Family family, BytesView from, const std::function<bool(BytesView, BytesView)>& visit) const {
  rocksdb::ReadOptions read = state_->reading();
  read.fill_cache = false;
  read.readahead_size = 2U << 20;
  const std::unique_ptr<rocksdb::Iterator> it(state_->db->NewIterator(read, state_->handle(family)));
  for (it->Seek(slice(from)); it->Valid(); it->Next()) {
    if (!visit(view(it->key()), view(it->value()))) return {};
  }
  if (!it->status().ok()) return storage_error(it->status());
  return {};
}

Status Store::scan_back(Family family, const std::function<bool(BytesView, BytesView)>& visit) const {
  const std::unique_ptr<rocksdb::Iterator> it(state_->db->NewIterator(state_->reading(), state_->handle(family)));
  for (it->SeekToLast(); it->Valid(); it->Prev()) {
    if (!visit(view(it->key()), view(it->value()))) return {};
  }
  if (!it->status().ok()) return storage_error(it->status());
  return {};
}

std::unique_ptr<Store> Store::frozen() const {
  std::unique_ptr<Store> out(new Store());
  out->state_->path = state_->path;
  out->state_->watch_space = false;
  out->state_->db = state_->db;
  out->state_->handles = state_->handles;
  out->state_->moment = state_->db->GetSnapshot();
  return out;
}

Status Store::write(WriteBatch& batch) {
  if (state_->moment != nullptr) return fail(Reason::kUnsupported, "a frozen view of the store is not written to");
  if (out_of_space()) {
    return fail(Reason::kReadOnly, "less than the reserved space is free on the volume of the store",
                "存储卷的可用空间低于保留值");
  }
  if (failpoint::visit("store.before_write")) return fail(Reason::kStorageFailed, "failpoint store.before_write");
  rocksdb::WriteOptions write;
  write.sync = true;
  const rocksdb::Status status = state_->db->Write(write, batch.batch_.get());
  if (!status.ok()) return storage_error(status);
  if (failpoint::visit("store.after_write")) return fail(Reason::kStorageFailed, "failpoint store.after_write");
  return {};
}

bool Store::out_of_space() const {
  if (!state_->watch_space) return false;
  using namespace std::chrono;
  const std::int64_t now_ms = duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
  const std::int64_t checked_ms = state_->space_checked_ms.load(std::memory_order_relaxed);
  if (now_ms - checked_ms > 200) {
    state_->space_checked_ms = now_ms;
    state_->full = free_bytes() < state_->reserve_bytes;
  }
  return state_->full;
}

std::uint64_t Store::free_bytes() const {
  struct statvfs volume{};
  if (::statvfs(state_->path.c_str(), &volume) != 0) return ~std::uint64_t{0};
  return static_cast<std::uint64_t>(volume.f_bavail) * volume.f_frsize;
}

std::uint64_t Store::disk_bytes() const {
  std::uint64_t total = 0;
  std::error_code error;
  for (const auto& file : std::filesystem::recursive_directory_iterator(state_->path, error)) {
    if (file.is_regular_file(error)) total += file.file_size(error);
  }
  return total;
}

Status Store::copy_to(const std::string& directory) const {
  rocksdb::Checkpoint* raw = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(state_->db, &raw);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(raw);
  if (status.ok()) status = checkpoint->CreateCheckpoint(directory);
  if (!status.ok()) return storage_error(status);
  return {};
}

Status Store::flush() {
  const rocksdb::Status status = state_->db->Flush({}, state_->handles);
  if (!status.ok()) return storage_error(status);
  return {};
}

Status Store::compact() {
  TRY(flush());
  for (auto* handle : state_->handles) {
    const rocksdb::Status status = state_->db->CompactRange({}, handle, nullptr, nullptr);
    if (!status.ok()) return storage_error(status);
  }
  return {};
}

}  // namespace chancery::storage
