#include "storage/blob_file.h"

#include <algorithm>

#include "crypto/hash.h"

namespace chancery::storage {

namespace {

constexpr std::string_view kMagic = "CHANBLB1";
constexpr std::size_t kChecksumBytes = 32;

void append_u16(Bytes& out, std::size_t value) {
  CHANCERY_CHECK(value <= 0xffff);
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value & 0xff));
}

/// Takes from the front of borrowed bytes; false once something was missing.
class Cursor {
 public:
  explicit Cursor(BytesView bytes) : all_(bytes) {}
  BytesView take(std::size_t count) {
    if (bad_ || all_.size() - at_ < count) {
      bad_ = true;
      return {};
    }
    at_ += count;
    return all_.subspan(at_ - count, count);
  }
  std::size_t number(std::size_t bytes) {
    std::size_t value = 0;
    for (const std::uint8_t byte : take(bytes)) value = (value << 8) | byte;
    return value;
  }
  BytesView rest() { return take(all_.size() - at_); }
  std::size_t at() const { return at_; }
  bool bad() const { return bad_; }

 private:
  BytesView all_;
  std::size_t at_ = 0;
  bool bad_ = false;
};

std::unexpected<Error> damaged() {
  return fail(Reason::kCorrupt, "a stored blob is damaged", "存储的文件已损坏");
}

BlobFileHeader read_header(Cursor& cursor) {
  if (as_text(cursor.take(kMagic.size())) != kMagic) cursor.take(static_cast<std::size_t>(-1));
  BlobFileHeader out;
  out.created_ms = static_cast<std::int64_t>(cursor.number(8));
  out.id = to_string(cursor.take(cursor.number(2)));
  return out;
}

}  // namespace

Bytes encode_blob_file(const BlobFile& blob) {
  Bytes out = to_bytes(kMagic);
  append_u64_be(out, static_cast<std::uint64_t>(blob.created_ms));
  append_u16(out, blob.id.size());
  append(out, as_bytes(blob.id));
  CHANCERY_CHECK(blob.wrapped_keys.size() <= 0xff);
  out.push_back(static_cast<std::uint8_t>(blob.wrapped_keys.size()));
  for (const Bytes& wrapped : blob.wrapped_keys) {
    append_u16(out, wrapped.size());
    append(out, wrapped);
  }
  append(out, blob.sealed);
  const Digest checksum = crypto::hash(crypto::HashAlgorithm::kSha256, out);
  append(out, checksum);
  return out;
}

Result<BlobFile> decode_blob_file(BytesView bytes) {
  if (bytes.size() < kChecksumBytes) return damaged();
  const BytesView content = bytes.first(bytes.size() - kChecksumBytes);
  const Digest checksum = crypto::hash(crypto::HashAlgorithm::kSha256, content);
  if (!std::ranges::equal(checksum, bytes.last(kChecksumBytes))) return damaged();
  Cursor cursor(content);
  const BlobFileHeader header = read_header(cursor);
  BlobFile out;
  out.created_ms = header.created_ms;
  out.id = header.id;
  const std::size_t readers = cursor.number(1);
  for (std::size_t i = 0; i < readers; ++i) out.wrapped_keys.push_back(to_bytes(cursor.take(cursor.number(2))));
  out.sealed = to_bytes(cursor.rest());
  if (cursor.bad()) return damaged();
  return out;
}

Result<BlobFileHeader> decode_blob_header(BytesView beginning) {
  Cursor cursor(beginning);
  BlobFileHeader out = read_header(cursor);
  if (cursor.bad()) return damaged();
  return out;
}

Result<ByteRange> wrapped_keys_range(BytesView bytes) {
  Cursor cursor(bytes);
  read_header(cursor);
  const std::size_t readers = cursor.number(1);
  const std::size_t from = cursor.at();
  for (std::size_t i = 0; i < readers; ++i) cursor.take(cursor.number(2));
  if (cursor.bad()) return damaged();
  return ByteRange{from, cursor.at() - from};
}

}  // namespace chancery::storage
