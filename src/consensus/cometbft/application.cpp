#include "consensus/cometbft/application.h"

#include <fmt/format.h>

#include <chrono>
#include <set>
#include <thread>

#include "base/log.h"
#include "ledger/genesis.h"

namespace chancery::consensus {

namespace {

constexpr int kAccept = 1;
constexpr int kReject = 2;
constexpr int kRejectSnapshot = 3;         // of an offer
constexpr int kRejectAppliedSnapshot = 5;  // of a chunk
constexpr std::uint32_t kSnapshotFormat = 1;
/// Tag and length of a transaction inside a block's protobuf.
constexpr std::int64_t kFrameBytes = 8;

std::int64_t milliseconds(const abci::Timestamp& time) {
  return time.seconds() * 1'000 + time.nanos() / 1'000'000;
}

/// The time that the proposer put in front; else CometBFT's own, which is the median of the last votes.
template <class Block>
std::int64_t proposed_time_ms(const Block& block) {
  if (block.txs_size() > 0) {
    if (const auto time = decode_block_time(as_bytes(block.txs(0)))) return *time;
  }
  return milliseconds(block.time());
}

std::string_view text_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

CometApplication::CometApplication(ledger::Ledger& ledger, const Clock& clock, BundleCache& cache,
                                   ApplicationEvents events, ApplicationOptions options)
    : ledger_(ledger), clock_(clock), cache_(cache), events_(std::move(events)), options_(std::move(options)) {}

void CometApplication::stop() {
  stopping_ = true;
}

abci::Response CometApplication::handle(const abci::Request& request) {
  abci::Response out;
  Status status;
  switch (request.value_case()) {
    case abci::Request::kEcho:
      out.mutable_echo()->set_message(request.echo().message());
      break;
    case abci::Request::kFlush:
      out.mutable_flush();
      break;
    case abci::Request::kInfo:
      info(*out.mutable_info());
      break;
    case abci::Request::kInitChain:
      status = init_chain(request.init_chain(), *out.mutable_init_chain());
      break;
    case abci::Request::kCheckTx:
      check_tx(request.check_tx(), *out.mutable_check_tx());
      break;
    case abci::Request::kPrepareProposal:
      prepare_proposal(request.prepare_proposal(), *out.mutable_prepare_proposal());
      break;
    case abci::Request::kProcessProposal:
      process_proposal(request.process_proposal(), *out.mutable_process_proposal());
      break;
    case abci::Request::kFinalizeBlock:
      status = finalize_block(request.finalize_block(), *out.mutable_finalize_block());
      break;
    case abci::Request::kCommit:
      status = commit(*out.mutable_commit());
      break;
    case abci::Request::kListSnapshots:
      list_snapshots(*out.mutable_list_snapshots());
      break;
    case abci::Request::kOfferSnapshot:
      offer_snapshot(request.offer_snapshot(), *out.mutable_offer_snapshot());
      break;
    case abci::Request::kLoadSnapshotChunk:
      load_snapshot_chunk(request.load_snapshot_chunk(), *out.mutable_load_snapshot_chunk());
      break;
    case abci::Request::kApplySnapshotChunk:
      apply_snapshot_chunk(request.apply_snapshot_chunk(), *out.mutable_apply_snapshot_chunk());
      break;
    case abci::Request::kQuery:
      out.mutable_query()->set_code(1);
      out.mutable_query()->set_log("ask the node's own HTTP interface");
      break;
    case abci::Request::VALUE_NOT_SET:
      out.mutable_exception()->set_error("an unknown request");
      break;
  }
  if (!status) {
    log_error("engine.request", status.error());
    out.mutable_exception()->set_error(status.error().message());
  }
  return out;
}

Digest CometApplication::application_hash(const wire::BlockHeader& header) const {
  // Not the block hash: an empty block must leave this alone, or CometBFT would follow each block by another.
  return crypto::domain_hash(ledger_.genesis().suite->hash, "chancery/app/1",
                             {as_bytes(header.state_root()), as_bytes(header.history_root())});
}

void CometApplication::info(abci::ResponseInfo& out) {
  const std::lock_guard lock(mutex_);
  out.set_data("chancery");
  out.set_version("1");
  out.set_app_version(ledger::kProtocolVersion);
  const wire::BlockHeader durable = ledger_.durable_header();
  if (durable.height() < kFirstEngineHeight) return;  // CometBFT begins with InitChain
  out.set_last_block_height(static_cast<std::int64_t>(durable.height()));
  out.set_last_block_app_hash(std::string(text_of(application_hash(durable))));
}

Status CometApplication::init_chain(const abci::RequestInitChain& request, abci::ResponseInitChain& out) {
  const std::lock_guard lock(mutex_);
  if (request.chain_id() != options_.chain_id) {
    return fail(Reason::kWrongNetwork,
                fmt::format("the engine's chain is {}, the ledger's {}", request.chain_id(), options_.chain_id));
  }
  if (request.initial_height() != static_cast<std::int64_t>(kFirstEngineHeight)) {
    return fail(Reason::kWrongNetwork,
                fmt::format("the engine starts at height {}, not {}", request.initial_height(), kFirstEngineHeight));
  }
  out.set_app_hash(std::string(text_of(application_hash(ledger_.durable_header()))));
  return {};
}

Result<std::shared_ptr<const KnownBundle>> CometApplication::bundle(BytesView encoded) {
  const Digest name = BundleCache::name_of(encoded);
  if (auto known = cache_.find(name)) return known;
  ASSIGN_OR_RETURN(CheckedBundle checked, decode_bundle(encoded, ledger_.genesis().suite->hash));
  check_signatures(checked, [this](std::string_view account, const crypto::KeyId& key_id) {
    return ledger_.account_key(account, key_id);
  });
  auto known = std::make_shared<KnownBundle>();
  known->forged = checked.forged;
  for (auto& one : checked.transactions) known->transactions.push_back({std::move(one), std::nullopt});
  cache_.put(name, known);
  return known;
}

void CometApplication::check_tx(const abci::RequestCheckTx& request, abci::ResponseCheckTx& out) {
  const auto known = bundle(as_bytes(request.tx()));
  if (known && !(*known)->forged) return;
  out.set_code(1);
  out.set_log(known ? "a signature does not hold" : known.error().message());
}

void CometApplication::prepare_proposal(const abci::RequestPrepareProposal& request,
                                        abci::ResponsePrepareProposal& out) {
  const Bytes time = encode_block_time(clock_.now_ms());
  out.add_txs(time.data(), time.size());
  std::int64_t bytes = static_cast<std::int64_t>(time.size()) + kFrameBytes;
  std::size_t transactions = 0;
  for (const std::string& encoded : request.txs()) {
    const auto known = bundle(as_bytes(encoded));
    if (!known || (*known)->forged) continue;
    bytes += static_cast<std::int64_t>(encoded.size()) + kFrameBytes;
    transactions += (*known)->transactions.size();
    if (bytes > request.max_tx_bytes() || transactions > options_.block_transactions) break;
    out.add_txs(encoded);
  }
}

Status CometApplication::judge(const abci::RequestProcessProposal& request) {
  if (request.txs_size() == 0) return {};
  ASSIGN_OR_RETURN(const std::int64_t time_ms, decode_block_time(as_bytes(request.txs(0))));
  const std::int64_t off_ms = time_ms - clock_.now_ms();
  if (off_ms > options_.clock_tolerance_ms || -off_ms > options_.clock_tolerance_ms) {
    return fail(Reason::kInvalidValue, fmt::format("the proposer's clock is {} ms off this node's", off_ms));
  }
  std::set<Digest> names;
  std::size_t transactions = 0;
  for (int i = 1; i < request.txs_size(); ++i) {
    ASSIGN_OR_RETURN(const auto known, bundle(as_bytes(request.txs(i))));
    if (known->forged) return fail(Reason::kBadSignature, "a bundle holds a signature that does not hold");
    if (!names.insert(BundleCache::name_of(as_bytes(request.txs(i)))).second) {
      return fail(Reason::kReplayed, "a bundle occurs twice");
    }
    transactions += known->transactions.size();
  }
  if (transactions > options_.block_transactions) {
    return fail(Reason::kTooLarge,
                fmt::format("{} transactions, the limit of a block is {}", transactions, options_.block_transactions));
  }
  return {};
}

void CometApplication::process_proposal(const abci::RequestProcessProposal& request,
                                        abci::ResponseProcessProposal& out) {
  const Status judged = judge(request);
  out.set_status(judged ? kAccept : kReject);
  if (!judged) {
    log_warn("engine.proposal_refused", {{"height", request.height()},
                                         {"reason", judged.error().message()},
                                         {"proposer", to_hex(as_bytes(request.proposer_address()))}});
  }
}

std::vector<ledger::OrderedTransaction> CometApplication::transactions_of(const abci::RequestFinalizeBlock& request) {
  std::vector<ledger::OrderedTransaction> out;
  for (const std::string& encoded : request.txs()) {
    if (is_block_time(as_bytes(encoded))) continue;
    // Decided blocks hold what more than two thirds accepted. Should one be malformed all the same, it has no effect on
    // any node, because every node finds it malformed.
    const auto known = bundle(as_bytes(encoded));
    if (!known) continue;
    out.insert(out.end(), (*known)->transactions.begin(), (*known)->transactions.end());
  }
  return out;
}

Status CometApplication::finalize_block(const abci::RequestFinalizeBlock& request, abci::ResponseFinalizeBlock& out) {
  const std::lock_guard lock(mutex_);
  if (executed_ && static_cast<std::int64_t>(ledger::height_of(*executed_)) == request.height()) {
    // The engine died between finalizing and committing and asks again after its restart.
    if (request.hash() != executed_hash_) {
      return fail(Reason::kCorrupt, fmt::format("the engine decided block {} twice, differently", request.height()));
    }
    out = executed_answer_;
    return {};
  }
  const std::uint64_t expected = ledger_.durable_header().height() + 1;
  if (executed_ || request.height() != static_cast<std::int64_t>(expected)) {
    return fail(Reason::kCorrupt,
                fmt::format("the engine finalizes block {}, the ledger expects {}", request.height(), expected));
  }
  const std::vector<ledger::OrderedTransaction> transactions = transactions_of(request);
  auto block = ledger_.execute(ledger_.next_block_time_ms(proposed_time_ms(request)), transactions);
  if (!block) {
    if (events_.engine.fatal) events_.engine.fatal(block.error());
    return std::unexpected(block.error());
  }
  executed_ = *block;
  executed_hash_ = request.hash();
  for (int i = 0; i < request.txs_size(); ++i) out.add_tx_results();
  const Digest hash = application_hash(ledger::header_of(**block));
  out.set_app_hash(std::string(text_of(hash)));
  executed_answer_ = out;
  if (events_.engine.ordered) {
    std::vector<Digest> ids;
    ids.reserve(transactions.size());
    for (const auto& one : transactions) ids.push_back(one.transaction->id);
    events_.engine.ordered(expected, ids);
  }
  for (const std::string& encoded : request.txs()) {
    if (events_.included && !is_block_time(as_bytes(encoded))) {
      events_.included(BundleCache::name_of(as_bytes(encoded)));
    }
  }
  return {};
}

Result<std::string> CometApplication::application_hash_at(std::uint64_t height) const {
  ASSIGN_OR_RETURN(const wire::StoredBlock block, ledger_.block(height));
  return std::string(text_of(application_hash(block.header())));
}

void CometApplication::list_snapshots(abci::ResponseListSnapshots& out) {
  if (!options_.snapshot_heights) return;
  for (const std::uint64_t height : options_.snapshot_heights()) {
    const auto hash = application_hash_at(height);
    if (!hash || height < kFirstEngineHeight) continue;
    abci::Snapshot* snapshot = out.add_snapshots();
    snapshot->set_height(height);
    snapshot->set_format(kSnapshotFormat);
    snapshot->set_chunks(1);
    snapshot->set_hash(*hash);
  }
}

void CometApplication::offer_snapshot(const abci::RequestOfferSnapshot& request, abci::ResponseOfferSnapshot& out) {
  const wire::BlockHeader durable = ledger_.durable_header();
  const abci::Snapshot& offered = request.snapshot();
  const std::string own(text_of(application_hash(durable)));
  // `app_hash` is what CometBFT's light client has verified: it must be what this ledger has verified by itself.
  const bool same = offered.height() == durable.height() && offered.format() == kSnapshotFormat &&
                    offered.chunks() == 1 && offered.hash() == own && request.app_hash() == own;
  out.set_result(same ? kAccept : kRejectSnapshot);
}

void CometApplication::load_snapshot_chunk(const abci::RequestLoadSnapshotChunk& request,
                                           abci::ResponseLoadSnapshotChunk& out) {
  if (request.format() != kSnapshotFormat || request.chunk() != 0) return;
  if (const auto hash = application_hash_at(request.height())) out.set_chunk(*hash);
}

void CometApplication::apply_snapshot_chunk(const abci::RequestApplySnapshotChunk& request,
                                            abci::ResponseApplySnapshotChunk& out) {
  if (request.chunk() == text_of(application_hash(ledger_.durable_header()))) {
    out.set_result(kAccept);
    return;
  }
  out.set_result(kRejectAppliedSnapshot);
  out.add_reject_senders(request.sender());
}

Status CometApplication::commit(abci::ResponseCommit& out) {
  const std::lock_guard lock(mutex_);
  out.set_retain_height(0);
  if (!executed_) return fail(Reason::kInternal, "commit without a finalized block");
  while (true) {
    auto result = ledger_.commit(executed_);
    if (result) {
      executed_.reset();
      if (events_.engine.final) events_.engine.final(*result);
      return {};
    }
    if (result.error().reason != Reason::kReadOnly || stopping_) {
      if (events_.engine.fatal && !stopping_) events_.engine.fatal(result.error());
      return std::unexpected(std::move(result).error());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(options_.retry_ms));
  }
}

}  // namespace chancery::consensus
