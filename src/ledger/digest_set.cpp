#include "ledger/digest_set.h"

#include <cstring>

namespace chancery::ledger {

namespace {
constexpr Digest kEmpty{};
constexpr std::size_t kFirstSlots = 1024;
}  // namespace

std::size_t DigestSet::home(const Digest& digest) const {
  std::uint64_t word = 0;
  std::memcpy(&word, digest.data(), sizeof(word));
  return static_cast<std::size_t>(word) & (slots_.size() - 1);
}

std::size_t DigestSet::find(const Digest& digest) const {
  std::size_t slot = home(digest);
  while (slots_[slot] != kEmpty && slots_[slot] != digest) slot = (slot + 1) & (slots_.size() - 1);
  return slot;
}

bool DigestSet::contains(const Digest& digest) const {
  return !slots_.empty() && slots_[find(digest)] == digest;
}

bool DigestSet::insert(const Digest& digest) {
  if (digest == kEmpty) return false;
  if ((size_ + 1) * 10 > slots_.size() * 7) grow();
  const std::size_t slot = find(digest);
  if (slots_[slot] == digest) return false;
  slots_[slot] = digest;
  ++size_;
  return true;
}

void DigestSet::erase(const Digest& digest) {
  if (slots_.empty()) return;
  const std::size_t mask = slots_.size() - 1;
  std::size_t hole = find(digest);
  if (slots_[hole] == kEmpty) return;
  --size_;
  // Close the gap: move back every later member whose way to its slot passes the hole (linear probing, Knuth 6.4 R).
  for (std::size_t next = (hole + 1) & mask; slots_[next] != kEmpty; next = (next + 1) & mask) {
    const std::size_t wanted = home(slots_[next]);
    if (((next - wanted) & mask) >= ((next - hole) & mask)) {
      slots_[hole] = slots_[next];
      hole = next;
    }
  }
  slots_[hole] = kEmpty;
}

void DigestSet::grow() {
  std::vector<Digest> old = std::move(slots_);
  slots_.assign(old.empty() ? kFirstSlots : old.size() * 2, kEmpty);
  for (const Digest& digest : old) {
    if (digest != kEmpty) slots_[find(digest)] = digest;
  }
}

}  // namespace chancery::ledger
