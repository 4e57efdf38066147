#include <fmt/format.h>

#include <list>
#include <mutex>

#include "contracts/evidence/batch_item.h"
#include "contracts/evidence/words.h"
#include "crypto/hash.h"
#include "merkle/merkle_batch.h"
#include "node/services/batch_files.h"
#include "node/services/event_places.h"
#include "node/services/evidence.h"
#include "node/services/ledger_reads.h"
#include "node/services/receipt_lines.h"

namespace chancery::node {

namespace {

constexpr std::size_t kDigestBytes = 32;
/// Trees that stay in memory for single receipts: 96 MB each at most.
constexpr std::size_t kKeptTrees = 2;
constexpr std::size_t kMaxNumberBytes = 64;

std::span<const Digest> as_digests(BytesView bytes) {
  static_assert(sizeof(Digest) == kDigestBytes && alignof(Digest) == 1);
  return {reinterpret_cast<const Digest*>(bytes.data()), bytes.size() / kDigestBytes};
}

void set_digest(std::string& out, const std::optional<Digest>& digest) {
  if (digest.has_value()) out = bytes_of(*digest);
}

std::optional<Digest> optional_digest(const std::string& bytes) {
  return to_digest(as_bytes(bytes));
}

/// What both kinds of deposit say.
template <class Args, class Request>
void fill_common(Args& args, const Request& request) {
  args.set_size_bytes(request.size_bytes);
  args.set_media_type(request.media_type);
  args.set_phase(request.phase);
  args.set_matter(request.matter);
  args.set_previous(request.previous);
  args.set_collector(request.collector);
  set_digest(*args.mutable_environment(), request.environment);
}

}  // namespace

struct EvidenceDesk::State {
  Node& node;
  Submission& submission;
  std::string directory;

  struct Tree {
    Digest root{};
    Bytes digests;
    merkle::MerkleBatch nodes;
  };
  mutable std::mutex mutex;
  mutable std::list<std::shared_ptr<const Tree>> trees;  ///< most recently used first
  std::array<std::mutex, 64> record_locks;
  mutable EventPlaces deposited;

  ledger::Ledger& ledger() const { return node.ledger(); }

  Result<EvidenceView> view_of(std::string_view number, const Found<wire::Evidence>& found) const;

  Result<EvidenceWritten> written(Submitted submitted) const {
    if (submitted.entry.events_size() == 0) return fail(Reason::kInternal, "a deposit without an event");
    const std::string number = submitted.entry.events(0).subject();
    ASSIGN_OR_RETURN(const auto found, read_evidence(ledger(), number));
    ASSIGN_OR_RETURN(EvidenceView view, view_of(number, found));
    return EvidenceWritten{number, std::move(submitted), std::move(view)};
  }

  Result<ledger::Receipt> receipt_of(std::string_view number, const wire::Evidence& record) const {
    ASSIGN_OR_RETURN(const std::uint64_t leaf, deposited.leaf_of(ledger(), record.height(), number));
    const std::vector<ledger::RecordKey> keys = {{"evidence", "evidence", to_bytes(number)}};
    return ledger().receipt(leaf, keys);
  }

  Result<std::shared_ptr<const Tree>> tree_of(const wire::Evidence& record) const {
    if (!record.has_batch()) {
      return fail(Reason::kWrongState, "this is a single deposit, not a batch", "该存证不是批量存证");
    }
    const auto root = optional_digest(record.batch().root());
    if (!root.has_value()) return fail(Reason::kCorrupt, "a batch record has no root");
    {
      const std::lock_guard lock(mutex);
      for (auto it = trees.begin(); it != trees.end(); ++it) {
        if ((*it)->root != *root) continue;
        trees.splice(trees.begin(), trees, it);
        return trees.front();
      }
    }
    ASSIGN_OR_RETURN(Bytes digests, read_batch_file(directory, *root));
    const auto hash = static_cast<crypto::HashAlgorithm>(record.batch().hash_algorithm());
    ASSIGN_OR_RETURN(merkle::MerkleBatch nodes, merkle::MerkleBatch::build(hash, as_digests(digests)));
    if (nodes.root() != *root || nodes.size() != record.batch().count()) {
      return fail(Reason::kCorrupt, "the stored list of a batch doesn't have the root of its record",
                  "批次清单与登记的根不一致");
    }
    auto tree = std::make_shared<const Tree>(Tree{*root, std::move(digests), std::move(nodes)});
    const std::lock_guard lock(mutex);
    trees.push_front(tree);
    if (trees.size() > kKeptTrees) trees.pop_back();
    return tree;
  }

