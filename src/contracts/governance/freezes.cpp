#include "contracts/governance/freezes.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "contracts/field_rules.h"
#include "contracts/governance/counters.h"
#include "contracts/governance/records.h"

namespace chancery::contracts::governance {

namespace {

using Scope = google::protobuf::RepeatedPtrField<std::string>;

std::string account_key(std::string_view account) {
  return fmt::format("account/{}", account);
}
std::string contract_key(std::string_view contract) {
  return fmt::format("contract/{}", contract);
}
std::string record_key(std::string_view raw_key) {
  return fmt::format("record/{}", raw_key);
}

/// "asset.transfer" is covered by itself and by "asset.*".
bool covers(const Scope& scope, std::string_view contract, std::string_view method) {
  return std::ranges::any_of(scope, [&](std::string_view pattern) {
    const std::size_t dot = pattern.find('.');
    return pattern.substr(0, dot) == contract && (pattern.substr(dot) == ".*" || pattern.substr(dot + 1) == method);
  });
}

std::unexpected<Error> refusal(const wire::FrozenBy& by, std::string_view what_en, std::string_view what_zh) {
  return fail(Reason::kFrozen, fmt::format("{} is frozen by order {} until {} ms", what_en, by.order(), by.until_ms()),
              fmt::format("{} 已被第 {} 号冻结令冻结，至 {} 毫秒止", what_zh, by.order(), by.until_ms()));
}

Result<wire::FreezeSummary> summary_of(const Context& governance) {
  wire::FreezeSummary summary;
  ASSIGN_OR_RETURN(const bool found, load(governance, kFreezes, kSummary, summary));
  if (!found) summary.Clear();
  return summary;
}

/// What freezes the target now and, with a scope, this method.
template <class Covers>
Result<std::optional<wire::FrozenBy>> in_force(const Context& governance, const std::string& key, Covers covered) {
  wire::FrozenTarget frozen;
  ASSIGN_OR_RETURN(const bool found, load(governance, kFrozen, key, frozen));
  if (!found) return std::nullopt;
  for (const wire::FrozenBy& by : frozen.orders()) {
    if (governance.time_ms() <= by.until_ms() && covered(by.scope())) return by;
  }
  return std::nullopt;
}

Status check_target(const wire::FreezeTarget& target) {
  switch (target.target_case()) {
    case wire::FreezeTarget::kAccount:
      return require_account_id("target.account", target.account());
    case wire::FreezeTarget::kContract:
      if (target.contract() == "identity" || target.contract() == kContractName) {
        return invalid("target.contract", "must not be identity or governance: nothing could undo it",
                       "不得为 identity 或 governance，否则无法解除");
      }
      return is_method(target.contract() + ".x") ? Status{}
                                                 : invalid("target.contract", "is no contract name", "不是合约名");
    case wire::FreezeTarget::kRecord:
      if (target.record().contract() == kContractName || target.record().contract() == "supervision") {
        return invalid("target.record.contract", "must not be governance or supervision",
                       "不得为 governance 或 supervision");
      }
      if (!is_method(target.record().contract() + ".x") || target.record().collection().empty() ||
          target.record().collection().size() > 64 || target.record().key().empty() ||
          target.record().key().size() > kRecordKeyBytes) {
        return invalid("target.record", "needs a contract, a collection and a key of 1 to 256 bytes",
                       "应包含合约、集合和 1 至 256 字节的键");
      }
      return {};
    default:
      return invalid("target", "is needed", "为必填项");
  }
}

Status check_scope(const wire::Freeze& freeze) {
  if (freeze.scope_size() > kScopesInFreeze) {
    return over_limit("scope", static_cast<std::size_t>(freeze.scope_size()), kScopesInFreeze);
  }
  if (freeze.target().has_record() && !freeze.scope().empty()) {
    return invalid("scope", "must be empty for a record", "冻结记录时应为空");
  }
  for (const std::string& pattern : freeze.scope()) {
    const std::string probe = pattern.ends_with(".*") ? pattern.substr(0, pattern.size() - 1) + "x" : pattern;
    if (!is_method(probe)) return invalid("scope", "must be contract.method or contract.*", "应为 合约.方法 或 合约.*");
    if (freeze.target().has_contract() && !pattern.starts_with(freeze.target().contract() + ".")) {
      return invalid("scope", "must name methods of the frozen contract", "应为被冻结合约的方法");
    }
  }
  return {};
}

Status extend_summary(Context& context, const wire::FreezeTarget& target, std::int64_t until_ms) {
  ASSIGN_OR_RETURN(wire::FreezeSummary summary, summary_of(context));
  if (target.has_account()) summary.set_accounts_until_ms(std::max(until_ms, summary.accounts_until_ms()));
  if (target.has_contract()) summary.set_contracts_until_ms(std::max(until_ms, summary.contracts_until_ms()));
  if (target.has_record()) summary.set_records_until_ms(std::max(until_ms, summary.records_until_ms()));
  store(context, kFreezes, kSummary, summary);
  return {};
}

void drop_ended(const Context& context, wire::FrozenTarget& frozen) {
  for (int i = frozen.orders_size() - 1; i >= 0; --i) {
    if (frozen.orders(i).until_ms() < context.time_ms()) frozen.mutable_orders()->DeleteSubrange(i, 1);
  }
}

}  // namespace

std::string target_key(const wire::FreezeTarget& target) {
  if (target.has_account()) return account_key(target.account());
  if (target.has_contract()) return contract_key(target.contract());
  const wire::RecordTarget& record = target.record();
  return record_key(ledger::raw_record_key(record.contract(), record.collection(), as_bytes(record.key())));
}

Status require_unfrozen_account(const Context& context, std::string_view account) {
  const Context governance = context.as(kContractName);
  ASSIGN_OR_RETURN(const wire::FreezeSummary summary, summary_of(governance));
  if (context.time_ms() > summary.accounts_until_ms()) return {};
  const auto wholly = [](const Scope& scope) { return scope.empty(); };
  ASSIGN_OR_RETURN(const auto by, in_force(governance, account_key(account), wholly));
  if (!by) return {};
  return refusal(*by, fmt::format("account {}", account), fmt::format("账户 {}", account));
}

Status require_unfrozen_call(const Context& context, std::string_view contract, std::string_view method) {
  const Context governance = context.as(kContractName);
  ASSIGN_OR_RETURN(const wire::FreezeSummary summary, summary_of(governance));
  const auto here = [&](const Scope& scope) { return scope.empty() || covers(scope, contract, method); };
  if (context.time_ms() <= summary.contracts_until_ms()) {
    ASSIGN_OR_RETURN(const auto by, in_force(governance, contract_key(contract), here));
    if (by) return refusal(*by, fmt::format("{}.{}", contract, method), fmt::format("{}.{}", contract, method));
  }
  if (context.time_ms() > summary.accounts_until_ms()) return {};
  for (const ledger::Signer& signer : context.signers()) {
    ASSIGN_OR_RETURN(const auto by, in_force(governance, account_key(signer.account), here));
    if (by) {
      return refusal(*by, fmt::format("account {} for {}.{}", signer.account, contract, method),
                     fmt::format("账户 {} 办理 {}.{} 的权利", signer.account, contract, method));
    }
  }
  return {};
}

Status require_unfrozen_record(const Context& context, std::string_view raw_key) {
  const Context governance = context.as(kContractName);
  ASSIGN_OR_RETURN(const wire::FreezeSummary summary, summary_of(governance));
  if (context.time_ms() > summary.records_until_ms()) return {};
  ASSIGN_OR_RETURN(const auto by, in_force(governance, record_key(raw_key), [](const Scope&) { return true; }));
  if (!by) return {};
  ASSIGN_OR_RETURN(const ledger::RecordKey key, ledger::parse_raw_record_key(raw_key));
  const std::string name = fmt::format("{}/{}/{}", key.contract, key.collection,
                                       is_utf8(as_text(key.key)) ? to_string(key.key) : "hex:" + to_hex(key.key));
  return refusal(*by, "record " + name, "记录 " + name);
}

Status check_freeze(const Context& context, const wire::Freeze& freeze, std::int64_t longest_ms) {
  TRY(check_target(freeze.target()));
  TRY(check_scope(freeze));
  TRY(require_text("legal_basis", freeze.legal_basis(), 1, kReasonChars));
  if (!freeze.document_digest().empty()) TRY(require_digest("document_digest", freeze.document_digest()));
  TRY(require_time("until_ms", freeze.until_ms()));
  if (freeze.until_ms() <= context.time_ms()) return invalid("until_ms", "is in the past", "早于当前区块时间");
  if (freeze.until_ms() - context.time_ms() <= longest_ms) return {};
  return fail(Reason::kOutOfBounds, fmt::format("a freeze lasts at most {} ms from now", longest_ms),
              fmt::format("冻结期限自现在起不得超过 {} 毫秒", longest_ms));
}

Result<std::uint64_t> impose(Context& context, const wire::Freeze& freeze, std::uint64_t proposal) {
  const std::string key = target_key(freeze.target());
  wire::FrozenTarget frozen;
  ASSIGN_OR_RETURN(const bool known, load(context, kFrozen, key, frozen));
  if (!known) frozen.Clear();
  drop_ended(context, frozen);
  if (frozen.orders_size() >= kOrdersOnTarget) {
    return over_limit("orders on the target", static_cast<std::size_t>(frozen.orders_size()) + 1, kOrdersOnTarget);
  }
  ASSIGN_OR_RETURN(const std::uint64_t number, next_number(context, kOrders));
  wire::FrozenBy& by = *frozen.add_orders();
  by.set_order(number);
  by.set_until_ms(freeze.until_ms());
  *by.mutable_scope() = freeze.scope();
  store(context, kFrozen, key, frozen);
  TRY(extend_summary(context, freeze.target(), freeze.until_ms()));

  wire::FreezeOrder order;
  order.set_number(number);
  *order.mutable_freeze() = freeze;
  order.set_proposal(proposal);
  order.set_from_height(context.height());
  order.set_from_ms(context.time_ms());
  store(context, kOrders, fmt::to_string(number), order);
  return number;
}

Status lift(Context& context, std::uint64_t number, std::string_view reason, std::uint64_t proposal) {
  ASSIGN_OR_RETURN(wire::FreezeOrder order, read_order(context, number));
  if (!is_in_force(order, context.height(), context.time_ms())) {
    return fail(Reason::kWrongState, fmt::format("order {} is not in force any more", number),
                fmt::format("第 {} 号冻结令已不再有效", number));
  }
  const std::string key = target_key(order.freeze().target());
  wire::FrozenTarget frozen;
  ASSIGN_OR_RETURN(const bool known, load(context, kFrozen, key, frozen));
  for (int i = known ? frozen.orders_size() - 1 : -1; i >= 0; --i) {
    if (frozen.orders(i).order() == number) frozen.mutable_orders()->DeleteSubrange(i, 1);
  }
  if (frozen.orders().empty()) {
    context.erase(kFrozen, key);
  } else {
    store(context, kFrozen, key, frozen);
  }
  order.set_lifted_height(context.height());
  order.set_lifted_reason(std::string(reason));
  order.set_lifted_by_proposal(proposal);
  store(context, kOrders, fmt::to_string(number), order);
  return {};
}

Result<wire::FreezeOrder> read_order(const Context& context, std::uint64_t number) {
  wire::FreezeOrder order;
  ASSIGN_OR_RETURN(const bool found, load(context.as(kContractName), kOrders, fmt::to_string(number), order));
  if (found) return order;
  return fail(Reason::kNotFound, fmt::format("there is no order {}", number),
              fmt::format("没有第 {} 号冻结令", number));
}

bool is_in_force(const wire::FreezeOrder& order, std::uint64_t height, std::int64_t time_ms) {
  return (order.lifted_height() == 0 || height < order.lifted_height()) && time_ms <= order.freeze().until_ms();
}

}  // namespace chancery::contracts::governance
