#include "ledger/transaction_records.h"

namespace chancery::ledger {

TransactionRecords::Touched& TransactionRecords::touch(std::string_view raw_key) {
  for (Touched& one : touched_) {
    if (one.raw_key == raw_key) return one;
  }
  Touched& one = touched_.emplace_back();
  one.raw_key = raw_key;
  if (const auto found = block_.find(raw_key); found != block_.end()) {
    one.below = found->second.now ? &*found->second.now : nullptr;
  } else {
    one.below = below_(raw_key);
  }
  return one;
}

const Bytes* TransactionRecords::get(std::string_view raw_key) {
  const Touched& one = touch(raw_key);
  if (!one.written) return one.below;
  return one.value ? &*one.value : nullptr;
}

void TransactionRecords::put(std::string_view raw_key, Bytes value) {
  CHANCERY_CHECK(!value.empty());
  Touched& one = touch(raw_key);
  one.written = true;
  one.value = std::move(value);
}

void TransactionRecords::erase(std::string_view raw_key) {
  Touched& one = touch(raw_key);
  one.written = true;
  one.value.reset();
}

std::vector<std::string> TransactionRecords::written_keys() const {
  std::vector<std::string> out;
  for (const Touched& one : touched_) {
    if (one.written) out.push_back(one.raw_key);
  }
  return out;
}

void TransactionRecords::keep() {
  for (Touched& one : touched_) {
    if (!one.written) continue;
    const auto found = block_.find(one.raw_key);
    if (found != block_.end()) {
      found->second.now = std::move(one.value);
      continue;
    }
    ChangedRecord changed;
    changed.now = std::move(one.value);
    if (one.below != nullptr) changed.before = *one.below;
    block_.emplace(std::move(one.raw_key), std::move(changed));
  }
  touched_.clear();
}

}  // namespace chancery::ledger
