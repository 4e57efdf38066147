#include "ledger/versioned_state.h"

#include <algorithm>
#include <future>
#include <utility>

#include <fmt/format.h>

#include "merkle/ics23.h"

namespace chancery::ledger {

namespace {

constexpr std::size_t kLoadChunk = 8'192;

/// What the tree's leaf must be for these bytes: H(0x00 | key hash | H(value)).
Digest tree_leaf(crypto::HashAlgorithm hash, const Digest& key_hash, BytesView value) {
  Bytes preimage{0};
  append(preimage, key_hash);
  append(preimage, crypto::hash(hash, value));
  return crypto::hash(hash, preimage);
}

std::unexpected<Error> corrupt_record(const Digest& key_hash) {
  return fail(Reason::kCorrupt,
              fmt::format("the record with key hash {} is not what the state root covers", to_hex(key_hash)));
}

/// Some thousands of records as they were scanned.
struct ScannedRecords {
  std::vector<Digest> key_hashes;
  std::vector<std::size_t> sizes;
  Bytes bytes;
};

/// Hashes chunks of scanned records and hands them to the tree, on a second thread while the next chunk is scanned.
class RecordLoader {
 public:
  RecordLoader(crypto::HashAlgorithm hash, merkle::StateTree& tree) : hash_(hash), loader_(tree) {}

  Status add(BytesView stored_key, BytesView stored_value) {
    const auto key_hash = to_digest(stored_key);
    if (!key_hash) return fail(Reason::kCorrupt, "a record's key in the store is not a hash");
    scanned_.key_hashes.push_back(*key_hash);
    scanned_.sizes.push_back(stored_value.size());
    append(scanned_.bytes, stored_value);
    return scanned_.key_hashes.size() < kLoadChunk ? Status{} : hand_over();
  }

  Result<Digest> finish(std::uint64_t height) {
    TRY(hand_over());
    TRY(hashing_.get());
    return loader_.finish(height);
  }

 private:
  Status hand_over() {
    if (hashing_.valid()) TRY(hashing_.get());
    hashing_ = std::async(std::launch::async,
                          [this, records = std::exchange(scanned_, {})]() -> Status { return hash(records); });
    return {};
  }

  Status hash(const ScannedRecords& records) {
    std::vector<BytesView> inputs;
    inputs.reserve(records.sizes.size() * 2);
    std::size_t offset = 0;
    for (const std::size_t size : records.sizes) {
      const BytesView stored(records.bytes.data() + offset, size);
      offset += size;
      if (size < 2) return fail(Reason::kCorrupt, "a record in the store is too short");
      const std::size_t key_size = static_cast<std::size_t>(stored[0]) << 8 | stored[1];
      if (size < 2 + key_size) return fail(Reason::kCorrupt, "a record in the store is too short");
      inputs.push_back(stored.subspan(2, key_size));
      inputs.push_back(stored.subspan(2 + key_size));
    }
    std::vector<Digest> hashes(inputs.size());
    crypto::hash_batch(hash_, inputs, hashes);
    std::vector<merkle::StateTree::Leaf> leaves;
    leaves.reserve(records.key_hashes.size());
    for (std::size_t i = 0; i < records.key_hashes.size(); ++i) {
      if (hashes[2 * i] != records.key_hashes[i]) return corrupt_record(records.key_hashes[i]);
      leaves.push_back({records.key_hashes[i], hashes[2 * i + 1]});
    }
    return loader_.add(leaves);
  }

