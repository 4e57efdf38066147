#include "tests/chaos/forking_file_system.h"

#include <filesystem>
#include <fstream>

#include "base/bytes.h"

namespace chancery::chaos {

namespace {

namespace fs = std::filesystem;

/// Counts what is written and synced; the bytes go through to the real file at once, so that readers see them.
class CountedFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  CountedFile(std::unique_ptr<rocksdb::FSWritableFile>&& file, std::string name, ForkingFileSystem& owner)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(file)), name_(std::move(name)), owner_(owner) {}

  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
    const auto status = FSWritableFileOwnerWrapper::Append(data, options, debug);
    if (status.ok()) owner_.appended(name_, data.size());
    return status;
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo&, rocksdb::IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
    // Bookkeeping instead of a real sync: the simulated disk decides what survives.
    const auto status = FSWritableFileOwnerWrapper::Flush(options, debug);
    if (status.ok()) owner_.synced(name_);
    return status;
  }
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
    return Sync(options, debug);
  }
  rocksdb::IOStatus RangeSync(std::uint64_t, std::uint64_t, const rocksdb::IOOptions&,
                              rocksdb::IODebugContext*) override {
    return rocksdb::IOStatus::OK();  // promises nothing
  }

 private:
  std::string name_;
  ForkingFileSystem& owner_;
};

std::string bytes_of(const fs::path& path, std::uint64_t count) {
  std::string content(count, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(content.data(), static_cast<std::streamsize>(count));
  content.resize(static_cast<std::size_t>(file.gcount()));
  return content;
}

}  // namespace

ForkingFileSystem::ForkingFileSystem(std::uint64_t seed)
    : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()), random_(seed) {}

void ForkingFileSystem::fork_after(std::uint64_t operations, std::string from, std::string to,
                                   std::function<void()> forked) {
  const std::lock_guard lock(mutex_);
  fork_at_ = operations_ + operations;
  from_ = std::move(from);
  to_ = std::move(to);
  forked_ = std::move(forked);
}

std::uint64_t ForkingFileSystem::operations() const {
  const std::lock_guard lock(mutex_);
  return operations_;
}

rocksdb::IOStatus ForkingFileSystem::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                                     std::unique_ptr<rocksdb::FSWritableFile>* file,
                                                     rocksdb::IODebugContext* debug) {
  rocksdb::FileOptions plain = options;
  plain.use_mmap_writes = false;
  plain.use_direct_writes = false;
  const auto status = FileSystemWrapper::NewWritableFile(name, plain, file, debug);
  if (!status.ok()) return status;
  {
    const std::lock_guard lock(mutex_);
    files_[name] = {};
  }
  file->reset(new CountedFile(std::move(*file), name, *this));
  return status;
}

rocksdb::IOStatus ForkingFileSystem::RenameFile(const std::string& from, const std::string& to,
                                                const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) {
  const auto status = FileSystemWrapper::RenameFile(from, to, options, debug);
  const std::lock_guard lock(mutex_);
  if (const auto found = files_.find(from); status.ok() && found != files_.end()) {
    files_[to] = found->second;
    files_.erase(found);
  }
  return status;
}

void ForkingFileSystem::appended(const std::string& name, std::uint64_t bytes) {
  std::unique_lock lock(mutex_);
  files_[name].written += bytes;
  count_operation(lock);
}

void ForkingFileSystem::synced(const std::string& name) {
  std::unique_lock lock(mutex_);
  count_operation(lock);  // the power may go just before the sync takes effect
  Extent& extent = files_[name];
  extent.synced = extent.written;
}

void ForkingFileSystem::count_operation(std::unique_lock<std::mutex>& lock) {
  ++operations_;
  if (fork_at_ == 0 || operations_ != fork_at_) return;
  fork_at_ = 0;
  fork();
  const auto forked = std::move(forked_);
  lock.unlock();
  if (forked) forked();
  lock.lock();
}

void ForkingFileSystem::fork() {
  std::error_code error;
  fs::remove_all(to_, error);
  fs::create_directories(to_, error);
  for (const auto& entry : fs::directory_iterator(from_, error)) {
    const fs::path target = fs::path(to_) / entry.path().filename();
    const auto found = files_.find(entry.path().string());
    if (found == files_.end()) {
      fs::copy(entry.path(), target, error);
      continue;
    }
    const Extent extent = found->second;
    // Often the whole length: a file can grow before its new bytes are on the disk.
    const std::uint64_t unsynced = extent.written - extent.synced;
    const std::uint64_t survived = extent.synced + (random_.below(3) == 0 ? unsynced : random_.below(unsynced + 1));
    std::string content = bytes_of(entry.path(), survived);
    // A torn sector: what survived behind the last sync may hold garbage at its end.
    if (survived > extent.synced && random_.below(4) == 0) {
      const std::uint64_t torn = std::min<std::uint64_t>(survived - extent.synced, 1 + random_.below(512));
      for (std::uint64_t i = 0; i < torn && i < content.size(); ++i) {
        content[content.size() - 1 - static_cast<std::size_t>(i)] = static_cast<char>(random_.below(256));
      }
    }
    std::ofstream(target, std::ios::binary) << content;
  }
}

}  // namespace chancery::chaos