  Result<std::string> item_receipt(std::string_view number, const wire::Evidence& record, const Tree& tree,
                                   std::uint64_t index) const {
    ASSIGN_OR_RETURN(const ledger::Receipt receipt, receipt_of(number, record));
    contracts::evidence::BatchItem item;
    item.digest = as_digests(tree.digests)[index];
    item.index = index;
    item.count = tree.nodes.size();
    item.hash = static_cast<crypto::HashAlgorithm>(record.batch().hash_algorithm());
    item.proof = tree.nodes.proof(index);
    return contracts::evidence::to_json(item, receipt.to_json());
  }
};

EvidenceDesk::EvidenceDesk(Node& node, Submission& submission, std::string batches_directory)
    : state_(new State{node, submission, std::move(batches_directory), {}, {}, {}, {"evidence", "deposited"}}) {}
EvidenceDesk::~EvidenceDesk() = default;

Result<EvidenceWritten> EvidenceDesk::deposit(const Session& session, const DepositRequest& request,
                                              std::string_view idempotency_key) {
  wire::Deposit args;
  set_digest(*args.mutable_sm3(), request.sm3);
  set_digest(*args.mutable_sha256(), request.sha256);
  fill_common(args, request);
  ASSIGN_OR_RETURN(Submitted submitted,
                   state_->submission.submit(session, {{"evidence", "deposit", args.SerializeAsString()}},
                                             idempotency_key, request.memo));
  return state_->written(std::move(submitted));
}

Result<EvidenceWritten> EvidenceDesk::deposit_batch(const Session& session, const BatchRequest& request,
                                                    BytesView digests, std::string_view idempotency_key) {
  const auto hash = crypto::hash_algorithm_from_string(request.hash);
  if (!hash.has_value()) return fail(Reason::kInvalidValue, "hash must be sm3 or sha256", "hash 应为 sm3 或 sha256");
  if (digests.empty() || digests.size() % kDigestBytes != 0) {
    return fail(Reason::kMalformed, fmt::format("{} bytes are no list of 32-byte digests", digests.size()),
                "清单长度不是 32 字节的整数倍");
  }
  ASSIGN_OR_RETURN(const Digest root, merkle::batch_root(*hash, as_digests(digests)));
  TRY(state_->node.require_space());
  // Durable before the ledger speaks of it: a receipt that can't be made later would be a broken promise.
  TRY(write_batch_file(state_->directory, root, digests));
  wire::DepositBatch args;
  args.set_root(bytes_of(root));
  args.set_count(digests.size() / kDigestBytes);
  args.set_hash_algorithm(static_cast<std::uint32_t>(*hash));
  fill_common(args, request);
  ASSIGN_OR_RETURN(Submitted submitted,
                   state_->submission.submit(session, {{"evidence", "deposit_batch", args.SerializeAsString()}},
                                             idempotency_key, request.memo));
  return state_->written(std::move(submitted));
}

Result<EvidenceWritten> EvidenceDesk::transfer_custody(const Session& session, std::string_view number,
                                                       std::string_view to, const std::optional<Digest>& statement,
                                                       std::string_view if_match, std::string_view idempotency_key) {
  wire::TransferCustody args;
  args.set_number(std::string(number));
  args.set_to(std::string(to));
  set_digest(*args.mutable_statement(), statement);
  const std::vector<CallRequest> calls = {{"evidence", "transfer_custody", args.SerializeAsString()}};
  const Digest asked =
      crypto::domain_hash(crypto::HashAlgorithm::kSha256, "chancery/request/custody/1", {as_bytes(calls.front().args)});
  const std::lock_guard lock(state_->record_locks[std::hash<std::string_view>{}(number) % 64]);
  ASSIGN_OR_RETURN(auto earlier, state_->submission.earlier(session.account(), idempotency_key, asked));
  if (earlier.has_value()) return state_->written(std::move(*earlier));
  ASSIGN_OR_RETURN(const auto found, read_evidence(state_->ledger(), number));
  TRY(check_if_match(if_match, found.bytes));
  ASSIGN_OR_RETURN(Submitted submitted, state_->submission.submit(session, calls, idempotency_key, asked));
  return state_->written(std::move(submitted));
}

Result<EvidenceView> EvidenceDesk::State::view_of(std::string_view number, const Found<wire::Evidence>& found) const {
  const wire::Evidence& record = found.message;
  EvidenceView out;
  out.number = number;
  out.sm3 = optional_digest(record.sm3());
  out.sha256 = optional_digest(record.sha256());
  if (record.has_batch()) {
    out.batch_root = optional_digest(record.batch().root());
    out.count = record.batch().count();
    out.batch_hash = crypto::to_string(static_cast<crypto::HashAlgorithm>(record.batch().hash_algorithm()));
  }
  out.size_bytes = record.size_bytes();
  out.media_type = record.media_type();
  out.phase = record.phase();
  if (const auto* words = contracts::evidence::phase_words(record.phase())) {
    out.phase_zh = words->zh;
    out.phase_en = words->en;
  }
  out.matter = record.matter();
  out.matter_index = record.matter_index();
  out.previous = record.previous();
  out.owner = record.owner();
  Names owner = party_names(ledger(), record.owner());
  out.owner_name_zh = std::move(owner.zh);
  out.owner_name_en = std::move(owner.en);
  out.depositor = record.depositor();
  out.collector = record.collector();
  out.environment = optional_digest(record.environment());
  out.deposited_height = record.height();
  out.deposited_ms = record.time_ms();
  for (const wire::CustodyTransfer& step : record.custody()) {
    out.custody.push_back({step.to(), step.height(), step.time_ms(), step.actor()});
  }
  out.height = found.height;
  out.etag = etag_of(found.bytes);
  return out;
}

Result<EvidenceView> EvidenceDesk::view(std::string_view number) const {
  ASSIGN_OR_RETURN(const auto found, read_evidence(state_->ledger(), number));
  return state_->view_of(number, found);
}

Result<Verdict> EvidenceDesk::verdict(std::string_view number) const {
  Verdict out;
  out.checked_ms = std::max(state_->node.clock().now_ms(), state_->ledger().head().time_ms);
  out.checked_height = state_->ledger().head().height;
  std::optional<Found<wire::Evidence>> found;
  if (!number.empty() && number.size() <= kMaxNumberBytes) {
    ASSIGN_OR_RETURN(found, find_record<wire::Evidence>(state_->ledger(), "evidence", "evidence", number));
  }
  if (!found.has_value()) {
    out.word_zh = "查无此存证";
    out.word_en = "No such evidence";
    out.next_step_zh = "请核对存证编号（CE 开头，共 27 位）。";
    out.next_step_en = "Check the evidence number (27 characters, beginning with CE).";
    return out;
  }
  out.kind = VerdictKind::kValid;
  out.word_zh = "已存证";
  out.word_en = "Deposited";
  out.since_height = found->message.height();
  out.since_ms = found->message.time_ms();
  out.by = found->message.owner();
  Names names = party_names(state_->ledger(), out.by);
  out.by_zh = std::move(names.zh);
  out.by_en = std::move(names.en);
  out.next_step_zh = "对原件重新计算摘要并与此处比对；一致即为存证时的内容。";
  out.next_step_en = "Compute the digest of the original and compare: if equal, it is what was deposited.";
  out.checked_height = found->height;
  return out;
}

Result<ledger::Receipt> EvidenceDesk::receipt(std::string_view number) const {
  ASSIGN_OR_RETURN(const auto found, read_evidence(state_->ledger(), number));
  return state_->receipt_of(number, found.message);
}

Result<std::string> EvidenceDesk::batch_item_receipt(std::string_view number, std::uint64_t index) const {
  ASSIGN_OR_RETURN(const auto found, read_evidence(state_->ledger(), number));
  ASSIGN_OR_RETURN(const auto tree, state_->tree_of(found.message));
  if (index >= tree->nodes.size()) {
    return fail(Reason::kNotFound, fmt::format("the batch has items 0 to {}", tree->nodes.size() - 1),
                fmt::format("该批次的序号为 0 至 {}", tree->nodes.size() - 1));
  }
  return state_->item_receipt(number, found.message, *tree, index);
}

Result<std::string> EvidenceDesk::batch_item_receipt(std::string_view number, const Digest& digest) const {
  ASSIGN_OR_RETURN(const auto found, read_evidence(state_->ledger(), number));
  ASSIGN_OR_RETURN(const auto tree, state_->tree_of(found.message));
  const auto digests = as_digests(tree->digests);
  const auto at = std::ranges::find(digests, digest);
  if (at == digests.end()) return fail(Reason::kNotFound, "the batch has no such digest", "该批次没有此摘要");
  return state_->item_receipt(number, found.message, *tree, static_cast<std::uint64_t>(at - digests.begin()));
}

Status EvidenceDesk::batch_receipts(std::string_view number, const std::function<bool(std::string_view)>& sink) const {
  ASSIGN_OR_RETURN(const auto found, read_evidence(state_->ledger(), number));
  ASSIGN_OR_RETURN(const auto tree, state_->tree_of(found.message));
  ASSIGN_OR_RETURN(const ledger::Receipt receipt, state_->receipt_of(number, found.message));
  // A receipt is written for people, over several lines; here it has to be one.
  ASSIGN_OR_RETURN(const Json compact, parse_json(receipt.to_json(), {.max_bytes = ledger::kReceiptLimitBytes}));
  const std::string first =
      fmt::format("{{\"format\":\"chancery-batch-receipts-v1\",\"receipt\":{}}}\n", compact.dump());
  if (!sink(first)) return {};
  const auto hash = static_cast<crypto::HashAlgorithm>(found.message.batch().hash_algorithm());
  write_receipt_lines(tree->nodes, as_digests(tree->digests), hash, sink);
  return {};
}

}  // namespace chancery::node
