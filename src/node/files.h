#pragma once
// Small files of the node's directory.

#include <string>
#include <string_view>

#include "base/result.h"

namespace chancery::node {

/// kNotFound when there is none, kTooLarge above the limit.
Result<std::string> read_file(const std::string& path, std::size_t limit_bytes);
/// Durable: written beside, synced, renamed, the directory synced. Readable by the owner only.
Status write_file(const std::string& path, std::string_view content);

}  // namespace chancery::node
