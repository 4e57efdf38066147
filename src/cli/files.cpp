#include "cli/files.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace chancery::cli {
namespace {

constexpr std::size_t kPiece_bytes = 1U << 20;

std::unexpected<Error> cannot(std::string_view what, const std::string& path) {
  const Reason reason = errno == ENOENT   ? Reason::kNotFound
                        : errno == EACCES ? Reason::kForbidden
                                          : Reason::kStorageFailed;
  return fail(reason, fmt::format("cannot {} {}: {}", what, path, std::strerror(errno)));
}

/// Closes on every way out.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }

 private:
  int number_;
};

Status write_all(int descriptor, BytesView content, const std::string& path, Durability durability) {
  for (std::size_t done = 0; done < content.size();) {
    const ssize_t written = ::write(descriptor, content.data() + done, content.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return cannot("write", path);
    done += static_cast<std::size_t>(written);
  }
  if (durability == Durability::kSynced && ::fsync(descriptor) != 0) return cannot("sync", path);
  return {};
}

}  // namespace

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

Result<Bytes> read_file(const std::string& path, std::size_t limit_bytes) {
  Bytes content;
  const Descriptor file(path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return cannot("open", path);
  Bytes piece(kPiece_bytes);
  while (true) {
    const ssize_t count = ::read(file.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot("read", path);
    if (count == 0) return content;
    if (content.size() + static_cast<std::size_t>(count) > limit_bytes) {
      return fail(Reason::kTooLarge, fmt::format("{} has more than {} bytes", path, limit_bytes));
    }
    content.insert(content.end(), piece.begin(), piece.begin() + count);
  }
}

Result<std::string> read_text(const std::string& path, std::size_t limit_bytes) {
  ASSIGN_OR_RETURN(const Bytes content, read_file(path, limit_bytes));
  return to_string(content);
}

Status make_directories(const std::string& path, Access access) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return fail(Reason::kStorageFailed, fmt::format("cannot make {}: {}", path, error.message()));
  if (access == Access::kOwnerOnly) ::chmod(path.c_str(), 0700);
  return {};
}

Status write_file(const std::string& path, BytesView content, Overwrite overwrite, Access access,
                  Durability durability) {
  if (overwrite == Overwrite::kRefuse && exists(path)) {
    return fail(Reason::kAlreadyExists, path + " exists already", path + " 已经存在");
  }
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) TRY(make_directories(folder.string(), Access::kEverybody));
  const std::string beside = path + ".part";
  {
    const Descriptor file(
        ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, access == Access::kOwnerOnly ? 0600 : 0644));
    if (file.get() < 0) return cannot("create", beside);
    TRY(write_all(file.get(), content, beside, durability));
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return cannot("rename", beside);
  if (durability == Durability::kLater) return {};
  const Descriptor directory(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() >= 0) ::fsync(directory.get());
  return {};
}

Result<FileDigest> digest_file(const std::string& path, crypto::HashAlgorithm algorithm) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return cannot("open", path);
  crypto::Hasher hasher(algorithm);
  FileDigest result;
  Bytes piece(kPiece_bytes);
  while (true) {
    const ssize_t count = ::read(file.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot("read", path);
    if (count == 0) break;
    hasher.update(BytesView(piece).first(static_cast<std::size_t>(count)));
    result.size_bytes += static_cast<std::uint64_t>(count);
  }
  result.digest = hasher.finish();
  return result;
}

}  // namespace chancery::cli
