#pragma once
// One small world with known answers, the same in every run: what the fuzz targets hold their decoders against, and
// what make_seeds.cpp writes the seeds from.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "crypto/hash.h"
#include "crypto/signature.h"
#include "ledger/genesis.h"
#include "merkle/signed_note.h"

namespace chancery::fuzz {

/// A key, a signed transaction and a signed checkpoint.
class Fixture {
 public:
  Fixture();
  const crypto::PrivateKey& key() const { return key_; }
  /// The encoded Body inside transaction().
  const std::string& signed_body() const { return signed_body_; }
  const Bytes& transaction() const { return transaction_; }
  const merkle::NoteVerifier& verifier() const { return verifier_; }
  const std::string& checkpoint_text() const { return checkpoint_text_; }
  /// checkpoint_text() with the key's signature.
  const std::string& note() const { return note_; }

 private:
  crypto::PrivateKey key_;
  std::string signed_body_;
  Bytes transaction_;
  merkle::NoteVerifier verifier_;
  std::string checkpoint_text_;
  std::string note_;
};

/// What somebody may say about a key: that it has this value, or that it is absent.
struct Claim {
  Bytes key;
  std::optional<Bytes> value;
  std::optional<Bytes> proof;  ///< Its only proof; empty for a false claim.
};

/// A state tree of a few records, and claims about it, true and false ones.
class ProofFixture {
 public:
  explicit ProofFixture(crypto::HashAlgorithm hash);
  crypto::HashAlgorithm hash() const { return hash_; }
  const Digest& root() const { return root_; }
  const std::vector<Claim>& claims() const { return claims_; }

 private:
  crypto::HashAlgorithm hash_;
  Digest root_{};
  std::vector<Claim> claims_;
};

/// A network of one validator with one entry in its log, and the receipt of that entry.
class ReceiptFixture {
 public:
  ReceiptFixture();
  const ledger::TrustFile& trust() const { return trust_; }
  const Bytes& entry() const { return entry_; }
  std::uint64_t leaf_index() const { return 0; }
  const std::string& receipt_json() const { return receipt_json_; }
  const Bytes& receipt_cbor() const { return receipt_cbor_; }

 private:
  ledger::TrustFile trust_;
  Bytes entry_;
  std::string receipt_json_;
  Bytes receipt_cbor_;
};

}  // namespace chancery::fuzz
