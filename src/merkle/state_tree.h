#pragma once
// The state tree: a compact sparse Merkle tree over the hashes of record keys, in memory, derived from the records.
//
//   leaf  = H(0x00 | key hash | value hash)        inner = H(0x01 | left | right)        empty = 32 zero bytes
//
// A subtree with exactly one leaf has that leaf's hash, an empty one the zero digest; left or right is decided by the
// bits of the key hash, most significant first. This is the shape of ICS-23's SmtSpec, with H = SHA-256, or SM3.
//
// Threads: one writer (load, apply, forget_before) and any number of readers. The writer computes without the lock and
// holds it only to copy new hashes in, so readers see whole versions.

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hash.h"

namespace chancery::merkle {

class LeafBuckets;
class TopLevels;
class BatchHasher;
struct Undo;

/// One leaf's way to the root.
struct Path {
  Digest key_hash;
  Digest leaf_hash;
  std::vector<Digest> siblings;  ///< From the leaf to the root; the zero digest is an empty subtree. At most 256.
};

/// The leaves on both sides of a key hash that is not in the tree.
struct Neighbours {
  std::optional<Path> left, right;
};

class StateTree {
 public:
  struct Leaf {
    Digest key_hash;
    Digest value_hash;
  };
  struct Change {
    Digest key_hash;
    std::optional<Digest> value_hash;  ///< nullopt deletes; deleting what is not there changes nothing.
  };

  explicit StateTree(crypto::HashAlgorithm algorithm);
  ~StateTree();
  StateTree(const StateTree&) = delete;
  StateTree& operator=(const StateTree&) = delete;

  /// Fills an empty tree from an ordered scan of the store. Readers must not be there yet.
  class Loader {
   public:
    explicit Loader(StateTree& empty_tree);
    ~Loader();
    /// Strictly increasing key hashes, within a chunk and from chunk to chunk; kCorrupt otherwise, and the tree is then
    /// of no use. Chunks of some thousands of leaves hash best.
    Status add(std::span<const Leaf> sorted_chunk);
    /// Hashes the upper levels; the tree is then at `version`. Returns the root.
    Digest finish(std::uint64_t version);

   private:
    struct State;
    std::unique_ptr<State> state_;
  };

  /// The whole tree in one call.
  Result<Digest> load(std::uint64_t version, std::span<const Leaf> sorted);

  /// Changes sorted by key hash, each key once; `version` above the newest one. All of these are the caller's duty
  /// (checked, stops the program). An empty span makes a new version with the same root. Returns the new root.
  Digest apply(std::uint64_t version, std::span<const Change> changes);

  /// Newest version and its root and number of leaves. Any thread.
  std::uint64_t version() const;
  Digest root() const;
  std::uint64_t size() const;
  /// In the newest version. Any thread.
  bool contains(const Digest& key_hash) const;

  // At `version`: any version from the last forget_before() (or load) to the newest one. A version between two applied
  // ones shows the lower one. kGone for versions that were forgotten, kNotFound for those that are not there yet.
  // A proof hashes some dozens of leaves (tens of microseconds); at a version since which the tree has grown n-fold, n
  // times as many.
  Result<Digest> root_at(std::uint64_t version) const;
  /// kNotFound also when the key is not in the tree.
  Result<Path> path(std::uint64_t version, const Digest& key_hash) const;
  /// kAlreadyExists when the key is in the tree. Both sides are empty in an empty tree.
  Result<Neighbours> neighbours(std::uint64_t version, const Digest& key_hash) const;

  /// Drops what is needed only for versions below `version`. Writer thread.
  void forget_before(std::uint64_t version);

  struct Memory {
    std::uint64_t leaves_bytes, top_bytes, undo_bytes;
  };
  Memory memory() const;

 private:
  class Snapshot;

  std::shared_lock<std::shared_mutex> read_lock() const;
  std::unique_lock<std::shared_mutex> write_lock();
  Status check_version(std::uint64_t version) const;

  crypto::HashAlgorithm algorithm_;
  mutable std::shared_mutex mutex_;
  mutable std::mutex turnstile_;  ///< Lets a waiting writer go before new readers.
  std::unique_ptr<BatchHasher> hasher_;
  std::unique_ptr<LeafBuckets> buckets_;
  std::unique_ptr<TopLevels> top_;
  std::deque<std::unique_ptr<Undo>> undos_;  ///< Oldest first.
  std::uint64_t version_ = 0;
  std::uint64_t oldest_version_ = 0;
};

}  // namespace chancery::merkle
