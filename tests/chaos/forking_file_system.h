#pragma once
// A file system under RocksDB that knows which bytes were synced. At a chosen operation it forks the disk: it writes a
// second directory with what a power cut at this moment could have left. Of every file all synced bytes survive, of the
// bytes behind them a random part, and the last surviving ones may be torn.
// Renames and new names count as durable at once: RocksDB syncs its directory after each.

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/random.h"

namespace chancery::chaos {

class ForkingFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit ForkingFileSystem(std::uint64_t seed);
  const char* Name() const override { return "ForkingFileSystem"; }
  static const char* kClassName() { return "ForkingFileSystem"; }

  /// After this many appends and syncs from now, the disk below `from` is forked into `to`, and `forked` is called (in
  /// the thread of the operation, before it continues).
  void fork_after(std::uint64_t operations, std::string from, std::string to, std::function<void()> forked);
  std::uint64_t operations() const;

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

  // Called by the files.
  void appended(const std::string& name, std::uint64_t bytes);
  void synced(const std::string& name);

 private:
  struct Extent {
    std::uint64_t written = 0;
    std::uint64_t synced = 0;
  };
  void count_operation(std::unique_lock<std::mutex>& lock);
  void fork();

  mutable std::mutex mutex_;
  SeededRandom random_;
  std::map<std::string, Extent> files_;
  std::uint64_t operations_ = 0;
  std::uint64_t fork_at_ = 0;
  std::string from_;
  std::string to_;
  std::function<void()> forked_;
};

}  // namespace chancery::chaos
