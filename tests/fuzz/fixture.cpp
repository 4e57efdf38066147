#include "fixture.h"

#include <algorithm>

#include "base/json.h"
#include "base/random.h"
#include "base/result.h"
#include "ledger/context.h"
#include "ledger/receipt.h"
#include "ledger/transaction.h"
#include "merkle/checkpoint.h"
#include "merkle/ics23.h"
#include "merkle/inclusion.h"
#include "merkle/state_tree.h"

namespace chancery::fuzz {

namespace {

constexpr std::int64_t kNowMs = 1'790'000'000'000;
constexpr std::string_view kOrigin = "chancery.example/fuzz";
constexpr std::string_view kValidator = "fuzz-validator";

template <class T>
T value_of(Result<T> result) {
  CHANCERY_CHECK(result.has_value());
  return std::move(*result);
}

crypto::PrivateKey make_key(crypto::SignatureAlgorithm algorithm, std::uint64_t seed) {
  SeededRandom random(seed);
  return value_of(crypto::PrivateKey::generate(algorithm, random));
}

Bytes make_transaction(const Digest& network_id, const crypto::PrivateKey& key) {
  SeededRandom random(3);
  wire::Body body = ledger::make_body(network_id, kNowMs, 120'000, random);
  ledger::add_call(body, "credential", "revoke", "args");
  const ledger::AccountSigner signer{"clerk.a", &key};
  return value_of(ledger::sign_transaction(body, {&signer, 1}));
}

/// Records in the order of their key hashes, as the tree wants them.
struct Record {
  Digest key_hash;
  Bytes key;
  Bytes value;
};

std::vector<Record> make_records(crypto::HashAlgorithm hash, const std::vector<Bytes>& keys) {
  std::vector<Record> out;
  for (const Bytes& key : keys) {
    Bytes value = to_bytes("value of ");
    append(value, key);
    out.push_back({crypto::hash(hash, key), key, value});
  }
  std::ranges::sort(out, {}, &Record::key_hash);
  return out;
}

Digest fill_tree(merkle::StateTree& tree, crypto::HashAlgorithm hash, const std::vector<Record>& records) {
  std::vector<merkle::StateTree::Leaf> leaves;
  leaves.reserve(records.size());
  for (const Record& record : records) leaves.push_back({record.key_hash, crypto::hash(hash, record.value)});
  return value_of(tree.load(1, leaves));
}

std::optional<merkle::Neighbour> neighbour(const std::vector<Record>& records,
                                           const std::optional<merkle::Path>& path) {
  if (!path) return std::nullopt;
  const auto found = std::ranges::find(records, path->key_hash, &Record::key_hash);
  CHANCERY_CHECK(found != records.end());
  return merkle::Neighbour{found->key, found->value, *path};
}

}  // namespace

Fixture::Fixture()
    : key_(make_key(crypto::SignatureAlgorithm::kEd25519, 1)),
      transaction_(make_transaction(Digest{1}, key_)),
      verifier_(value_of(
          merkle::NoteVerifier::make(std::string(kValidator), merkle::NoteAlgorithm::kEd25519, key_.public_key()))) {
  wire::Transaction envelope;
  CHANCERY_CHECK(envelope.ParseFromArray(transaction_.data(), static_cast<int>(transaction_.size())));
  signed_body_ = envelope.body();
  checkpoint_text_ = merkle::encode_checkpoint({.origin = std::string(kOrigin),
                                                .size = 17,
                                                .root = Digest{2},
                                                .height = 5,
                                                .time_ms = kNowMs,
                                                .hash_algorithm = crypto::HashAlgorithm::kSm3,
                                                .state_root = Digest{3},
                                                .block_hash = Digest{4},
                                                .validators_hash = Digest{5}});
  merkle::SignedNote note{checkpoint_text_, {value_of(merkle::sign_note(checkpoint_text_, kValidator, key_))}};
  note_ = merkle::encode_note(note);
}

ProofFixture::ProofFixture(crypto::HashAlgorithm hash) : hash_(hash) {
  std::vector<Bytes> keys;
  for (int i = 0; i < 12; ++i) keys.push_back(to_bytes("key " + std::to_string(i)));
  const std::vector<Record> records = make_records(hash, keys);
  merkle::StateTree tree(hash);
  root_ = fill_tree(tree, hash, records);
  for (std::size_t i = 0; i < 3; ++i) {
    const Record& record = records[i * 5];
    const merkle::Path path = value_of(tree.path(1, record.key_hash));
    claims_.push_back(
        {record.key, record.value, value_of(merkle::make_existence(hash, record.key, record.value, path))});
    claims_.push_back({record.key, to_bytes("another value"), std::nullopt});
    claims_.push_back({record.key, std::nullopt, std::nullopt});
  }
  for (int i = 100; i < 103; ++i) {
    const Bytes key = to_bytes("key " + std::to_string(i));
    const merkle::Neighbours sides = value_of(tree.neighbours(1, crypto::hash(hash, key)));
    claims_.push_back({key, std::nullopt,
                       value_of(merkle::make_non_existence(hash, key, neighbour(records, sides.left),
                                                           neighbour(records, sides.right)))});
    claims_.push_back({key, to_bytes("a value"), std::nullopt});
  }
}

ReceiptFixture::ReceiptFixture() {
  const crypto::PrivateKey validator = make_key(crypto::SignatureAlgorithm::kEd25519, 10);
  const crypto::PrivateKey clerk = make_key(crypto::SignatureAlgorithm::kEd25519, 11);
  const Json genesis_json = {
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
                                   {"public_key", to_hex(validator.public_key().bytes)},
                                   {"log_key", to_hex(validator.public_key().bytes)}}})},
      {"contracts", Json::object()}};
  const ledger::Genesis genesis = value_of(ledger::Genesis::parse(genesis_json.dump()));
  const crypto::HashAlgorithm hash = genesis.suite->hash;
  trust_ = ledger::TrustFile::of(genesis);

  wire::Entry entry;
  entry.set_transaction(to_string(make_transaction(genesis.network_id, clerk)));
  entry.set_height(1);
  entry.set_time_ms(kNowMs);
  entry_ = to_bytes(entry.SerializeAsString());

  const std::string record_key = ledger::raw_record_key("credential", "status", as_bytes("no 1"));
  const std::string absent_key = ledger::raw_record_key("credential", "status", as_bytes("no 2"));
  const std::vector<Record> records =
      make_records(hash, {to_bytes(record_key), to_bytes("a"), to_bytes("b"), to_bytes("c")});
  merkle::StateTree tree(hash);
  const Digest state_root = fill_tree(tree, hash, records);
  const auto record = std::ranges::find(records, to_bytes(record_key), &Record::key);
  const merkle::Neighbours sides = value_of(tree.neighbours(1, crypto::hash(hash, as_bytes(absent_key))));

  const std::string text = merkle::encode_checkpoint({.origin = std::string(kOrigin),
                                                      .size = 1,
                                                      .root = merkle::leaf_hash(crypto::HashAlgorithm::kSha256, entry_),
                                                      .height = 1,
                                                      .time_ms = kNowMs,
                                                      .hash_algorithm = hash,
                                                      .state_root = state_root,
                                                      .block_hash = Digest{7},
                                                      .validators_hash = genesis.validators_hash()});
  const ledger::Receipt receipt{
      .network_id = genesis.network_id,
      .leaf_index = 0,
      .entry = entry_,
      .signer_keys = {clerk.public_key()},
      .inclusion_proof = {},
      .records = {{"credential", "status", to_bytes("no 1"), record->value,
                   value_of(merkle::make_existence(hash, record->key, record->value,
                                                   value_of(tree.path(1, record->key_hash))))},
                  {"credential", "status", to_bytes("no 2"), std::nullopt,
                   value_of(merkle::make_non_existence(hash, as_bytes(absent_key), neighbour(records, sides.left),
                                                       neighbour(records, sides.right)))}},
      .checkpoint = merkle::encode_note({text, {value_of(merkle::sign_note(text, kValidator, validator))}})};
  receipt_json_ = receipt.to_json();
  receipt_cbor_ = receipt.to_cbor();
  CHANCERY_CHECK(ledger::verify_receipt(receipt, trust_).passed);
}

}  // namespace chancery::fuzz
