#pragma once
// The bytes of one blob:
//   "CHANBLB1" | u64 created_ms | u16 length | id | u8 readers | readers x ( u16 length | wrapped key )
//   | sealed document | 32 B SHA-256 of all before it
// all numbers big-endian; wrapped keys and sealed document as in crypto/envelope.h, with the id as their context. The
// checksum tells damage from tampering; the envelope's own tag tells tampering.

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace chancery::storage {

struct BlobFile {
  std::int64_t created_ms = 0;
  std::string id;
  std::vector<Bytes> wrapped_keys;
  Bytes sealed;
};

Bytes encode_blob_file(const BlobFile& blob);
/// kCorrupt when the checksum or the form is wrong.
Result<BlobFile> decode_blob_file(BytesView bytes);

struct BlobFileHeader {
  std::int64_t created_ms = 0;
  std::string id;
};
/// The beginning alone, unchecked by the checksum: for listing. kCorrupt.
Result<BlobFileHeader> decode_blob_header(BytesView beginning);

/// Where the wrapped keys stand in an encoded blob: what has to be overwritten to erase it.
struct ByteRange {
  std::size_t from = 0;
  std::size_t size = 0;
};
Result<ByteRange> wrapped_keys_range(BytesView bytes);

}  // namespace chancery::storage
