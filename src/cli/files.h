#pragma once
// Whole files in and out, with limits and an error that names the file.

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hash.h"

namespace chancery::cli {

inline constexpr std::size_t kFileLimit_bytes = 64U << 20;

/// kNotFound when there is no such file, kTooLarge above the limit. "-" reads standard input.
Result<Bytes> read_file(const std::string& path, std::size_t limit_bytes = kFileLimit_bytes);
Result<std::string> read_text(const std::string& path, std::size_t limit_bytes = kFileLimit_bytes);

enum class Overwrite { kRefuse, kAllow };
enum class Access { kOwnerOnly, kEverybody };
enum class Durability { kSynced, kLater };
/// Written beside and renamed; with kSynced durable when it returns. kAlreadyExists when it is there and may not be
/// replaced.
Status write_file(const std::string& path, BytesView content, Overwrite overwrite, Access access,
                  Durability durability = Durability::kSynced);
Status make_directories(const std::string& path, Access access);
bool exists(const std::string& path);

/// The digest of a file of any size, read in pieces; also its size in bytes.
struct FileDigest {
  Digest digest{};
  std::uint64_t size_bytes = 0;
};
Result<FileDigest> digest_file(const std::string& path, crypto::HashAlgorithm algorithm);

}  // namespace chancery::cli
