#pragma once
// A set of digests with open addressing: the replay window holds millions of transaction ids, 32 bytes each.

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace chancery::ledger {

/// Digests are hashes already: their first 8 bytes choose the slot. The zero digest cannot be a member.
class DigestSet {
 public:
  bool contains(const Digest& digest) const;
  /// False when it was there already.
  bool insert(const Digest& digest);
  void erase(const Digest& digest);
  std::size_t size() const { return size_; }

 private:
  std::size_t home(const Digest& digest) const;
  std::size_t find(const Digest& digest) const;
  void grow();

  std::vector<Digest> slots_;
  std::size_t size_ = 0;
};

}  // namespace chancery::ledger
