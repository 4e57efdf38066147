#pragma once
// What a network agrees on before its first block. The network id is the hash of the genesis in canonical JSON (RFC
// 8785), so everything below is bound into every transaction and receipt.
//
//   { "format": "chancery-genesis-v1", "name": "mawei-demo", "suite": "gm", "created_ms": 1790000000000,
//     "origin": "chancery.example/mawei-demo",            the checkpoint's origin line
//     "parameters": { "window_ms": 120000, "block_transactions": 5000, "block_wait_ms": 10,
//                     "algorithms": ["sm2-sm3", "ed25519", "ecdsa-p256-sha256"] },
//     "validators": [ { "name": "mawei-gov", "organisation": "mawei", "power": 1,
//                       "algorithm": "sm2-sm3", "public_key": "<hex>", "log_key": "<hex of Ed25519>",
//                       "engine_key": "<hex of Ed25519>" } ],    engine_key: with several validators only
//     "contracts": { "identity": {...}, "credential": {...} } }   handed to each contract's genesis()

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/signature.h"
#include "crypto/suite.h"

namespace chancery::ledger {

inline constexpr std::uint32_t kProtocolVersion = 1;

struct Validator {
  std::string name;  ///< the key name in checkpoint signatures
  std::string organisation;
  std::uint64_t power = 1;
  crypto::PublicKey key;                        ///< signs checkpoints with the network's suite
  crypto::PublicKey log_key;                    ///< Ed25519, signs the same checkpoints for C2SP log clients
  std::optional<crypto::PublicKey> engine_key;  ///< Ed25519, votes in CometBFT; a network of one node has none
};

struct Parameters {
  std::int64_t window_ms = 120'000;
  std::uint32_t block_transactions = 5'000;
  std::int64_t block_wait_ms = 10;
  std::vector<crypto::SignatureAlgorithm> algorithms;
};

struct Genesis {
  std::string name;
  std::string origin;
  const crypto::Suite* suite = nullptr;
  std::int64_t created_ms = 0;
  Parameters parameters;
  std::vector<Validator> validators;
  nlohmann::json contracts;
  nlohmann::json document;  ///< the whole file, as it was read
  Digest network_id{};

  static Result<Genesis> parse(std::string_view json_text);
  Digest validators_hash() const;
  /// Which engine orders: CometBFT when the validators have engine keys, else the embedded one.
  bool has_consensus() const { return validators.front().engine_key.has_value(); }
};

/// What an offline verifier needs of a network: its genesis, and the validator sets since.
///   { "format": "chancery-trust-v1", "genesis": {...}, "validator_sets": [ { "from_height": 1, "validators": [...] } ]
///   }
struct TrustFile {
  Genesis genesis;
  struct Set {
    std::uint64_t from_height;
    std::vector<Validator> validators;
  };
  std::vector<Set> sets;  ///< ascending; the first from height 1

  static Result<TrustFile> parse(std::string_view json_text);
  static TrustFile of(const Genesis& genesis);
  std::string to_json() const;
  const std::vector<Validator>& validators_at(std::uint64_t height) const;
};

Digest validators_hash(crypto::HashAlgorithm hash, const std::vector<Validator>& validators);

}  // namespace chancery::ledger
