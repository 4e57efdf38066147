#include "node/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace chancery::node {

namespace {

std::unexpected<Error> file_error(const std::string& path, std::string_view what) {
  const Reason reason = errno == ENOENT   ? Reason::kNotFound
                        : errno == ENOSPC ? Reason::kReadOnly
                                          : Reason::kStorageFailed;
  return fail(reason, std::string(what) + " " + path + ": " + std::strerror(errno));
}

bool sync_directory(const std::string& path) {
  const int directory = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return false;
  const bool synced = ::fsync(directory) == 0;
  ::close(directory);
  return synced;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t limit_bytes) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return file_error(path, "cannot read");
  std::string content(limit_bytes + 1, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  if (content.size() > limit_bytes) return fail(Reason::kTooLarge, path + " is larger than expected");
  return content;
}

Status write_file(const std::string& path, std::string_view content) {
  const std::string beside = path + ".new";
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return file_error(beside, "cannot write");
  const char* at = content.data();
  std::size_t left = content.size();
  bool good = true;
  while (good && left > 0) {
    const ssize_t written = ::write(file, at, left);
    good = written > 0;
    if (good) {
      at += written;
      left -= static_cast<std::size_t>(written);
    }
  }
  good = good && ::fsync(file) == 0;
  ::close(file);
  if (!good || std::rename(beside.c_str(), path.c_str()) != 0) return file_error(path, "cannot write");
  if (!sync_directory(std::filesystem::path(path).parent_path()))
    return file_error(path, "cannot sync the directory of");
  return {};
}

}  // namespace chancery::node
