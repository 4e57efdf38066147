#include "node/services/receipt_lines.h"

#include <array>
#include <charconv>
#include <string>

namespace chancery::node {

namespace {

constexpr std::size_t kPieceBytes = 64U << 10;
constexpr std::size_t kMaxProof = 20;
/// "<44 characters of base64>",
constexpr std::size_t kStepBytes = 47;
constexpr std::size_t kLineBytes = 256 + kMaxProof * kStepBytes;

void append_hex(std::string& out, const Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const std::uint8_t byte : digest) {
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 0xf]);
  }
}

/// The proof of one item after another. From item to item only about two of its steps change, so the text of the
/// others is taken over.
class ProofText {
 public:
  explicit ProofText(const merkle::MerkleBatch& tree) : tree_(tree) {}

  /// The steps with commas between them, for item `index`.
  std::string_view of(std::uint64_t index) {
    const std::size_t count = tree_.proof(index, steps_);
    for (std::size_t i = 0; i < count; ++i) {
      if (i < written_ && steps_[i] == shown_[i]) continue;
      char* at = text_.data() + i * kStepBytes;
      const std::string encoded = to_base64(steps_[i]);
      *at++ = '"';
      at = std::copy(encoded.begin(), encoded.end(), at);
      *at++ = '"';
      *at = ',';
      shown_[i] = steps_[i];
    }
    written_ = count;
    return {text_.data(), count == 0 ? 0 : count * kStepBytes - 1};
  }

 private:
  const merkle::MerkleBatch& tree_;
  std::array<Digest, kMaxProof> steps_{};
  std::array<Digest, kMaxProof> shown_{};
  std::size_t written_ = 0;
  std::array<char, kMaxProof * kStepBytes> text_{};
};

}  // namespace

void write_receipt_lines(const merkle::MerkleBatch& tree, std::span<const Digest> digests, crypto::HashAlgorithm hash,
                         const std::function<bool(std::string_view)>& sink) {
  const std::string middle = ",\"count\":" + std::to_string(tree.size()) + ",\"hash\":\"" +
                             std::string(crypto::to_string(hash)) + "\",\"proof\":[";
  ProofText proof(tree);
  std::string piece;
  piece.reserve(kPieceBytes + kLineBytes);
  std::array<char, 20> number;
  for (std::uint64_t i = 0; i < digests.size(); ++i) {
    piece += "{\"digest\":\"";
    append_hex(piece, digests[i]);
    piece += "\",\"index\":";
    const auto end = std::to_chars(number.data(), number.data() + number.size(), i).ptr;
    piece.append(number.data(), end);
    piece += middle;
    piece += proof.of(i);
    piece += "]}\n";
    if (piece.size() < kPieceBytes) continue;
    if (!sink(piece)) return;
    piece.clear();
  }
  if (!piece.empty()) sink(piece);
}

}  // namespace chancery::node
