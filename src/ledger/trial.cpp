#include "ledger/context.h"

namespace chancery::ledger {

Context Trial::context(std::string_view contract) {
  return {below_.facts_, *this, events_, below_.call_, contract};
}

const Bytes* Trial::get(std::string_view raw_key) {
  const auto found = written_.find(raw_key);
  if (found == written_.end()) return below_.records_.get(raw_key);
  return found->second ? &*found->second : nullptr;
}

void Trial::put(std::string_view raw_key, Bytes value) {
  CHANCERY_CHECK(!value.empty());
  written_.insert_or_assign(std::string(raw_key), std::move(value));
}

void Trial::erase(std::string_view raw_key) {
  written_.insert_or_assign(std::string(raw_key), std::nullopt);
}

std::vector<Trial::Change> Trial::changes() const {
  std::vector<Change> out;
  for (const auto& [raw_key, now] : written_) {
    Change change{raw_key, std::nullopt, now};
    if (const Bytes* before = below_.records_.get(raw_key)) change.before = *before;
    if (change.before != change.now) out.push_back(std::move(change));
  }
  return out;
}

void Trial::keep() {
  for (auto& [raw_key, now] : written_) {
    if (now) {
      below_.records_.put(raw_key, std::move(*now));
    } else {
      below_.records_.erase(raw_key);
    }
  }
  written_.clear();
  below_.events_.insert(below_.events_.end(), events_.begin(), events_.end());
  events_.clear();
}

}  // namespace chancery::ledger
