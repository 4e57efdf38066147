#pragma once
// A transaction as it comes through the door: limits, then decoding, then signatures.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/hash.h"
#include "crypto/signature.h"
#include "ledger.pb.h"

namespace chancery::ledger {

struct TransactionLimits {
  std::size_t bytes = 56U << 10;  ///< of an encoded Transaction: with its result it must fit a tlog entry (65,535)
  std::size_t calls = 64;
  std::size_t signatures = 16;
  std::size_t memo_bytes = 256;
  std::size_t args_bytes = 52U << 10;  ///< of one call
  std::size_t name_bytes = 64;         ///< account, contract, method
};

/// A decoded transaction whose form is right. Nothing is said yet about signatures, time or permission.
struct ParsedTransaction {
  Bytes raw;  ///< the encoded Transaction as it arrived
  wire::Transaction envelope;
  wire::Body body;
  Digest id{};  ///< hash of the body bytes with the network's hash
  /// The keys that the signatures were found to be valid under; filled by verify_signatures. Empty: not checked yet,
  /// the executor will. A key keeps its id and its account for good, so when it was checked makes no difference.
  std::vector<crypto::PublicKey> signed_with;
};

/// Checks size and structure before and while decoding. kTooLarge names the limit and by how much it is exceeded.
Result<ParsedTransaction> parse_transaction(Bytes raw, crypto::HashAlgorithm hash,
                                            const TransactionLimits& limits = {});

/// An account's key as the state has it now, whether active or not; the executor decides about activity.
using KeyLookup = std::function<Result<crypto::PublicKey>(std::string_view account, const crypto::KeyId& key_id)>;

/// Checks all signatures of all transactions in one batch. `out[i]` is success or the reason; fills `signed_with`, or
/// leaves it empty when one does not hold.
void verify_signatures(std::span<ParsedTransaction* const> transactions, const KeyLookup& lookup,
                       std::span<Status> out);

/// For clients: a body with a fresh nonce and a window that starts 5 s before `now_ms`.
wire::Body make_body(const Digest& network_id, std::int64_t now_ms, std::int64_t window_ms, Random& random);
void add_call(wire::Body& body, std::string_view contract, std::string_view method, std::string args);

struct AccountSigner {
  std::string account;
  const crypto::PrivateKey* key;
};
/// Encodes the body once and signs those bytes.
Result<Bytes> sign_transaction(const wire::Body& body, std::span<const AccountSigner> signers);
Digest transaction_id(crypto::HashAlgorithm hash, BytesView body_bytes);

}  // namespace chancery::ledger
