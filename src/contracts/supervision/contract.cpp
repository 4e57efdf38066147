#include "contracts/supervision/contract.h"

#include <google/protobuf/util/json_util.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json_reader.h"
#include "contracts/encoding.h"
#include "contracts/field_rules.h"
#include "contracts/genesis_place.h"
#include "contracts/identity/identity.h"
#include "contracts/method_table.h"
#include "contracts/supervision/records.h"
#include "contracts/supervision/rules.h"

namespace chancery::contracts::supervision {

namespace {

Result<wire::RuleIndex> read_index(const Context& context) {
  wire::RuleIndex index;
  ASSIGN_OR_RETURN(const bool found, load(context.as(kContractName), kIndexes, kRuleIndex, index));
  if (!found) index.Clear();
  return index;
}

Status put_rule(Context& context, wire::SupervisionRule rule) {
  TRY(check_rule(rule));
  ASSIGN_OR_RETURN(wire::RuleIndex index, read_index(context));
  if (!context.has(kRules, rule.id())) {
    if (index.ids_size() >= kRulesInNetwork) {
      return over_limit("rules", static_cast<std::size_t>(index.ids_size()) + 1, kRulesInNetwork);
    }
    index.add_ids(rule.id());
    std::ranges::sort(*index.mutable_ids());
    store(context, kIndexes, kRuleIndex, index);
  }
  rule.set_changed_height(context.height());
  store(context, kRules, rule.id(), rule);
  return {};
}

Result<Bytes> set_rule(Context& context, BytesView args) {
  wire::SetRule request;
  TRY(decode_arguments(args, request));
  TRY(identity::require_permission(context, kContractName, "set_rule", {}));
  TRY(put_rule(context, request.rule()));
  context.emit("set_rule", request.rule().id());
  return Bytes{};
}

Result<Bytes> retire_rule(Context& context, BytesView args) {
  wire::RetireRule request;
  TRY(decode_arguments(args, request));
  TRY(require_text("reason", request.reason(), 1, 200));
  TRY(identity::require_permission(context, kContractName, "retire_rule", {}));
  if (!context.has(kRules, request.id())) {
    return fail(Reason::kNotFound, fmt::format("there is no rule {}", request.id()),
                fmt::format("没有规则 {}", request.id()));
  }
  ASSIGN_OR_RETURN(wire::RuleIndex index, read_index(context));
  auto& ids = *index.mutable_ids();
  ids.erase(std::ranges::find(ids, request.id()));
  if (ids.empty()) {
    context.erase(kIndexes, kRuleIndex);
  } else {
    store(context, kIndexes, kRuleIndex, index);
  }
  context.erase(kRules, request.id());
  context.emit("retired_rule", request.id());
  return Bytes{};
}

constexpr std::array kMethods{
    Method{"set_rule", set_rule},
    Method{"retire_rule", retire_rule},
};

}  // namespace

Result<std::vector<wire::SupervisionRule>> rules_of_genesis(const nlohmann::json& section) {
  JsonReader reader(section, "/contracts/supervision");
  const Json* rules = reader.optional_any("rules");
  TRY(reader.refuse_unknown_members());
  std::vector<wire::SupervisionRule> out;
  if (rules == nullptr) return out;
  if (!rules->is_array()) return reader.refuse("rules", "must be an array");
  for (const Json& each : *rules) {
    wire::SupervisionRule& rule = out.emplace_back();
    const auto parsed = google::protobuf::util::JsonStringToMessage(each.dump(), &rule);
    if (!parsed.ok()) return reader.refuse("rules", fmt::format("item {} is no rule", out.size() - 1));
    TRY(at_place(reader, check_rule(rule)));
  }
  return out;
}

Result<std::vector<wire::SupervisionRule>> read_rules(const Context& context) {
  const Context supervision = context.as(kContractName);
  ASSIGN_OR_RETURN(const wire::RuleIndex index, read_index(supervision));
  std::vector<wire::SupervisionRule> out;
  for (const std::string& id : index.ids()) TRY(load(supervision, kRules, id, out.emplace_back()));
  return out;
}

Status SupervisionContract::genesis(Context& context, const nlohmann::json& section) const {
  ASSIGN_OR_RETURN(const auto rules, rules_of_genesis(section));
  for (const wire::SupervisionRule& rule : rules) {
    if (context.has(kRules, rule.id())) return invalid("rules.id", "occurs twice", "重复出现");
    TRY(put_rule(context, rule));
  }
  return {};
}

Result<Bytes> SupervisionContract::call(Context& context, std::string_view method, BytesView args) const {
  return call_method(kMethods, kContractName, method, context, args);
}

}  // namespace chancery::contracts::supervision
