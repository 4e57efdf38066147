#include "ledger/snapshot/directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

namespace chancery::ledger {

namespace fs = std::filesystem;

std::string manifest_path(const std::string& directory) {
  return directory + "/manifest";
}

std::string chunk_path(const std::string& directory, std::size_t index) {
  return fmt::format("{}/chunk-{:05}", directory, index);
}

Result<Bytes> read_snapshot_file(const std::string& path, std::size_t limit_bytes) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  if (error) return fail(Reason::kNotFound, path + ": " + error.message());
  if (size > limit_bytes) {
    return fail(Reason::kTooLarge, fmt::format("{} has {} bytes, the limit is {}", path, size, limit_bytes));
  }
  Bytes out(static_cast<std::size_t>(size));
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size()));
  if (!file) return fail(Reason::kStorageFailed, "cannot read " + path);
  return out;
}

Status write_snapshot_file(const std::string& path, BytesView bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) return fail(Reason::kStorageFailed, "cannot write " + path);
  return {};
}

std::string snapshot_directory(const std::string& parent, std::uint64_t height) {
  return fmt::format("{}/{}", parent, height);
}

std::vector<std::uint64_t> snapshot_heights(const std::string& parent) {
  std::vector<std::uint64_t> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(parent, error)) {
    const std::string name = entry.path().filename().string();
    std::uint64_t height = 0;
    const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), height);
    if (bad == std::errc{} && end == name.data() + name.size() && entry.is_directory(error)) out.push_back(height);
  }
  std::ranges::sort(out);
  return out;
}

void prune_snapshots(const std::string& parent, std::size_t keep) {
  std::vector<std::uint64_t> heights = snapshot_heights(parent);
  std::error_code ignored;
  while (heights.size() > keep) {
    fs::remove_all(snapshot_directory(parent, heights.front()), ignored);
    heights.erase(heights.begin());
  }
  std::vector<fs::path> unfinished;
  for (const auto& entry : fs::directory_iterator(parent, ignored)) {
    if (entry.path().extension() == ".part") unfinished.push_back(entry.path());
  }
  for (const fs::path& path : unfinished) fs::remove_all(path, ignored);
}

}  // namespace chancery::ledger
