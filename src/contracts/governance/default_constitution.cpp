#include "contracts/governance/default_constitution.h"

#include <array>
#include <string_view>

namespace chancery::contracts::governance {

namespace {

enum class Duty { kSystem, kSecurity };

struct Row {
  std::string_view kind;
  Duty duty;
  bool power = false;     ///< asks for voting power as well
  bool majority = false;  ///< more than half of the organisations is enough
  bool at_once = false;   ///< without delay
  bool veto = false;      ///< security administrators may veto
};

constexpr std::array kRows{
    Row{"add_organisation", Duty::kSecurity, false, false, false, true},
    Row{"suspend_organisation", Duty::kSecurity},
    Row{"reinstate_organisation", Duty::kSecurity},
    Row{"remove_organisation", Duty::kSecurity, true},
    Row{"change_validators", Duty::kSystem, true, false, false, true},
    Row{"change_role", Duty::kSecurity},
    Row{"set_permission", Duty::kSecurity},
    Row{"set_parameters", Duty::kSystem, false, false, false, true},
    Row{"install_pack", Duty::kSystem, false, true, false, true},
    Row{"retire_pack", Duty::kSystem, false, true},
    Row{"freeze", Duty::kSecurity, false, true, true},
    Row{"unfreeze", Duty::kSecurity, false, true, true},
    Row{"answer_appeal", Duty::kSecurity, false, true, true},
    Row{"upgrade", Duty::kSystem, true, false, false, true},
    Row{"amend_constitution", Duty::kSecurity, true},
};

struct Bound {
  std::string_view name;
  std::int64_t min, max;
};

constexpr std::array kBounds{
    Bound{"window_ms", 10'000, 120'000},
    Bound{"block_transactions", 100, 5'000},
    Bound{"block_wait_ms", 0, 1'000},
};

constexpr std::array<std::string_view, 7> kReserved{"identity.create_organisation",   "identity.suspend_organisation",
                                                    "identity.resume_organisation",   "identity.set_permission",
                                                    "identity.grant_network_role",    "identity.revoke_network_role",
                                                    "identity.manage_network_account"};

constexpr std::int64_t kExecutionMs = std::int64_t{30} * 86'400'000;
constexpr std::int64_t kFreezeMs = std::int64_t{366} * 86'400'000;

nlohmann::json rule_json(const Row& row, const ConstitutionPlan& plan) {
  using nlohmann::json;
  const std::string_view proposer = row.duty == Duty::kSystem ? "system_admin" : "security_admin";
  json rule{{"kind", row.kind},
            {"proposer_roles", json::array({proposer, "network_admin"})},
            {"organisations", row.majority ? ">1/2" : ">2/3"},
            {"voting_ms", plan.voting_ms},
            {"delay_ms", row.at_once ? 0 : plan.delay_ms},
            {"execution_ms", kExecutionMs}};
  if (row.power) rule["power"] = ">2/3";
  if (row.veto) rule["veto_roles"] = json::array({"security_admin"});
  return rule;
}

}  // namespace

nlohmann::json default_governance(const ConstitutionPlan& plan) {
  using nlohmann::json;
  json rules = json::array();
  for (const Row& row : kRows) rules.push_back(rule_json(row, plan));
  json bounds = json::array();
  for (const Bound& bound : kBounds) bounds.push_back({{"name", bound.name}, {"min", bound.min}, {"max", bound.max}});
  json reserved = json::array();
  if (plan.reserve_network_matters) {
    for (const std::string_view method : kReserved) reserved.push_back(method);
  }
  return {{"council", plan.council},
          {"constitution",
           {{"rules", rules},
            {"voter_roles", json::array({"org_admin"})},
            {"bounds", bounds},
            {"reserved_methods", reserved},
            {"max_power_change", plan.council.size() == 1 ? "1/1" : "1/3"},
            {"longest_freeze_ms", kFreezeMs}}}};
}

}  // namespace chancery::contracts::governance
