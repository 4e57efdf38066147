#include "api/batch_codec.h"

#include "ledger.pb.h"

namespace chancery::api {
namespace {

constexpr char kTransactionsTag = 0x0a;  // field 1, length-delimited

/// A base-128 varint of at most 5 bytes; advances `in`.
bool read_length(std::string_view& in, std::size_t& length) {
  length = 0;
  for (unsigned shift = 0; shift <= 28; shift += 7) {
    if (in.empty()) return false;
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    length |= static_cast<std::size_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

}  // namespace

Result<std::vector<Bytes>> decode_batch(std::string_view body) {
  std::vector<Bytes> transactions;
  while (!body.empty()) {
    std::size_t length = 0;
    const bool tagged = body.front() == kTransactionsTag;
    body.remove_prefix(1);
    if (!tagged || !read_length(body, length) || length > body.size()) {
      return fail(Reason::kMalformed, "The body is not a TransactionBatch.", "请求正文不是 TransactionBatch。");
    }
    if (transactions.size() == kMaxBatchTransactions) {
      return fail(Reason::kTooLarge, "A batch takes at most 20,000 transactions.", "每批最多 20,000 笔交易。");
    }
    transactions.push_back(to_bytes(body.substr(0, length)));
    body.remove_prefix(length);
  }
  if (transactions.empty()) return fail(Reason::kMalformed, "The batch is empty.", "批次为空。");
  return transactions;
}

std::string encode_batch_result(const std::vector<node::Outcome>& outcomes) {
  wire::TransactionBatchResult result;
  result.mutable_outcomes()->Reserve(static_cast<int>(outcomes.size()));
  for (const auto& outcome : outcomes) {
    auto* out = result.add_outcomes();
    out->set_id(outcome.id.data(), outcome.id.size());
    out->set_stage(std::string(node::to_string(outcome.stage)));
    out->set_height(outcome.height);
    out->set_leaf_index(outcome.leaf_index);
    if (outcome.error) {
      out->set_reason(std::string(reason_text(outcome.error->reason).wire_name));
      out->set_detail(outcome.error->detail);
    }
  }
  return result.SerializeAsString();
}

}  // namespace chancery::api
