#include "ledger/transaction.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>

namespace chancery::ledger {

namespace {

constexpr std::size_t kNonceBytes = 16;
constexpr std::size_t kSignatureBytes = 64;

std::unexpected<Error> malformed(std::string detail) {
  return fail(Reason::kMalformed, std::move(detail));
}

std::unexpected<Error> over_limit(std::string_view what, std::size_t has, std::size_t limit) {
  return fail(Reason::kTooLarge, fmt::format("{} has {}, the limit is {}, {} too many", what, has, limit, has - limit),
              fmt::format("{} 为 {}，上限 {}，超出 {}", what, has, limit, has - limit));
}

bool is_account_name(std::string_view name, std::size_t max_bytes) {
  if (name.empty() || name.size() > max_bytes) return false;
  for (const char c : name) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    if (!good) return false;
  }
  return true;
}

/// Unknown fields would be signed but never understood.
bool has_unknown_fields(const google::protobuf::Message& message) {
  return !message.GetReflection()->GetUnknownFields(message).empty();
}

template <class Message>
bool decode(Message& message, BytesView bytes) {
  google::protobuf::io::CodedInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  stream.SetRecursionLimit(8);
  return message.ParseFromCodedStream(&stream) && stream.ConsumedEntireMessage() && !has_unknown_fields(message);
}

Status check_signature_form(const wire::Signature& signature, const TransactionLimits& limits) {
  if (has_unknown_fields(signature)) return malformed("a signature has unknown fields");
  if (!is_account_name(signature.account(), limits.name_bytes)) return malformed("a signature's account name");
  if (signature.key_id().size() != crypto::KeyId{}.size()) return malformed("a signature's key id must have 8 bytes");
  if (signature.value().size() != kSignatureBytes) return malformed("a signature must have 64 bytes");
  if (!crypto::signature_algorithm_from_number(signature.algorithm())) {
    return fail(Reason::kAlgorithmNotAllowed, fmt::format("signature algorithm {}", signature.algorithm()));
  }
  return {};
}

Status check_body_form(const wire::Body& body, const TransactionLimits& limits) {
  if (body.network_id().size() != sizeof(Digest)) return malformed("network_id must have 32 bytes");
  if (body.nonce().size() != kNonceBytes) return malformed("nonce must have 16 bytes");
  if (body.not_before_ms() < 0 || body.not_after_ms() < body.not_before_ms()) {
    return malformed("not_after_ms must not be before not_before_ms, and neither negative");
  }
  if (body.calls().empty()) return malformed("a transaction needs at least one call");
  const auto calls = static_cast<std::size_t>(body.calls_size());
  if (calls > limits.calls) return over_limit("calls", calls, limits.calls);
  if (body.memo().size() > limits.memo_bytes) return over_limit("memo bytes", body.memo().size(), limits.memo_bytes);
  for (const wire::Call& call : body.calls()) {
    if (has_unknown_fields(call)) return malformed("a call has unknown fields");
    if (!is_account_name(call.contract(), limits.name_bytes)) return malformed("a call's contract name");
    if (!is_account_name(call.method(), limits.name_bytes)) return malformed("a call's method name");
    if (call.args().size() > limits.args_bytes) return over_limit("args bytes", call.args().size(), limits.args_bytes);
  }
  return {};
}

}  // namespace

Result<ParsedTransaction> parse_transaction(Bytes raw, crypto::HashAlgorithm hash, const TransactionLimits& limits) {
  if (raw.size() > limits.bytes) return over_limit("transaction bytes", raw.size(), limits.bytes);
  ParsedTransaction out;
  if (!decode(out.envelope, raw)) return malformed("the bytes are no Transaction");
  const auto signatures = static_cast<std::size_t>(out.envelope.signatures_size());
  if (signatures == 0) return malformed("a transaction needs at least one signature");
  if (signatures > limits.signatures) return over_limit("signatures", signatures, limits.signatures);
  for (int i = 0; i < out.envelope.signatures_size(); ++i) {
    const wire::Signature& signature = out.envelope.signatures(i);
    TRY(check_signature_form(signature, limits));
    for (int k = 0; k < i; ++k) {
      if (out.envelope.signatures(k).account() == signature.account()) {
        return malformed("an account may sign a transaction once");
      }
    }
  }
  const BytesView body_bytes = as_bytes(out.envelope.body());
  if (!decode(out.body, body_bytes)) return malformed("the body bytes are no Body");
  TRY(check_body_form(out.body, limits));
  out.id = transaction_id(hash, body_bytes);
  out.raw = std::move(raw);
  return out;
}

