#include "consensus/cometbft/bundle_cache.h"

namespace chancery::consensus {

Digest BundleCache::name_of(BytesView encoded) {
  return crypto::hash(crypto::HashAlgorithm::kSha256, encoded);
}

std::shared_ptr<const KnownBundle> BundleCache::find(const Digest& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = bundles_.find(name);
  return found == bundles_.end() ? nullptr : found->second;
}

void BundleCache::put(const Digest& name, std::shared_ptr<const KnownBundle> bundle) {
  const std::lock_guard lock(mutex_);
  const std::size_t count = bundle->transactions.size();
  if (!bundles_.emplace(name, std::move(bundle)).second) return;
  age_.push_back(name);
  transactions_ += count;
  while (transactions_ > most_transactions_ && age_.size() > 1) {
    const auto oldest = bundles_.find(age_.front());
    transactions_ -= oldest->second->transactions.size();
    bundles_.erase(oldest);
    age_.pop_front();
  }
}

}  // namespace chancery::consensus
