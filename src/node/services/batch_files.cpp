#include "node/services/batch_files.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "merkle/merkle_batch.h"
#include "node/files.h"

namespace chancery::node {

namespace {

std::string path_of(const std::string& directory, const Digest& root) {
  const std::string name = to_hex(root);
  return fmt::format("{}/{}/{}.digests", directory, name.substr(0, 2), name);
}

}  // namespace

Status write_batch_file(const std::string& directory, const Digest& root, BytesView digests) {
  const std::string path = path_of(directory, root);
  std::error_code error;
  if (std::filesystem::file_size(path, error) == digests.size() && !error) return {};
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  if (error) return fail(Reason::kStorageFailed, "batches: " + error.message());
  return write_file(path, as_text(digests));
}

Result<Bytes> read_batch_file(const std::string& directory, const Digest& root) {
  auto text = read_file(path_of(directory, root), merkle::kMaxBatchItems * 32);
  if (text.has_value()) return to_bytes(*text);
  if (text.error().reason != Reason::kNotFound) return std::unexpected(std::move(text).error());
  return fail(Reason::kGone, "this node doesn't keep the list of the batch", "本节点没有保存该批次的清单");
}

}  // namespace chancery::node
