#include "contracts/governance/constitution.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "contracts/field_rules.h"
#include "contracts/governance/quorum.h"
#include "contracts/governance/records.h"
#include "contracts/governance/words.h"

namespace chancery::contracts::governance {

namespace {

using Names = google::protobuf::RepeatedPtrField<std::string>;

Status check_roles(std::string_view field, const Names& roles, int min) {
  if (roles.size() < min) return invalid(field, "needs at least one role", "至少需要一个角色");
  if (roles.size() > kRolesInRule) return over_limit(field, static_cast<std::size_t>(roles.size()), kRolesInRule);
  for (const std::string& role : roles) {
    if (!is_role(role)) return invalid(field, "has what is no role name", "含有不合规的角色名");
  }
  return {};
}

Status check_period(std::string_view field, std::int64_t value_ms, std::int64_t min_ms) {
  if (value_ms >= min_ms && value_ms <= kLongestPeriodMs) return {};
  return invalid(field, fmt::format("must be {} to {} ms", min_ms, kLongestPeriodMs),
                 fmt::format("应为 {} 至 {} 毫秒", min_ms, kLongestPeriodMs));
}

Status check_rule(const wire::KindRule& rule) {
  if (name_of(rule.kind()) == "unspecified") return invalid("rules.kind", "is no kind of proposal", "不是提案种类");
  TRY(check_roles("rules.proposer_roles", rule.proposer_roles(), 1));
  if (!rule.has_organisations() && !rule.has_power()) {
    return invalid("rules", "asks for no majority at all", "未要求任何多数");
  }
  if (rule.has_organisations()) TRY(check_fraction("rules.organisations", rule.organisations()));
  if (rule.has_power()) TRY(check_fraction("rules.power", rule.power()));
  TRY(check_period("rules.voting_ms", rule.voting_ms(), 1));
  TRY(check_period("rules.delay_ms", rule.delay_ms(), 0));
  TRY(check_period("rules.execution_ms", rule.execution_ms(), 1));
  if (rule.delay_blocks() > kLongestDelayBlocks) return invalid("rules.delay_blocks", "is too long", "过长");
  TRY(check_roles("rules.veto_roles", rule.veto_roles(), 0));
  if (rule.veto_organisations_size() > kOrganisationsInVeto) {
    return over_limit("rules.veto_organisations", static_cast<std::size_t>(rule.veto_organisations_size()),
                      kOrganisationsInVeto);
  }
  for (const std::string& id : rule.veto_organisations()) TRY(require_organisation_id("rules.veto_organisations", id));
  return {};
}

Status check_bound(const wire::ParameterBound& bound) {
  const bool named = bound.name().size() >= 2 && bound.name().size() <= 64 && bound.name().front() >= 'a' &&
                     bound.name().front() <= 'z' && std::ranges::all_of(bound.name(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
                     });
  if (!named) return invalid("bounds.name", "must be 2 to 64 of a-z 0-9 _ .", "应为 2 至 64 个 a-z 0-9 _ . 字符");
  if (bound.min() <= bound.max()) return {};
  return invalid("bounds", "of " + bound.name() + " are empty", bound.name() + " 的上下限为空");
}

/// A constitution that can't be amended would be final by accident: whoever wants that must say so by its majority.
Status check_rules(const wire::Constitution& constitution) {
  if (constitution.rules_size() > kRulesInConstitution) {
    return over_limit("rules", static_cast<std::size_t>(constitution.rules_size()), kRulesInConstitution);
  }
  std::set<int> kinds;
  for (const wire::KindRule& rule : constitution.rules()) {
    TRY(check_rule(rule));
    if (!kinds.insert(rule.kind()).second) return invalid("rules.kind", "occurs twice", "重复出现");
  }
  if (kinds.contains(wire::PROPOSAL_KIND_AMEND_CONSTITUTION)) return {};
  return invalid("rules", "must say how the constitution is amended", "应规定章程的修改程序");
}

}  // namespace

Result<wire::Constitution> read_constitution(const Context& context) {
  wire::Constitution constitution;
  ASSIGN_OR_RETURN(const bool found, load(context.as(kContractName), kConstitutions, kCurrent, constitution));
  if (found) return constitution;
  return fail(Reason::kWrongState, "this network has no constitution", "本网络没有章程");
}

Result<wire::Constitution> read_constitution(const Context& context, std::uint64_t version) {
  wire::Constitution constitution;
  ASSIGN_OR_RETURN(const bool found,
                   load(context.as(kContractName), kConstitutions, fmt::to_string(version), constitution));
  if (found) return constitution;
  return fail(Reason::kNotFound, fmt::format("there is no version {} of the constitution", version),
              fmt::format("章程没有第 {} 版", version));
}

Result<wire::KindRule> rule_of(const wire::Constitution& constitution, wire::ProposalKind kind) {
  for (const wire::KindRule& rule : constitution.rules()) {
    if (rule.kind() == kind) return rule;
  }
  return fail(Reason::kForbidden, fmt::format("the constitution allows no proposals of kind {}", name_of(kind)),
              fmt::format("章程不允许“{}”类提案", title_of(kind, Language::kZhCn)));
}

Status check_constitution(const wire::Constitution& constitution) {
  TRY(check_rules(constitution));
  TRY(check_roles("voter_roles", constitution.voter_roles(), 1));
  if (constitution.bounds_size() > kBoundsInConstitution) {
    return over_limit("bounds", static_cast<std::size_t>(constitution.bounds_size()), kBoundsInConstitution);
  }
  std::set<std::string_view> bounded;
  for (const wire::ParameterBound& bound : constitution.bounds()) {
    TRY(check_bound(bound));
    if (!bounded.insert(bound.name()).second) return invalid("bounds.name", "occurs twice", "重复出现");
  }
  if (constitution.reserved_methods_size() > kReservedMethods) {
    return over_limit("reserved_methods", static_cast<std::size_t>(constitution.reserved_methods_size()),
                      kReservedMethods);
  }
  for (const std::string& method : constitution.reserved_methods()) {
    if (!is_method(method) || !method.starts_with("identity.")) {
      return invalid("reserved_methods", "must be methods of identity", "应为 identity 合约的方法");
    }
  }
  TRY(check_fraction("max_power_change", constitution.max_power_change()));
  if (constitution.max_power_change().more_than()) {
    return invalid("max_power_change", "is a highest value: without >", "为上限，不得带 >");
  }
  if (constitution.longest_freeze_ms() >= 1 && constitution.longest_freeze_ms() <= kLongestFreezeMs) return {};
  return invalid("longest_freeze_ms", fmt::format("must be 1 to {} ms", kLongestFreezeMs),
                 fmt::format("应为 1 至 {} 毫秒", kLongestFreezeMs));
}

Status adopt(Context& context, wire::Constitution constitution) {
  TRY(check_constitution(constitution));
  wire::Constitution before;
  ASSIGN_OR_RETURN(const bool amended, load(context, kConstitutions, kCurrent, before));
  constitution.set_version(amended ? before.version() + 1 : 1);
  constitution.set_changed_height(context.height());
  store(context, kConstitutions, fmt::to_string(constitution.version()), constitution);
  store(context, kConstitutions, kCurrent, constitution);
  return {};
}

Status require_not_reserved(const Context& context, std::string_view method) {
  thread_local wire::Constitution constitution;  // reused: this runs once a call
  ASSIGN_OR_RETURN(const bool found, load(context.as(kContractName), kConstitutions, kCurrent, constitution));
  if (!found) return {};
  const auto& reserved = constitution.reserved_methods();
  if (std::ranges::find(reserved, method) == reserved.end()) return {};
  return fail(Reason::kNeedsProposal, fmt::format("the constitution reserves {} to proposals", method),
              fmt::format("按章程，{} 须经提案表决", method));
}

Status require_within_bounds(const wire::Constitution& constitution, const wire::ParameterValue& value) {
  for (const wire::ParameterBound& bound : constitution.bounds()) {
    if (bound.name() != value.name()) continue;
    if (value.value() >= bound.min() && value.value() <= bound.max()) return {};
    return fail(Reason::kOutOfBounds,
                fmt::format("{} must be {} to {}, not {}", value.name(), bound.min(), bound.max(), value.value()),
                fmt::format("{} 应为 {} 至 {}，而非 {}", value.name(), bound.min(), bound.max(), value.value()));
  }
  return fail(Reason::kOutOfBounds, fmt::format("the constitution gives {} no bounds", value.name()),
              fmt::format("章程未规定 {} 的范围", value.name()));
}

}  // namespace chancery::contracts::governance
