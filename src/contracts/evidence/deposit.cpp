#include <fmt/format.h>

#include <algorithm>

#include "contracts/encoding.h"
#include "contracts/evidence.pb.h"
#include "contracts/evidence/contract.h"
#include "contracts/evidence/methods.h"
#include "contracts/evidence/number.h"
#include "contracts/evidence/records.h"
#include "contracts/evidence/words.h"
#include "contracts/field_rules.h"
#include "contracts/identity/identity.h"

namespace chancery::contracts::evidence {

namespace {

Status check_optional_digest(std::string_view field, std::string_view value) {
  return value.empty() ? Status{} : require_digest(field, value);
}

/// The members that Deposit and DepositBatch share.
template <class Request>
Status check_description(const Request& request) {
  if (request.size_bytes() > kMaxSizeBytes) return over_limit("size_bytes", request.size_bytes(), kMaxSizeBytes);
  TRY(require_token("media_type", request.media_type(), kMediaTypeBytes));
  if (phase_words(request.phase()) == nullptr) {
    return invalid("phase", fmt::format("\"{}\" is no phase code", request.phase()),
                   fmt::format("“{}”不是阶段代码", request.phase()));
  }
  TRY(require_text("matter", request.matter(), 0, kMatterChars));
  if (request.matter().empty() && !request.previous().empty()) {
    return invalid("previous", "needs a matter", "须同时填写事项编号");
  }
  if (!request.collector().empty()) TRY(require_account_id("collector", request.collector()));
  return check_optional_digest("environment", request.environment());
}

template <class Request>
wire::Evidence describe(const Context& context, const Request& request, const identity::Actor& actor) {
  wire::Evidence out;
  out.set_size_bytes(request.size_bytes());
  out.set_media_type(request.media_type());
  out.set_phase(request.phase());
  out.set_matter(request.matter());
  out.set_owner(actor.party());
  out.set_depositor(actor.account);
  out.set_on_behalf_of(actor.on_behalf_of);
  out.set_collector(request.collector().empty() ? actor.account : request.collector());
  out.set_environment(request.environment());
  out.set_height(context.height());
  out.set_time_ms(context.time_ms());
  return out;
}

/// Makes `record` the newest of its matter.
Status link_to_matter(Context& context, wire::Evidence& record, const std::string& number,
                      const std::string& expected_previous) {
  if (record.matter().empty()) return {};
  const std::string key = matter_key(record.owner(), record.matter());
  wire::Matter matter;
  TRY(load(context, kMatters, key, matter));
  if (!expected_previous.empty() && expected_previous != matter.last()) {
    const std::string_view last = matter.last().empty() ? "-" : std::string_view(matter.last());
    return fail(Reason::kConflict, fmt::format("the newest evidence of the matter is {}", last),
                fmt::format("该事项最新的存证编号为 {}", last));
  }
  record.set_previous(matter.last());
  record.set_matter_index(matter.count() + 1);
  if (matter.count() == 0) matter.set_first_height(context.height());
  matter.set_count(matter.count() + 1);
  matter.set_last(number);
  matter.set_last_height(context.height());
  store(context, kMatters, key, matter);
  return {};
}

/// Numbers, links and stores the record; the output is its number.
Result<Bytes> add(Context& context, wire::Evidence& record, const std::string& expected_previous,
                  std::string_view event) {
  const auto& facts = context.facts();
  const std::string number = make_number(facts.hash, facts.time_ms, facts.transaction_id, context.call_index());
  if (context.has(kEvidence, number)) {
    return fail(Reason::kAlreadyExists, "evidence " + number + " exists", "存证 " + number + " 已存在");
  }
  TRY(link_to_matter(context, record, number, expected_previous));
  store(context, kEvidence, number, record);
  context.emit(event, number);
  return to_bytes(number);
}

}  // namespace

std::string matter_key(std::string_view owner, std::string_view matter) {
  return fmt::format("{}/{}", owner, matter);
}

Result<Bytes> deposit(Context& context, BytesView args) {
  wire::Deposit request;
  TRY(decode_arguments(args, request));
  if (request.sm3().empty() && request.sha256().empty()) {
    return invalid("sm3, sha256", "at least one digest is needed", "至少需要一个摘要");
  }
  TRY(check_optional_digest("sm3", request.sm3()));
  TRY(check_optional_digest("sha256", request.sha256()));
  TRY(check_description(request));
  ASSIGN_OR_RETURN(const identity::Actor actor, identity::require_permission(context, kContractName, "deposit", {}));
  wire::Evidence record = describe(context, request, actor);
  record.set_sm3(request.sm3());
  record.set_sha256(request.sha256());
  return add(context, record, request.previous(), "deposited");
}

Result<Bytes> deposit_batch(Context& context, BytesView args) {
  wire::DepositBatch request;
  TRY(decode_arguments(args, request));
  TRY(require_digest("root", request.root()));
  if (request.count() < 1) return invalid("count", "must be at least 1", "至少为 1");
  if (request.count() > kMaxBatchCount) return over_limit("count", request.count(), kMaxBatchCount);
  const auto algorithm = static_cast<crypto::HashAlgorithm>(std::min<std::uint32_t>(request.hash_algorithm(), 255));
  if (algorithm != crypto::HashAlgorithm::kSha256 && algorithm != crypto::HashAlgorithm::kSm3) {
    return invalid("hash_algorithm", "must be 1 (SHA-256) or 2 (SM3)", "应为 1（SHA-256）或 2（SM3）");
  }
  TRY(check_description(request));
  ASSIGN_OR_RETURN(const identity::Actor actor,
                   identity::require_permission(context, kContractName, "deposit_batch", {}));
  wire::Evidence record = describe(context, request, actor);
  wire::Batch& batch = *record.mutable_batch();
  batch.set_root(request.root());
  batch.set_count(request.count());
  batch.set_hash_algorithm(request.hash_algorithm());
  return add(context, record, request.previous(), "deposited_batch");
}

}  // namespace chancery::contracts::evidence
