#include "merkle/merkle_batch.h"

#include <algorithm>
#include <array>

namespace chancery::merkle {

namespace {

constexpr std::size_t kHashedAtOnce = 256;

/// out[i] = H(tag | inputs[i * width] | ...): `width` digests make one pre-image.
void hash_level(crypto::HashAlgorithm algorithm, std::uint8_t tag, std::size_t width, std::span<const Digest> inputs,
                std::span<Digest> out) {
  const std::size_t preimage_bytes = 1 + width * sizeof(Digest);
  Bytes preimages(kHashedAtOnce * preimage_bytes);
  std::vector<BytesView> views;
  for (std::size_t i = 0; i < kHashedAtOnce; ++i) {
    preimages[i * preimage_bytes] = tag;
    views.emplace_back(&preimages[i * preimage_bytes], preimage_bytes);
  }
  for (std::size_t done = 0; done < out.size();) {
    const std::size_t count = std::min(kHashedAtOnce, out.size() - done);
    for (std::size_t i = 0; i < count; ++i) {
      const auto* source = inputs[(done + i) * width].data();
      std::copy_n(source, width * sizeof(Digest), &preimages[i * preimage_bytes + 1]);
    }
    crypto::hash_batch(algorithm, std::span(views).first(count), out.subspan(done, count));
    done += count;
  }
}

}  // namespace

Result<MerkleBatch> MerkleBatch::build(crypto::HashAlgorithm algorithm, std::span<const Digest> items) {
  if (items.empty()) return fail(Reason::kInvalidValue, "a batch must have at least one item");
  if (items.size() > kMaxBatchItems) return fail(Reason::kTooLarge, "a batch has at most 1000000 items");
  MerkleBatch batch;
  batch.size_ = items.size();
  std::uint64_t total = 0;
  for (std::uint64_t width = items.size();; width = (width + 1) / 2) {
    batch.level_begin_.push_back(total);
    total += width;
    if (width == 1) break;
  }
  batch.nodes_.resize(total);
  hash_level(algorithm, 0, 1, items, std::span(batch.nodes_).first(items.size()));
  std::uint64_t width = items.size();
  for (std::size_t level = 1; level < batch.level_begin_.size(); ++level) {
    const auto below = std::span<const Digest>(batch.nodes_).subspan(batch.level_begin_[level - 1], width);
    const auto out = std::span(batch.nodes_).subspan(batch.level_begin_[level]);
    hash_level(algorithm, 1, 2, below.first(width - width % 2), out.first(width / 2));
    // A last node without a sibling moves up as it is: the same tree as RFC 6962's definition by halves.
    if (width % 2 == 1) out[width / 2] = below.back();
    width = (width + 1) / 2;
  }
  return batch;
}

std::size_t MerkleBatch::proof(std::uint64_t index, std::span<Digest> out) const {
  CHANCERY_CHECK(index < size_);
  std::size_t count = 0;
  std::uint64_t width = size_;
  for (std::size_t level = 0; level + 1 < level_begin_.size(); ++level) {
    const std::uint64_t sibling = index ^ 1;
    if (sibling < width) out[count++] = nodes_[level_begin_[level] + sibling];
    index /= 2;
    width = (width + 1) / 2;
  }
  return count;
}

std::vector<Digest> MerkleBatch::proof(std::uint64_t index) const {
  std::array<Digest, 20> out;
  const std::size_t count = proof(index, out);
  return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(count)};
}

Result<Digest> batch_root(crypto::HashAlgorithm algorithm, std::span<const Digest> items) {
  ASSIGN_OR_RETURN(const MerkleBatch batch, MerkleBatch::build(algorithm, items));
  return batch.root();
}

}  // namespace chancery::merkle
