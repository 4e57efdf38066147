#include "ledger/executor.h"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/digest_set.h"
#include "ledger/guards.h"
#include "merkle/tiles.h"

namespace chancery::ledger {

namespace {

constexpr std::size_t kMaxDetailBytes = 512;

std::string limited(std::string text) {
  if (text.size() <= kMaxDetailBytes) return text;
  text.resize(kMaxDetailBytes);
  while (!text.empty() && !is_utf8(text)) text.pop_back();
  return text;
}

Bytes encode_entry(const ParsedTransaction& transaction, const ExecutedBlock& block, std::uint32_t position,
                   const std::optional<Error>& error, const std::vector<EmittedEvent>& events,
                   const std::vector<Bytes>& outputs) {
  wire::Entry entry;
  entry.set_transaction(transaction.raw.data(), transaction.raw.size());
  entry.set_height(block.height);
  entry.set_position(position);
  entry.set_time_ms(block.time_ms);
  if (error) {
    entry.set_reason(std::string(reason_text(error->reason).wire_name));
    entry.set_detail(limited(error->detail));
  } else {
    const bool any_output = std::ranges::any_of(outputs, [](const Bytes& one) { return !one.empty(); });
    for (const Bytes& output : outputs) {
      if (any_output) entry.add_outputs(output.data(), output.size());
    }
    for (const EmittedEvent& event : events) {
      wire::Event* out = entry.add_events();
      out->set_call(event.call);
      out->set_name(event.name);
      out->set_subject(event.subject.data(), event.subject.size());
      out->set_data(event.data.data(), event.data.size());
    }
  }
  Bytes bytes(entry.ByteSizeLong());
  CHANCERY_CHECK(entry.SerializeToArray(bytes.data(), static_cast<int>(bytes.size())));
  return bytes;
}

crypto::KeyId key_id_of(const wire::Signature& signature) {
  crypto::KeyId out{};
  std::copy_n(signature.key_id().begin(), std::min(signature.key_id().size(), out.size()), out.begin());
  return out;
}

}  // namespace

const Contract* find_contract(std::span<const Contract* const> contracts, std::string_view name) {
  for (const Contract* contract : contracts) {
    if (contract->name() == name) return contract;
  }
  return nullptr;
}

Executor::Executor(const Genesis& genesis, std::span<const Contract* const> contracts, const AccountKeys& accounts,
                   const ReplayWindow& replays)
    : genesis_(genesis), contracts_(contracts), accounts_(accounts), replays_(replays) {}

Status Executor::admit(const ExecutedBlock& block, const ParsedTransaction& transaction,
                       const DigestSet& in_block) const {
  const wire::Body& body = transaction.body;
  if (as_bytes(body.network_id()).size() != genesis_.network_id.size() ||
      body.network_id() != as_text(genesis_.network_id)) {
    return fail(Reason::kWrongNetwork, "the transaction names network " + to_hex(as_bytes(body.network_id())));
  }
  if (body.not_after_ms() - body.not_before_ms() > genesis_.parameters.window_ms) {
    return fail(Reason::kWindowTooLong,
                fmt::format("the window is {} ms, the limit is {} ms", body.not_after_ms() - body.not_before_ms(),
                            genesis_.parameters.window_ms));
  }
  if (block.time_ms < body.not_before_ms()) {
    return fail(Reason::kNotYetValid,
                fmt::format("valid from {} ms, block time is {} ms", body.not_before_ms(), block.time_ms));
  }
  if (block.time_ms > body.not_after_ms()) {
    return fail(Reason::kExpired,
                fmt::format("valid until {} ms, block time is {} ms", body.not_after_ms(), block.time_ms));
  }
  if (replays_.contains(transaction.id) || in_block.contains(transaction.id)) {
    return fail(Reason::kReplayed, "transaction " + to_hex(transaction.id) + " is in the log already");
  }
  return {};
}

Status Executor::check_signatures(const ParsedTransaction& transaction, const TransactionFacts& facts,
                                  RecordAccess& records, std::vector<EmittedEvent>& events) const {
  if (!transaction.signed_with.empty()) return {};
  Context context(facts, records, events, 0, "identity");
  for (const wire::Signature& signature : transaction.envelope.signatures()) {
    ASSIGN_OR_RETURN(const crypto::PublicKey key,
                     accounts_.known_key(context, signature.account(), key_id_of(signature)));
    if (static_cast<std::uint32_t>(key.algorithm) != signature.algorithm() ||
        !crypto::verify(key, as_bytes(transaction.envelope.body()), as_bytes(signature.value()))) {
      return fail(Reason::kBadSignature, "a signature does not hold for the body bytes");
    }
  }
  return {};
}

Status Executor::authenticate(const ParsedTransaction& transaction, TransactionFacts& facts, RecordAccess& records,
                              std::vector<EmittedEvent>& events) const {
  Context context(facts, records, events, 0, "identity");
  for (std::size_t i = 0; i < static_cast<std::size_t>(transaction.envelope.signatures_size()); ++i) {
    const wire::Signature& signature = transaction.envelope.signatures(static_cast<int>(i));
    Signer signer{signature.account(), key_id_of(signature)};
    ASSIGN_OR_RETURN(const crypto::PublicKey key, accounts_.active_key(context, signer.account, signer.key_id));
    if (!transaction.signed_with.empty() && key != transaction.signed_with[i]) {
      return fail(Reason::kUnknownKey, "the key that the signature was checked with is not the account's");
    }
    const auto& allowed = genesis_.parameters.algorithms;
    if (std::ranges::find(allowed, key.algorithm) == allowed.end()) {
      return fail(Reason::kAlgorithmNotAllowed, std::string(crypto::to_string(key.algorithm)));
    }
    facts.signers.push_back(std::move(signer));
  }
  return {};
}

Status Executor::call_all(const ParsedTransaction& transaction, const TransactionFacts& facts, RecordAccess& records,
                          std::vector<EmittedEvent>& events, std::vector<Bytes>& outputs) const {
  std::uint32_t index = 0;
  for (const wire::Call& call : transaction.body.calls()) {
    const Contract* contract = find_contract(contracts_, call.contract());
    if (contract == nullptr) return fail(Reason::kUnknownContract, call.contract());
    Context context(facts, records, events, index++, contract->name());
    TRY(allow_call(contracts_, context, call.contract(), call.method()));
    ASSIGN_OR_RETURN(Bytes output, contract->call(context, call.method(), as_bytes(call.args())));
    outputs.push_back(std::move(output));
  }
  return {};
}

void Executor::run(ExecutedBlock& block, std::uint64_t first_leaf, const std::vector<OrderedTransaction>& transactions,
                   const TransactionRecords::Below& below) const {
  TransactionRecords records(block.changed, below);
  DigestSet in_block;
  TransactionFacts facts;
  facts.network_id = genesis_.network_id;
  facts.hash = genesis_.suite->hash;
  facts.height = block.height;
  facts.time_ms = block.time_ms;
  std::vector<EmittedEvent> events;
  std::vector<Bytes> outputs;
  for (const OrderedTransaction& ordered : transactions) {
    const ParsedTransaction& transaction = *ordered.transaction;
    TransactionResult& result = block.results.emplace_back();
    result.id = transaction.id;
    if (Status admitted = admit(block, transaction, in_block); !admitted) {
      result.error = std::move(admitted).error();
      continue;
    }
    facts.transaction_id = transaction.id;
    facts.signers.clear();
    events.clear();
    outputs.clear();
    if (Status genuine = check_signatures(transaction, facts, records, events); !genuine) {
      records.discard();
      result.error = std::move(genuine).error();
      continue;
    }
    Status status = authenticate(transaction, facts, records, events);
    if (status) status = call_all(transaction, facts, records, events, outputs);
    if (status) {
      status = allow_writes(contracts_, Context(facts, records, events, 0, {}), records.written_keys());
    }
    if (!status) result.error = std::move(status).error();
    const auto position = static_cast<std::uint32_t>(block.entries.size());
    Bytes entry = encode_entry(transaction, block, position, result.error, events, outputs);
    if (entry.size() > merkle::kMaxEntryBytes) {
      result.error = Error{Reason::kTooLarge, "the result of the transaction does not fit a log entry", {}};
      entry = encode_entry(transaction, block, position, result.error, {}, {});
    }
    if (result.error) {
      records.discard();
    } else {
      records.keep();
    }
    result.recorded = true;
    result.leaf_index = first_leaf + position;
    in_block.insert(transaction.id);
    block.ids.push_back(transaction.id);
    block.entries.push_back(std::move(entry));
    if (ordered.idempotency) block.idempotency.push_back(*ordered.idempotency);
  }
}

}  // namespace chancery::ledger
