#pragma once
// Lists of batch deposits: <directory>/<2 hex>/<hex of root>.digests, 32 bytes a digest in the order of the deposit.
// The name is the root of the content, so a file can be checked by itself and the same list is kept once.

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace chancery::node {

/// Durable when it returns success.
Status write_batch_file(const std::string& directory, const Digest& root, BytesView digests);
/// kGone when this node doesn't have the list. The content is not checked here: the caller builds the tree anyway.
Result<Bytes> read_batch_file(const std::string& directory, const Digest& root);

}  // namespace chancery::node
