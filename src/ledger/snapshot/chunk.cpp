#include <fmt/format.h>
#include <zstd.h>

#include "ledger/snapshot/manifest.h"

namespace chancery::ledger {

namespace {
/// Digests and signatures do not compress; what does, does so at the lowest level already.
constexpr int kCompressionLevel = 1;
constexpr std::size_t kLengthBytes = 4;
}  // namespace

Bytes compress_chunk(BytesView plain) {
  Bytes out(ZSTD_compressBound(plain.size()));
  const std::size_t size = ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), kCompressionLevel);
  CHANCERY_CHECK(ZSTD_isError(size) == 0);
  out.resize(size);
  return out;
}

Result<Bytes> decompress_chunk(BytesView frame, std::size_t plain_bytes) {
  CHANCERY_CHECK(plain_bytes <= kChunkLimitBytes);
  if (ZSTD_getFrameContentSize(frame.data(), frame.size()) != plain_bytes ||
      ZSTD_findFrameCompressedSize(frame.data(), frame.size()) != frame.size()) {
    return fail(Reason::kProofInvalid, "the chunk is not one frame of the size that the manifest names");
  }
  Bytes out(plain_bytes);
  const std::size_t got = ZSTD_decompress(out.data(), out.size(), frame.data(), frame.size());
  if (ZSTD_isError(got) != 0 || got != plain_bytes) return fail(Reason::kProofInvalid, "the chunk's frame is damaged");
  return out;
}

void append_item(Bytes& plain, BytesView item) {
  append_u32_be(plain, static_cast<std::uint32_t>(item.size()));
  append(plain, item);
}

Result<std::vector<BytesView>> split_items(BytesView plain, std::size_t count) {
  if (count > plain.size() / kLengthBytes) return fail(Reason::kProofInvalid, "the chunk holds fewer items");
  std::vector<BytesView> out;
  out.reserve(count);
  while (!plain.empty()) {
    if (plain.size() < kLengthBytes) return fail(Reason::kProofInvalid, "an item of the chunk is cut off");
    const std::size_t size = read_u32_be(plain);
    if (size > plain.size() - kLengthBytes) return fail(Reason::kProofInvalid, "an item of the chunk is cut off");
    out.push_back(plain.subspan(kLengthBytes, size));
    plain = plain.subspan(kLengthBytes + size);
  }
  if (out.size() != count) {
    return fail(Reason::kProofInvalid, fmt::format("the chunk holds {} items instead of {}", out.size(), count));
  }
  return out;
}

}  // namespace chancery::ledger