  crypto::HashAlgorithm hash_;
  merkle::StateTree::Loader loader_;
  ScannedRecords scanned_;
  std::future<Status> hashing_;  ///< last: its thread uses the members above
};

}  // namespace

Bytes encode_stored_record(std::string_view raw_key, BytesView value) {
  CHANCERY_CHECK(raw_key.size() < 65'536);
  Bytes out;
  out.reserve(2 + raw_key.size() + value.size());
  out.push_back(static_cast<std::uint8_t>(raw_key.size() >> 8));
  out.push_back(static_cast<std::uint8_t>(raw_key.size()));
  append(out, as_bytes(raw_key));
  append(out, value);
  return out;
}

Result<StoredRecord> decode_stored_record(BytesView bytes) {
  if (bytes.size() < 2) return fail(Reason::kCorrupt, "a record in the store is too short");
  const std::size_t key_size = static_cast<std::size_t>(bytes[0]) << 8 | bytes[1];
  if (bytes.size() < 2 + key_size) return fail(Reason::kCorrupt, "a record in the store is too short");
  return StoredRecord{std::string(as_text(bytes.subspan(2, key_size))), to_bytes(bytes.subspan(2 + key_size))};
}

VersionedState::VersionedState(const storage::Store& store, crypto::HashAlgorithm hash, std::size_t cache_entries)
    : store_(store), hash_(hash), cache_entries_(cache_entries), tree_(hash) {}

Result<Digest> VersionedState::load(std::uint64_t height) {
  RecordLoader loader(hash_, tree_);
  Status status;
  TRY(store_.scan(storage::Family::kRecords, {}, [&](BytesView key, BytesView value) {
    status = loader.add(key, value);
    return status.has_value();
  }));
  TRY(status);
  ASSIGN_OR_RETURN(const Digest root, loader.finish(height));
  durable_height_ = height;
  oldest_height_ = height;
  return root;
}

const Bytes* VersionedState::remember(std::string_view raw_key, Bytes value) {
  return &cache_.insert_or_assign(std::string(raw_key), std::move(value)).first->second;
}

const Bytes* VersionedState::newest(std::string_view raw_key) {
  const std::uint64_t durable = durable_height_;
  for (auto block = recent_.rbegin(); block != recent_.rend() && (*block)->height > durable; ++block) {
    if (const auto found = (*block)->changed.find(raw_key); found != (*block)->changed.end()) {
      return found->second.now ? &*found->second.now : nullptr;
    }
  }
  if (const auto found = cache_.find(raw_key); found != cache_.end()) return &found->second;
  const Digest key_hash = hash_of(raw_key);
  if (!tree_.contains(key_hash)) return nullptr;
  auto stored = store_.get(storage::Family::kRecords, key_hash);
  if (stored && !*stored) stored = corrupt_record(key_hash);
  auto record = stored ? decode_stored_record(**stored) : std::unexpected(stored.error());
  if (record && record->raw_key != raw_key) record = corrupt_record(key_hash);
  if (!record) {
    if (!error_) error_ = record.error();
    return nullptr;
  }
  return remember(raw_key, std::move(record->value));
}

Digest VersionedState::apply(const std::shared_ptr<ExecutedBlock>& block) {
  std::vector<BytesView> inputs;
  inputs.reserve(block->changed.size() * 2);
  for (const auto& [raw_key, record] : block->changed) {
    inputs.push_back(as_bytes(raw_key));
    inputs.push_back(record.now ? BytesView(*record.now) : BytesView{});
  }
  std::vector<Digest> hashes(inputs.size());
  crypto::hash_batch(hash_, inputs, hashes);

  struct Keyed {
    Digest key_hash, value_hash;
    const ChangedRecords::value_type* record;
  };
  std::vector<Keyed> keyed;
  keyed.reserve(block->changed.size());
  std::size_t i = 0;
  for (const auto& entry : block->changed) {
    keyed.push_back({hashes[i], hashes[i + 1], &entry});
    i += 2;
    if (const auto cached = cache_.find(entry.first); cached != cache_.end()) {
      if (entry.second.now) {
        cached->second = *entry.second.now;
      } else {
        cache_.erase(cached);
      }
    }
  }
  if (cache_.size() > cache_entries_) cache_.clear();
  std::ranges::sort(keyed, {}, &Keyed::key_hash);
  std::vector<merkle::StateTree::Change> changes;
  changes.reserve(keyed.size());
  block->by_hash.reserve(keyed.size());
  for (const Keyed& one : keyed) {
    block->by_hash.push_back({one.key_hash, one.record});
    changes.push_back({one.key_hash, one.record->second.now ? std::optional(one.value_hash) : std::nullopt});
  }
  {
    const std::unique_lock lock(mutex_);
    recent_.push_back(block);
  }
  return tree_.apply(block->height, changes);
}

void VersionedState::forget_before(std::uint64_t height) {
  CHANCERY_CHECK(height <= durable_height_);
  if (height <= oldest_height_) return;
  std::vector<std::shared_ptr<ExecutedBlock>> dropped;  // freed outside the lock
  {
    const std::unique_lock lock(mutex_);
    while (!recent_.empty() && recent_.front()->height <= height) {
      dropped.push_back(std::move(recent_.front()));
      recent_.pop_front();
    }
    oldest_height_ = height;
  }
  tree_.forget_before(height);
}

void VersionedState::append_records(const ExecutedBlock& block, storage::WriteBatch& batch) const {
  for (const auto& [key_hash, record] : block.by_hash) {
    if (record->second.now) {
      batch.put(storage::Family::kRecords, key_hash, encode_stored_record(record->first, *record->second.now));
    } else {
      batch.erase(storage::Family::kRecords, key_hash);
    }
  }
}

std::uint64_t VersionedState::oldest_height() const {
  const std::shared_lock lock(mutex_);
  return oldest_height_;
}

Result<std::optional<StoredRecord>> VersionedState::at(std::uint64_t height, const Digest& key_hash) const {
  const std::shared_lock lock(mutex_);
  if (height < oldest_height_) {
    return fail(Reason::kGone, fmt::format("height {} is no longer kept; the oldest is {}", height, oldest_height_));
  }
  // The first later block that changed the record knows what it was; otherwise the store's is still the same.
  for (const auto& block : recent_) {
    if (block->height <= height) continue;
    const auto found = std::ranges::lower_bound(block->by_hash, key_hash, {}, &ExecutedBlock::ByHash::key_hash);
    if (found == block->by_hash.end() || found->key_hash != key_hash) continue;
    const auto& before = found->record->second.before;
    if (!before) return std::nullopt;
    return StoredRecord{found->record->first, *before};
  }
  ASSIGN_OR_RETURN(const auto stored, store_.get(storage::Family::kRecords, key_hash));
  if (!stored) return std::nullopt;
  ASSIGN_OR_RETURN(auto record, decode_stored_record(*stored));
  return record;
}

Result<std::optional<Bytes>> VersionedState::at(std::uint64_t height, std::string_view raw_key) const {
  ASSIGN_OR_RETURN(auto record, at(height, hash_of(raw_key)));
  if (!record) return std::nullopt;
  if (record->raw_key != raw_key) return corrupt_record(hash_of(raw_key));
  return std::move(record->value);
}

Result<RecordProof> VersionedState::prove(std::uint64_t height, const RecordKey& key) const {
  const std::string raw_key = raw_record_key(key.contract, key.collection, key.key);
  const Digest key_hash = hash_of(raw_key);
  RecordProof out{key.contract, key.collection, key.key, std::nullopt, {}};
  ASSIGN_OR_RETURN(out.value, at(height, raw_key));
  if (out.value) {
    ASSIGN_OR_RETURN(const merkle::Path path, tree_.path(height, key_hash));
    if (path.leaf_hash != tree_leaf(hash_, key_hash, *out.value)) return corrupt_record(key_hash);
    ASSIGN_OR_RETURN(out.proof, merkle::make_existence(hash_, as_bytes(raw_key), *out.value, path));
    return out;
  }
  ASSIGN_OR_RETURN(const merkle::Neighbours neighbours, tree_.neighbours(height, key_hash));
  const auto neighbour = [&](const std::optional<merkle::Path>& path) -> Result<std::optional<merkle::Neighbour>> {
    if (!path) return std::nullopt;
    ASSIGN_OR_RETURN(const auto record, at(height, path->key_hash));
    if (!record || path->leaf_hash != tree_leaf(hash_, path->key_hash, record->value)) {
      return corrupt_record(path->key_hash);
    }
    return merkle::Neighbour{to_bytes(record->raw_key), record->value, *path};
  };
  ASSIGN_OR_RETURN(const auto left, neighbour(neighbours.left));
  ASSIGN_OR_RETURN(const auto right, neighbour(neighbours.right));
  ASSIGN_OR_RETURN(out.proof, merkle::make_non_existence(hash_, as_bytes(raw_key), left, right));
  return out;
}

Result<std::optional<Digest>> VersionedState::scrub(const Digest& from, std::uint64_t budget) const {
  std::optional<Digest> next;
  std::vector<Digest> seen;
  TRY(store_.scan(storage::Family::kRecords, from, [&](BytesView key, BytesView) {
    const auto key_hash = to_digest(key);
    if (seen.size() == budget) {
      next = key_hash;
      return false;
    }
    seen.push_back(key_hash.value_or(Digest{}));
    return true;
  }));
  for (const Digest& key_hash : seen) {
    const std::uint64_t height = durable_height_;
    const auto record = at(height, key_hash);
    if (!record) {
      if (record.error().reason == Reason::kGone) continue;
      return std::unexpected(record.error());
    }
    if (!*record) continue;  // deleted since
    const auto path = tree_.path(height, key_hash);
    if (!path && path.error().reason == Reason::kGone) continue;
    if (!path || path->leaf_hash != tree_leaf(hash_, key_hash, (*record)->value) ||
        hash_of((*record)->raw_key) != key_hash) {
      return corrupt_record(key_hash);
    }
  }
  return next;
}

}  // namespace chancery::ledger
