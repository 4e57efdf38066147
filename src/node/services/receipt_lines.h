#pragma once
// One line for each item of a batch: {"digest":"<hex>","index":3,"count":1000,"hash":"sm3","proof":["<base64>",...]},
// the "item" of its chancery-batch-receipt-v1.

#include <functional>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "crypto/hash.h"
#include "merkle/merkle_batch.h"

namespace chancery::node {

/// `sink` gets whole lines, about 64 KiB at a time, and returns false to stop.
void write_receipt_lines(const merkle::MerkleBatch& tree, std::span<const Digest> digests, crypto::HashAlgorithm hash,
                         const std::function<bool(std::string_view)>& sink);

}  // namespace chancery::node
