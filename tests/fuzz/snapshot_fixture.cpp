#include "snapshot_fixture.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/random.h"
#include "base/result.h"
#include "ledger.pb.h"
#include "ledger/snapshot/record_leaves.h"
#include "ledger/versioned_state.h"
#include "merkle/inclusion.h"
#include "merkle/signed_note.h"

namespace chancery::fuzz {

namespace {

constexpr std::int64_t kNowMs = 1'790'000'000'000;
constexpr std::string_view kValidator = "fuzz/validator";
constexpr std::string_view kOrigin = "chancery.example/fuzz-snapshot";
constexpr int kRecords = 20;

ledger::Genesis make_genesis(const crypto::PublicKey& key) {
  const Json document = {
      {"format", "chancery-genesis-v1"},
      {"name", "fuzz"},
      {"suite", "intl"},
      {"created_ms", kNowMs},
      {"origin", kOrigin},
      {"parameters",
       {{"window_ms", 120'000}, {"block_transactions", 10}, {"block_wait_ms", 10}, {"algorithms", {"ed25519"}}}},
      {"validators", Json::array({{{"name", kValidator},
                                   {"organisation", "fuzz"},
                                   {"power", 1},
                                   {"algorithm", "ed25519"},
                                   {"public_key", to_hex(key.bytes)},
                                   {"log_key", to_hex(key.bytes)}}})},
      {"contracts", Json::object()}};
  auto genesis = ledger::Genesis::parse(document.dump());
  CHANCERY_CHECK(genesis.has_value());
  return std::move(*genesis);
}

}  // namespace

SnapshotFixture::SnapshotFixture() {
  SeededRandom random(21);
  const auto key = crypto::PrivateKey::generate(crypto::SignatureAlgorithm::kEd25519, random);
  CHANCERY_CHECK(key.has_value());
  genesis_ = make_genesis(key->public_key());
  const crypto::HashAlgorithm hash = genesis_.suite->hash;
  std::vector<std::pair<Digest, Bytes>> records;
  for (int i = 0; i < kRecords; ++i) {
    const std::string raw_key = "credential/status/no " + std::to_string(i);
    records.emplace_back(crypto::hash(hash, as_bytes(raw_key)),
                         ledger::encode_stored_record(raw_key, as_bytes("value " + std::to_string(i * i))));
  }
  std::ranges::sort(records);
  Bytes plain;
  std::vector<BytesView> views;
  for (const auto& [key_hash, stored] : records) {
    ledger::append_item(plain, stored);
    views.emplace_back(stored);
  }
  const auto leaves = ledger::leaves_of_records(hash, views);
  const auto root = merkle::branch_digest(hash, 0, 0, *leaves);
  CHANCERY_CHECK(root.has_value());
  records_ = ledger::compress_chunk(plain);

  wire::BlockHeader header;
  header.set_height(1);
  header.set_state_root(root->data(), root->size());
  Bytes headers;
  ledger::append_item(headers, as_bytes(header.SerializeAsString()));
  const Bytes blocks = ledger::compress_chunk(headers);
  const auto facts = [](ledger::ChunkKind kind, const Bytes& stored, std::size_t plain_bytes, std::uint32_t items) {
    return ledger::ChunkFacts{kind,
                              crypto::hash(crypto::HashAlgorithm::kSha256, stored),
                              static_cast<std::uint32_t>(stored.size()),
                              static_cast<std::uint32_t>(plain_bytes),
                              items,
                              {}};
  };
  manifest_.network_id = genesis_.network_id;
  manifest_.checkpoint = {.origin = std::string(kOrigin),
                          .size = 0,
                          .root = merkle::empty_root(crypto::HashAlgorithm::kSha256),
                          .height = 1,
                          .time_ms = kNowMs,
                          .hash_algorithm = hash,
                          .state_root = *root,
                          .block_hash = Digest{9},
                          .validators_hash = genesis_.validators_hash()};
  const std::string text = merkle::encode_checkpoint(manifest_.checkpoint);
  manifest_.note = merkle::encode_note({text, {*merkle::sign_note(text, kValidator, *key)}});
  manifest_.chunks.push_back(facts(ledger::ChunkKind::kBlocks, blocks, headers.size(), 1));
  manifest_.chunks.push_back(facts(ledger::ChunkKind::kRecords, records_, plain.size(), kRecords));
  manifest_.chunks.back().branch = {0, 0, kRecords, *root};
  manifest_bytes_ = ledger::encode_manifest(manifest_);
}

}  // namespace chancery::fuzz
