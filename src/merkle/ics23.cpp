#include "merkle/ics23.h"

#include <algorithm>
#include <array>

#include "merkle/ics23_wire.h"
#include "merkle/inclusion.h"
#include "merkle/key_bits.h"

namespace chancery::merkle {

namespace {

using ics23::Existence;
using ics23::NonExistence;
using ics23::Step;

std::unexpected<Error> refuse(const char* why) {
  return fail(Reason::kProofInvalid, why);
}

/// H(0x00 | H(key) | H(value)).
Digest record_leaf(crypto::HashAlgorithm algorithm, const Digest& key_hash, BytesView value) {
  std::array<std::uint8_t, 64> hashes;
  const Digest value_hash = crypto::hash(algorithm, value);
  std::ranges::copy(key_hash, hashes.begin());
  std::ranges::copy(value_hash, hashes.begin() + 32);
  return leaf_hash(algorithm, hashes);
}

Result<Existence> existence_from(crypto::HashAlgorithm algorithm, BytesView key, BytesView value, const Path& path) {
  if (key.empty() || value.empty()) return fail(Reason::kInvalidValue, "ICS-23 has no proofs of empty keys or values");
  const Digest key_hash = crypto::hash(algorithm, key);
  // The record comes from the store, the path from the tree: they must speak of the same bytes.
  if (path.key_hash != key_hash || path.leaf_hash != record_leaf(algorithm, key_hash, value)) {
    return fail(Reason::kCorrupt, "the record in the store is not the one in the state tree");
  }
  CHANCERY_CHECK(path.siblings.size() <= kMaxProofDepth);
  Existence proof{.key = to_bytes(key), .value = to_bytes(value), .steps = {}};
  for (std::size_t i = 0; i < path.siblings.size(); ++i) {
    const auto depth = static_cast<std::uint32_t>(path.siblings.size() - 1 - i);
    proof.steps.push_back({.sibling = path.siblings[i], .sibling_is_left = bit_at(key_hash, depth)});
  }
  return proof;
}

/// The step by which a path of `steps` leaves depth `depth` downwards; depth 0 is the root.
const Step& step_at(const Existence& proof, std::size_t depth) {
  return proof.steps[proof.steps.size() - 1 - depth];
}

/// Leads to `root`, and stands where the bits of its key's hash say.
Status check_existence(crypto::HashAlgorithm algorithm, const Existence& proof, const Digest& root) {
  const Digest key_hash = crypto::hash(algorithm, proof.key);
  Digest at = record_leaf(algorithm, key_hash, proof.value);
  for (std::size_t depth = proof.steps.size(); depth-- > 0;) {
    const Step& step = step_at(proof, depth);
    if (step.sibling_is_left != bit_at(key_hash, static_cast<std::uint32_t>(depth))) {
      return refuse("a step of the proof does not follow the key");
    }
    at = step.sibling_is_left ? inner_hash(algorithm, step.sibling, at) : inner_hash(algorithm, at, step.sibling);
  }
  if (at != root) return refuse("the proof leads to another state root");
  return {};
}

/// From `depth` downwards there is nothing on the given side of this path.
bool is_outermost(const Existence& proof, std::size_t depth, bool on_the_left) {
  for (; depth < proof.steps.size(); ++depth) {
    const Step& step = step_at(proof, depth);
    if (step.sibling_is_left == on_the_left && step.sibling != kEmptySubtree) return false;
  }
  return true;
}

/// Two leaves of one tree, between which there is none.
bool are_neighbours(const Existence& left, const Existence& right, std::uint32_t fork) {
  if (left.steps.size() <= fork || right.steps.size() <= fork) return false;
  for (std::size_t depth = 0; depth < fork; ++depth) {
    if (step_at(left, depth).sibling != step_at(right, depth).sibling) return false;
  }
  return is_outermost(left, fork + 1, false) && is_outermost(right, fork + 1, true);
}

}  // namespace

Result<Bytes> make_existence(crypto::HashAlgorithm algorithm, BytesView key, BytesView value, const Path& path) {
  ASSIGN_OR_RETURN(const Existence proof, existence_from(algorithm, key, value, path));
  return ics23::encode(algorithm, proof);
}

Result<Bytes> make_non_existence(crypto::HashAlgorithm algorithm, BytesView key, const std::optional<Neighbour>& left,
                                 const std::optional<Neighbour>& right) {
  if (key.empty()) return fail(Reason::kInvalidValue, "ICS-23 has no proofs of empty keys");
  NonExistence proof{.key = to_bytes(key), .left = std::nullopt, .right = std::nullopt};
  if (left) {
    ASSIGN_OR_RETURN(proof.left, existence_from(algorithm, left->key, left->value, left->path));
  }
  if (right) {
    ASSIGN_OR_RETURN(proof.right, existence_from(algorithm, right->key, right->value, right->path));
  }
  return ics23::encode(algorithm, proof);
}

Status verify_existence(crypto::HashAlgorithm algorithm, BytesView proof, const Digest& root, BytesView key,
                        BytesView value) {
  ASSIGN_OR_RETURN(const Existence existence, ics23::decode_existence(algorithm, proof));
  if (!std::ranges::equal(existence.key, key)) return refuse("the proof is about another key");
  if (!std::ranges::equal(existence.value, value)) return refuse("the proof is about another value");
  return check_existence(algorithm, existence, root);
}

Status verify_non_existence(crypto::HashAlgorithm algorithm, BytesView proof, const Digest& root, BytesView key) {
  ASSIGN_OR_RETURN(const NonExistence absent, ics23::decode_non_existence(algorithm, proof));
  if (!std::ranges::equal(absent.key, key)) return refuse("the proof is about another key");
  const Digest key_hash = crypto::hash(algorithm, key);
  std::optional<Digest> left_hash, right_hash;
  if (absent.left) {
    TRY(check_existence(algorithm, *absent.left, root));
    left_hash = crypto::hash(algorithm, absent.left->key);
    if (!(*left_hash < key_hash)) return refuse("the left neighbour is not left of the key");
  }
  if (absent.right) {
    TRY(check_existence(algorithm, *absent.right, root));
    right_hash = crypto::hash(algorithm, absent.right->key);
    if (!(key_hash < *right_hash)) return refuse("the right neighbour is not right of the key");
  }
  bool nothing_between = root == kEmptySubtree;
  if (left_hash && right_hash) {
    nothing_between = are_neighbours(*absent.left, *absent.right, shared_bits(*left_hash, *right_hash));
  } else if (left_hash) {
    nothing_between = is_outermost(*absent.left, 0, false);
  } else if (right_hash) {
    nothing_between = is_outermost(*absent.right, 0, true);
  }
  if (!nothing_between) return refuse("there may be records between the neighbours of the proof");
  return {};
}

}  // namespace chancery::merkle