void verify_signatures(std::span<ParsedTransaction* const> transactions, const KeyLookup& lookup,
                       std::span<Status> out) {
  CHANCERY_CHECK(transactions.size() == out.size());
  std::vector<crypto::VerifyItem> items;
  std::vector<std::size_t> owner;
  for (std::size_t t = 0; t < transactions.size(); ++t) {
    ParsedTransaction& transaction = *transactions[t];
    out[t] = {};
    transaction.signed_with.clear();
    for (const wire::Signature& signature : transaction.envelope.signatures()) {
      crypto::KeyId key_id;
      std::copy_n(signature.key_id().begin(), key_id.size(), key_id.begin());
      Result<crypto::PublicKey> key = lookup(signature.account(), key_id);
      if (!key) {
        out[t] = std::unexpected(std::move(key).error());
        break;
      }
      if (static_cast<std::uint32_t>(key->algorithm) != signature.algorithm()) {
        out[t] = fail(Reason::kBadSignature, "the signature names another algorithm than the key's");
        break;
      }
      transaction.signed_with.push_back(std::move(*key));
    }
    if (!out[t]) continue;
    for (std::size_t i = 0; i < transaction.signed_with.size(); ++i) {
      items.push_back({&transaction.signed_with[i], as_bytes(transaction.envelope.body()),
                       as_bytes(transaction.envelope.signatures(static_cast<int>(i)).value())});
      owner.push_back(t);
    }
  }
  std::vector<std::uint8_t> good(items.size());
  crypto::verify_batch(items, good);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (good[i] == 0) out[owner[i]] = fail(Reason::kBadSignature, "a signature does not hold for the body bytes");
  }
  for (std::size_t t = 0; t < transactions.size(); ++t) {
    if (!out[t]) transactions[t]->signed_with.clear();
  }
}

wire::Body make_body(const Digest& network_id, std::int64_t now_ms, std::int64_t window_ms, Random& random) {
  constexpr std::int64_t kClockToleranceMs = 5'000;
  wire::Body body;
  body.set_network_id(network_id.data(), network_id.size());
  const Bytes nonce = random.bytes(kNonceBytes);
  body.set_nonce(nonce.data(), nonce.size());
  body.set_not_before_ms(now_ms - kClockToleranceMs);
  body.set_not_after_ms(now_ms - kClockToleranceMs + window_ms);
  return body;
}

void add_call(wire::Body& body, std::string_view contract, std::string_view method, std::string args) {
  wire::Call* call = body.add_calls();
  call->set_contract(std::string(contract));
  call->set_method(std::string(method));
  call->set_args(std::move(args));
}

Result<Bytes> sign_transaction(const wire::Body& body, std::span<const AccountSigner> signers) {
  wire::Transaction transaction;
  transaction.set_body(body.SerializeAsString());
  for (const AccountSigner& signer : signers) {
    ASSIGN_OR_RETURN(const crypto::Signature value, signer.key->sign(as_bytes(transaction.body())));
    const crypto::KeyId key_id = crypto::key_id(signer.key->public_key());
    wire::Signature* signature = transaction.add_signatures();
    signature->set_account(signer.account);
    signature->set_key_id(key_id.data(), key_id.size());
    signature->set_algorithm(static_cast<std::uint32_t>(signer.key->algorithm()));
    signature->set_value(value.data(), value.size());
  }
  return to_bytes(transaction.SerializeAsString());
}

Digest transaction_id(crypto::HashAlgorithm hash, BytesView body_bytes) {
  return crypto::hash(hash, body_bytes);
}

}  // namespace chancery::ledger
