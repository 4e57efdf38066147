#include "storage/blob_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>

#include "base/failpoint.h"
#include "base/log.h"
#include "crypto/envelope.h"
#include "crypto/hash.h"
#include "storage/blob_file.h"

namespace chancery::storage {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kBlobSuffix = ".blob";
constexpr std::string_view kErasedSuffix = ".erased";
constexpr std::string_view kTemporarySuffix = ".tmp";
constexpr std::size_t kHeaderReadBytes = 8 + 8 + 2 + kMaxBlobIdBytes;
/// Head, wrapped keys and tag on top of the plaintext.
constexpr std::size_t kMaxFileBytes = kMaxBlobBytes + (1U << 20);
/// From this many blobs on, two syncs of the whole volume cost less than two for each blob.
constexpr std::size_t kSyncTogether = 8;

std::unexpected<Error> io_failure(std::string_view doing) {
  const Reason reason = errno == ENOSPC || errno == EDQUOT ? Reason::kReadOnly : Reason::kStorageFailed;
  return fail(reason, fmt::format("blob store: {}: {}", doing, std::strerror(errno)));
}

class File {
 public:
  File(const std::string& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool good() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

Status sync_path(const std::string& path, int flags) {
  const File file(path, flags);
  if (!file.good() || ::fsync(file.descriptor()) != 0) return io_failure("syncing");
  return {};
}

Status write_all(const File& file, BytesView bytes, std::size_t offset = 0) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file.descriptor(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return io_failure("writing");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::size_t>(written);
  }
  return {};
}

Result<Bytes> read_all(const std::string& path, std::size_t limit) {
  const File file(path, O_RDONLY);
  if (!file.good()) return io_failure("reading");
  Bytes out;
  std::array<std::uint8_t, 65'536> buffer;
  while (out.size() <= limit) {
    const ssize_t got = ::read(file.descriptor(), buffer.data(), std::min(buffer.size(), limit + 1 - out.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_failure("reading");
    if (got == 0) return out;
    append(out, BytesView(buffer.data(), static_cast<std::size_t>(got)));
  }
  return fail(Reason::kCorrupt, "a stored blob is larger than any blob can be");
}

Status check_input(std::string_view id, std::size_t plaintext_bytes, std::size_t readers) {
  if (id.empty() || id.size() > kMaxBlobIdBytes) {
    return fail(Reason::kInvalidValue, fmt::format("a blob id has 1 to {} bytes", kMaxBlobIdBytes));
  }
  if (plaintext_bytes > kMaxBlobBytes) {
    return fail(Reason::kTooLarge,
                fmt::format("the document has {} bytes, the limit is {}", plaintext_bytes, kMaxBlobBytes),
                fmt::format("文件有 {} 字节，上限为 {}", plaintext_bytes, kMaxBlobBytes));
  }
  if (readers == 0 || readers > kMaxBlobReaders) {
    return fail(Reason::kInvalidValue, fmt::format("a blob has 1 to {} readers", kMaxBlobReaders));
  }
  return {};
}

}  // namespace

struct BlobStore::State {
  std::string directory;
  crypto::AeadAlgorithm aead = crypto::AeadAlgorithm::kAes256Gcm;
  const Clock* clock = nullptr;
  Random* random = nullptr;
  /// Held while names appear and disappear, not while bytes are written.
  std::mutex names;

  struct Paths {
    std::string shard;
    std::string blob;
    std::string erased;
  };
  Paths paths_of(std::string_view id) const {
    const std::string name = to_hex(crypto::hash(crypto::HashAlgorithm::kSha256, as_bytes(id)));
    const std::string shard = directory + "/" + name.substr(0, 2);
    return {shard, shard + "/" + name + std::string(kBlobSuffix), shard + "/" + name + std::string(kErasedSuffix)};
  }

  Result<Bytes> seal(std::string_view id, BytesView plaintext, std::span<const crypto::ReaderPublicKey> readers) const {
    const BytesView context = as_bytes(id);
    const crypto::DataKey key = crypto::DataKey::generate(aead, *random);
    BlobFile blob{clock->now_ms(), std::string(id), {}, {}};
    for (const crypto::ReaderPublicKey& reader : readers) {
      ASSIGN_OR_RETURN(Bytes wrapped, crypto::wrap_key(key, context, reader, *random));
      blob.wrapped_keys.push_back(std::move(wrapped));
    }
    ASSIGN_OR_RETURN(blob.sealed, crypto::seal_document(key, context, plaintext, *random));
    return encode_blob_file(blob);
  }

  /// Its name is durable before anything is put into it.
  Status ensure_shard(const std::string& shard) const {
    if (::mkdir(shard.c_str(), 0700) == 0) return sync_path(directory, O_RDONLY | O_DIRECTORY);
    if (errno != EEXIST) return io_failure("creating a directory");
    return {};
  }

  Status write_temporary(const std::string& path, BytesView bytes, bool sync) const {
    if (failpoint::visit("blob.before_write")) return fail(Reason::kStorageFailed, "blob store: failpoint");
    TRY(ensure_shard(fs::path(path).parent_path().string()));
    const File file(path, O_WRONLY | O_CREAT | O_EXCL);
    if (!file.good()) return io_failure("creating");
    TRY(write_all(file, bytes));
    if (sync && ::fsync(file.descriptor()) != 0) return io_failure("syncing");
    return {};
  }

  /// Gives the written bytes their name; never replaces a blob.
  Status publish(const Paths& paths, const std::string& temporary) {
    const std::lock_guard lock(names);
    if (::access(paths.erased.c_str(), F_OK) == 0) {
      return fail(Reason::kGone, "a blob of this id was erased", "该文件已被销毁");
    }
    if (::link(temporary.c_str(), paths.blob.c_str()) != 0) {
      if (errno == EEXIST) return fail(Reason::kAlreadyExists, "there is a blob of this id", "该文件已存在");
      return io_failure("naming");
    }
    return {};
  }

  std::string temporary_path(const Paths& paths) const {
    return paths.blob + "." + to_hex(random->bytes(8)) + std::string(kTemporarySuffix);
  }
};

BlobStore::BlobStore() : state_(std::make_unique<State>()) {}
BlobStore::~BlobStore() = default;

namespace {

/// Ends what a crash interrupted: temporary files go, and so do blobs beside a tombstone.
Status recover_shard(const fs::path& shard) {
  std::error_code error;
  for (const auto& item : fs::directory_iterator(shard, error)) {
    const std::string name = item.path().string();
    const bool temporary = name.ends_with(kTemporarySuffix);
    const bool erased = name.ends_with(kBlobSuffix) &&
                        fs::exists(name.substr(0, name.size() - kBlobSuffix.size()) + std::string(kErasedSuffix));
    if ((temporary || erased) && ::unlink(name.c_str()) != 0) return io_failure("clearing up");
  }
  if (error) return fail(Reason::kStorageFailed, "blob store: " + error.message());
  return {};
}

}  // namespace

Result<std::unique_ptr<BlobStore>> BlobStore::open(const std::string& directory, const crypto::Suite& suite,
                                                   const Clock& clock, Random& random) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return fail(Reason::kStorageFailed, "blob store: " + error.message());
  fs::permissions(directory, fs::perms::owner_all, error);
  for (const auto& shard : fs::directory_iterator(directory, error)) {
    if (shard.is_directory()) TRY(recover_shard(shard.path()));
  }
  if (error) return fail(Reason::kStorageFailed, "blob store: " + error.message());
  std::unique_ptr<BlobStore> store(new BlobStore());
  store->state_->directory = directory;
  store->state_->aead = suite.aead;
  store->state_->clock = &clock;
  store->state_->random = &random;
  return store;
}

Status BlobStore::put(std::string_view id, BytesView plaintext, std::span<const crypto::ReaderPublicKey> readers) {
  TRY(check_input(id, plaintext.size(), readers.size()));
  ASSIGN_OR_RETURN(const Bytes bytes, state_->seal(id, plaintext, readers));
  const State::Paths paths = state_->paths_of(id);
  const std::string temporary = state_->temporary_path(paths);
  Status status = state_->write_temporary(temporary, bytes, true);
  if (status.has_value()) status = state_->publish(paths, temporary);
  ::unlink(temporary.c_str());
  TRY(status);
  return sync_path(paths.shard, O_RDONLY | O_DIRECTORY);
}

Status BlobStore::put_many(std::span<const BlobInput> blobs, std::span<const crypto::ReaderPublicKey> readers) {
  if (blobs.size() < kSyncTogether) {
    for (const BlobInput& blob : blobs) TRY(put(blob.id, blob.plaintext, readers));
    return {};
  }
  const File volume(state_->directory, O_RDONLY | O_DIRECTORY);
  if (!volume.good()) return io_failure("opening");
  std::vector<std::pair<State::Paths, std::string>> written;
  written.reserve(blobs.size());
  Status status;
  for (const BlobInput& blob : blobs) {
    status = check_input(blob.id, blob.plaintext.size(), readers.size());
    if (!status.has_value()) break;
    auto bytes = state_->seal(blob.id, blob.plaintext, readers);
    if (!bytes.has_value()) {
      status = std::unexpected(std::move(bytes).error());
      break;
    }
    const State::Paths paths = state_->paths_of(blob.id);
    written.emplace_back(paths, state_->temporary_path(paths));
    status = state_->write_temporary(written.back().second, *bytes, false);
    if (!status.has_value()) break;
  }
  // Bytes are durable before any name is.
  if (status.has_value() && ::syncfs(volume.descriptor()) != 0) status = io_failure("syncing");
  for (const auto& [paths, temporary] : written) {
    if (status.has_value()) status = state_->publish(paths, temporary);
    ::unlink(temporary.c_str());
  }
  TRY(status);
  if (::syncfs(volume.descriptor()) != 0) return io_failure("syncing");
  return {};
}

Result<Bytes> BlobStore::get(std::string_view id, const crypto::ReaderPrivateKey& reader) const {
  const State::Paths paths = state_->paths_of(id);
  if (::access(paths.erased.c_str(), F_OK) == 0)
    return fail(Reason::kGone, "the document was erased", "该文件已被销毁");
  if (::access(paths.blob.c_str(), F_OK) != 0)
    return fail(Reason::kNotFound, "there is no such document", "没有该文件");
  ASSIGN_OR_RETURN(const Bytes bytes, read_all(paths.blob, kMaxFileBytes));
  ASSIGN_OR_RETURN(const BlobFile blob, decode_blob_file(bytes));
  if (blob.id != id) return fail(Reason::kCorrupt, "a stored blob has another id than its name says");
  const crypto::KeyId wanted = crypto::key_id(reader.public_key());
  for (const Bytes& wrapped : blob.wrapped_keys) {
    const auto whose = crypto::reader_of(wrapped);
    if (!whose.has_value() || *whose != wanted) continue;
    const auto key = crypto::unwrap_key(wrapped, as_bytes(id), reader);
    if (!key.has_value()) return fail(Reason::kCorrupt, "a wrapped key does not open: " + key.error().detail);
    auto plaintext = crypto::open_document(*key, as_bytes(id), blob.sealed);
    if (!plaintext.has_value()) return fail(Reason::kCorrupt, "a document does not open: " + plaintext.error().detail);
    return plaintext;
  }
  return fail(Reason::kForbidden, "the document is not wrapped to this reader", "无权读取该文件");
}

bool BlobStore::contains(std::string_view id) const {
  return ::access(state_->paths_of(id).blob.c_str(), F_OK) == 0 &&
         ::access(state_->paths_of(id).erased.c_str(), F_OK) != 0;
}

namespace {

/// Overwrites the wrapped keys where they lie. A copy-on-write volume or a flash drive may keep the old block for a
/// while: that is why backups of keys and of blobs are kept apart.
Status destroy_keys(const std::string& path) {
  ASSIGN_OR_RETURN(const Bytes bytes, read_all(path, kMaxFileBytes));
  const auto range = wrapped_keys_range(bytes);
  const ByteRange wipe = range.has_value() ? *range : ByteRange{0, bytes.size()};
  const File file(path, O_WRONLY);
  if (!file.good()) return io_failure("erasing");
  TRY(write_all(file, Bytes(wipe.size, 0), wipe.from));
  if (::fsync(file.descriptor()) != 0) return io_failure("erasing");
  return {};
}

}  // namespace

Status BlobStore::erase(std::string_view id) {
  const State::Paths paths = state_->paths_of(id);
  const std::lock_guard lock(state_->names);
  const bool tombstone = ::access(paths.erased.c_str(), F_OK) == 0;
  const bool blob = ::access(paths.blob.c_str(), F_OK) == 0;
  if (!tombstone && !blob) return fail(Reason::kNotFound, "there is no such document", "没有该文件");
  if (!tombstone) {
    // The tombstone first: from here on a crash ends in erasure, never in a blob that nobody finishes erasing.
    const File file(paths.erased, O_WRONLY | O_CREAT | O_EXCL);
    if (!file.good()) return io_failure("erasing");
    const std::string note = fmt::format("{{\"id\":\"{}\",\"erased_ms\":{}}}\n", id, state_->clock->now_ms());
    TRY(write_all(file, as_bytes(note)));
    if (::fsync(file.descriptor()) != 0) return io_failure("erasing");
    TRY(sync_path(paths.shard, O_RDONLY | O_DIRECTORY));
  }
  if (failpoint::visit("blob.after_tombstone")) return fail(Reason::kStorageFailed, "blob store: failpoint");
  if (blob) {
    TRY(destroy_keys(paths.blob));
    if (::unlink(paths.blob.c_str()) != 0) return io_failure("erasing");
  }
  return sync_path(paths.shard, O_RDONLY | O_DIRECTORY);
}

Status BlobStore::discard(std::string_view id) {
  const State::Paths paths = state_->paths_of(id);
  const std::lock_guard lock(state_->names);
  if (::access(paths.blob.c_str(), F_OK) != 0)
    return fail(Reason::kNotFound, "there is no such document", "没有该文件");
  TRY(destroy_keys(paths.blob));
  if (::unlink(paths.blob.c_str()) != 0) return io_failure("discarding");
  return sync_path(paths.shard, O_RDONLY | O_DIRECTORY);
}

Status BlobStore::for_each(const std::function<bool(const BlobInfo&)>& visit) const {
  std::error_code outer;
  for (const auto& shard : fs::directory_iterator(state_->directory, outer)) {
    if (!shard.is_directory()) continue;
    std::error_code error;
    for (const auto& item : fs::directory_iterator(shard.path(), error)) {
      const std::string path = item.path().string();
      if (!path.ends_with(kBlobSuffix)) continue;
      const File file(path, O_RDONLY);
      Bytes beginning(kHeaderReadBytes);
      const ssize_t got = file.good() ? ::pread(file.descriptor(), beginning.data(), beginning.size(), 0) : -1;
      if (got < 0) continue;  // erased meanwhile
      beginning.resize(static_cast<std::size_t>(got));
      const auto header = decode_blob_header(beginning);
      if (!header.has_value()) {
        log_warn("blob.damaged", {{"file", item.path().filename().string()}});
        continue;
      }
      std::error_code ignored;
      if (!visit({header->id, header->created_ms, item.file_size(ignored)})) return {};
    }
    if (error) return fail(Reason::kStorageFailed, "blob store: " + error.message());
  }
  if (outer) return fail(Reason::kStorageFailed, "blob store: " + outer.message());
  return {};
}

}  // namespace chancery::storage
