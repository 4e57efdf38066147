#include "contracts/supervision/rules.h"

#include <algorithm>
#include <set>

#include "contracts/field_rules.h"
#include "contracts/supervision/records.h"

namespace chancery::contracts::supervision {

namespace {

using Rule = wire::SupervisionRule;

template <class List>
Status check_length(std::string_view field, const List& list, int max) {
  return list.size() <= max ? Status{} : over_limit(field, static_cast<std::size_t>(list.size()), max);
}

bool is_pattern(std::string_view text) {
  return is_method(text) || (text.ends_with(".*") && is_method(std::string(text.substr(0, text.size() - 1)) + "x"));
}

Status check_lists(const Rule& rule) {
  TRY(check_length("methods", rule.methods(), kMethodsInRule));
  if (!std::ranges::all_of(rule.methods(), is_pattern)) {
    return invalid("methods", "must be contract.method or contract.*", "应为 合约.方法 或 合约.*");
  }
  TRY(check_length("accounts", rule.accounts(), kAccountsInRule));
  for (const std::string& account : rule.accounts()) TRY(require_account_id("accounts", account));
  TRY(check_length("reasons", rule.reasons(), kReasonsInRule));
  for (const std::string& reason : rule.reasons()) {
    if (!reason_from_wire_name(reason)) return invalid("reasons", "are codes of refusals", "应为拒绝代码");
  }
  TRY(check_length("allowed", rule.allowed(), kAllowedInRule));
  for (const std::string& text : rule.allowed()) {
    if (text.size() > kAllowedBytes) return over_limit("bytes of allowed", text.size(), kAllowedBytes);
  }
  return {};
}

Status check_window(const Rule& rule) {
  if (rule.threshold() < 1 || rule.threshold() > kLargestThreshold) {
    return invalid("threshold", "must be 1 to 100000", "应为 1 至 100000");
  }
  if (rule.window_ms() >= kShortestWindowMs && rule.window_ms() <= kLongestWindowMs) return {};
  return invalid("window_ms", "must be a second to 31 days", "应为 1 秒至 31 天");
}

Status check_path(const Rule& rule) {
  if (rule.field_path().empty()) return invalid("field_path", "is needed", "为必填项");
  TRY(check_length("field_path", rule.field_path(), kFieldsInPath));
  if (rule.methods().empty()) return invalid("methods", "must be named: fields differ", "须列明方法");
  const bool numbers = std::ranges::all_of(rule.field_path(), [](std::uint32_t n) { return n >= 1 && n < 1U << 29U; });
  return numbers ? Status{} : invalid("field_path", "are field numbers", "应为字段编号");
}

Status check_hours(const Rule& rule) {
  if (rule.opens_minute() >= rule.closes_minute() || rule.closes_minute() > kMinutesOfDay) {
    return invalid("opens_minute", "must lie before closes_minute, at most 1440",
                   "应早于 closes_minute，且不超过 1440");
  }
  const std::set<std::uint32_t> days(rule.weekdays().begin(), rule.weekdays().end());
  const bool proper = !days.empty() && days.size() == static_cast<std::size_t>(rule.weekdays_size()) &&
                      *days.begin() >= 1 && *days.rbegin() <= 7;
  return proper ? Status{} : invalid("weekdays", "must be 1 to 7, each once", "应为 1 至 7，且不重复");
}

Status check_kind(const Rule& rule) {
  switch (rule.kind()) {
    case wire::RULE_KIND_RATE:
    case wire::RULE_KIND_REPEATED_REFUSAL:
      return check_window(rule);
    case wire::RULE_KIND_AMOUNT:
      return check_path(rule);
    case wire::RULE_KIND_AFTER_HOURS:
      return check_hours(rule);
    case wire::RULE_KIND_OUT_OF_SCOPE:
      return check_path(rule);
    default:
      return invalid("kind", "is no kind of rule", "不是规则种类");
  }
}

}  // namespace

Status check_rule(const Rule& rule) {
  if (!is_type_id(rule.id())) return invalid("id", "must be 2 to 64 of a-z 0-9 -", "应为 2 至 64 个 a-z 0-9 - 字符");
  TRY(require_text("name_zh", rule.name_zh(), 1, 100));
  TRY(require_text("name_en", rule.name_en(), 1, 200));
  if (rule.changed_height() != 0) return invalid("changed_height", "is set by the ledger", "由账本填写");
  if (rule.grouping() < 0 || rule.grouping() > wire::RULE_GROUPING_NETWORK) {
    return invalid("grouping", "is no grouping", "不是分组方式");
  }
  TRY(check_lists(rule));
  return check_kind(rule);
}

}  // namespace chancery::contracts::supervision
