#include "merkle/ics23_wire.h"

#include <algorithm>
#include <array>

#include "merkle/ics23.h"

namespace chancery::merkle::ics23 {

namespace {

constexpr std::uint8_t kInnerPrefix = 0x01;

// Protobuf tags: field number << 3 | wire type (0 varint, 2 length-delimited).
constexpr std::uint8_t varint_tag(std::uint8_t field) {
  return static_cast<std::uint8_t>(field << 3);
}
constexpr std::uint8_t bytes_tag(std::uint8_t field) {
  return static_cast<std::uint8_t>(field << 3 | 2);
}

void put_varint(Bytes& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

void put_bytes(Bytes& out, std::uint8_t field, BytesView value) {
  out.push_back(bytes_tag(field));
  put_varint(out, value.size());
  append(out, value);
}

std::uint32_t hash_op(crypto::HashAlgorithm algorithm) {
  return algorithm == crypto::HashAlgorithm::kSm3 ? kSm3HashOp : kSha256HashOp;
}

/// LeafOp { hash, prehash_key, prehash_value, length NO_PREFIX (0, so not written), prefix 0x00 }.
Bytes leaf_op(crypto::HashAlgorithm algorithm) {
  Bytes out;
  for (const auto field : std::to_array<std::uint8_t>({1, 2, 3})) {
    out.push_back(varint_tag(field));
    put_varint(out, hash_op(algorithm));
  }
  put_bytes(out, 5, Bytes{0x00});
  return out;
}

/// InnerOp { hash, prefix 0x01 and what stands left of the child, suffix what stands right of it }.
Bytes inner_op(crypto::HashAlgorithm algorithm, const Step& step) {
  Bytes out{varint_tag(1)};
  put_varint(out, hash_op(algorithm));
  Bytes prefix{kInnerPrefix};
  if (step.sibling_is_left) append(prefix, step.sibling);
  put_bytes(out, 2, prefix);
  if (!step.sibling_is_left) put_bytes(out, 3, step.sibling);
  return out;
}

Bytes existence_message(crypto::HashAlgorithm algorithm, const Existence& proof) {
  Bytes out;
  put_bytes(out, 1, proof.key);
  put_bytes(out, 2, proof.value);
  put_bytes(out, 3, leaf_op(algorithm));
  for (const Step& step : proof.steps) put_bytes(out, 4, inner_op(algorithm, step));
  return out;
}

std::unexpected<Error> malformed(const char* why) {
  return fail(Reason::kMalformed, why);
}

/// Reads fields in the one order in which they are written.
class FieldReader {
 public:
  explicit FieldReader(BytesView message) : rest_(message) {}

  bool at_end() const { return rest_.empty(); }
  bool next_is(std::uint8_t field) const { return !rest_.empty() && rest_[0] == bytes_tag(field); }

  Result<BytesView> bytes(std::uint8_t field) {
    if (!next_is(field)) return malformed("a field of the proof is missing, unknown or out of order");
    rest_ = rest_.subspan(1);
    ASSIGN_OR_RETURN(const std::uint64_t size, length());
    if (size > rest_.size()) return malformed("a field of the proof goes beyond its end");
    const BytesView value = rest_.first(size);
    rest_ = rest_.subspan(size);
    return value;
  }

 private:
  /// A length in its shortest form; five bytes are plenty for what fits in kMaxProofBytes.
  Result<std::uint64_t> length() {
    std::uint64_t value = 0;
    for (std::uint32_t i = 0; i < 5 && i < rest_.size(); ++i) {
      value |= static_cast<std::uint64_t>(rest_[i] & 0x7f) << (7 * i);
      if ((rest_[i] & 0x80) != 0) continue;
      if (i > 0 && rest_[i] == 0) break;
      rest_ = rest_.subspan(i + 1);
      return value;
    }
    return malformed("a length in the proof is not in its shortest form");
  }

  BytesView rest_;
};

Result<Step> read_step(crypto::HashAlgorithm algorithm, BytesView message) {
  // Both shapes hold the sibling in their last 32 bytes.
  if (message.size() < sizeof(Digest)) return malformed("an inner step of the proof is too short");
  Step step{.sibling = *to_digest(message.last(sizeof(Digest))), .sibling_is_left = false};
  for (const bool is_left : {false, true}) {
    step.sibling_is_left = is_left;
    if (std::ranges::equal(inner_op(algorithm, step), message)) return step;
  }
  return malformed("an inner step of the proof does not follow the spec");
}

Result<Existence> read_existence(crypto::HashAlgorithm algorithm, BytesView message) {
  FieldReader fields(message);
  Existence proof;
  ASSIGN_OR_RETURN(const BytesView key, fields.bytes(1));
  ASSIGN_OR_RETURN(const BytesView value, fields.bytes(2));
  ASSIGN_OR_RETURN(const BytesView leaf, fields.bytes(3));
  if (key.empty() || value.empty()) return malformed("key and value of a proof must not be empty");
  if (!std::ranges::equal(leaf, leaf_op(algorithm))) return malformed("the leaf step does not follow the spec");
  while (!fields.at_end()) {
    if (proof.steps.size() == kMaxProofDepth) return malformed("the proof is deeper than 256");
    ASSIGN_OR_RETURN(const BytesView inner, fields.bytes(4));
    ASSIGN_OR_RETURN(const Step step, read_step(algorithm, inner));
    proof.steps.push_back(step);
  }
  proof.key = to_bytes(key);
  proof.value = to_bytes(value);
  return proof;
}

/// The one field of a CommitmentProof.
Result<BytesView> read_commitment(BytesView commitment_proof, std::uint8_t field) {
  if (commitment_proof.size() > kMaxProofBytes) return fail(Reason::kTooLarge, "a state proof has at most 4 MiB");
  FieldReader fields(commitment_proof);
  ASSIGN_OR_RETURN(const BytesView message, fields.bytes(field));
  if (!fields.at_end()) return malformed("bytes behind the proof");
  return message;
}

}  // namespace

Bytes encode(crypto::HashAlgorithm algorithm, const Existence& proof) {
  Bytes out;
  put_bytes(out, 1, existence_message(algorithm, proof));
  return out;
}

Bytes encode(crypto::HashAlgorithm algorithm, const NonExistence& proof) {
  Bytes message;
  put_bytes(message, 1, proof.key);
  if (proof.left) put_bytes(message, 2, existence_message(algorithm, *proof.left));
  if (proof.right) put_bytes(message, 3, existence_message(algorithm, *proof.right));
  Bytes out;
  put_bytes(out, 2, message);
  return out;
}

Result<Existence> decode_existence(crypto::HashAlgorithm algorithm, BytesView commitment_proof) {
  ASSIGN_OR_RETURN(const BytesView message, read_commitment(commitment_proof, 1));
  return read_existence(algorithm, message);
}

Result<NonExistence> decode_non_existence(crypto::HashAlgorithm algorithm, BytesView commitment_proof) {
  ASSIGN_OR_RETURN(const BytesView message, read_commitment(commitment_proof, 2));
  FieldReader fields(message);
  NonExistence proof;
  ASSIGN_OR_RETURN(const BytesView key, fields.bytes(1));
  if (key.empty()) return malformed("the key of a proof must not be empty");
  proof.key = to_bytes(key);
  if (fields.next_is(2)) {
    ASSIGN_OR_RETURN(const BytesView left, fields.bytes(2));
    ASSIGN_OR_RETURN(proof.left, read_existence(algorithm, left));
  }
  if (fields.next_is(3)) {
    ASSIGN_OR_RETURN(const BytesView right, fields.bytes(3));
    ASSIGN_OR_RETURN(proof.right, read_existence(algorithm, right));
  }
  if (!fields.at_end()) return malformed("bytes behind the proof");
  return proof;
}

}  // namespace chancery::merkle::ics23
