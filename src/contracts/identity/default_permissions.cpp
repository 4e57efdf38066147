#include "contracts/identity/default_permissions.h"

#include <array>
#include <string>

namespace chancery::contracts::identity {

namespace {

struct Row {
  std::string_view method;
  std::string_view role;         ///< in the organisation concerned; empty: none
  std::string_view second_role;  ///< likewise
  bool network_admin = false;    ///< whichever organisation is concerned
  bool everyone = false;
};

constexpr std::array kRows{
    Row{"identity.create_organisation", "", "", true},
    Row{"identity.update_organisation", "org_admin", "", true},
    Row{"identity.suspend_organisation", "", "", true},
    Row{"identity.resume_organisation", "", "", true},
    Row{"identity.create_account", "org_admin", "", true},
    Row{"identity.suspend_account", "org_admin", "", true},
    Row{"identity.resume_account", "org_admin", "", true},
    Row{"identity.add_key", "org_admin", "", true},
    Row{"identity.revoke_key", "org_admin", "", true},
    Row{"identity.rotate_key", "org_admin", "", true},
    Row{"identity.manage_network_account", "", "", true},
    Row{"identity.grant_role", "org_admin", "", true},
    Row{"identity.revoke_role", "org_admin", "", true},
    Row{"identity.grant_network_role", "", "", true},
    Row{"identity.revoke_network_role", "", "", true},
    Row{"identity.set_permission", "", "", true},
    Row{"credential.define_type", "org_admin", "", true},
    Row{"credential.update_type", "org_admin", "", true},
    Row{"credential.issue", "issuer", ""},
    Row{"credential.annotate", "issuer", ""},
    Row{"credential.new_version", "issuer", ""},
    Row{"credential.suspend", "issuer", "revoker"},
    Row{"credential.resume", "issuer", "revoker"},
    Row{"credential.revoke", "issuer", "revoker"},
    Row{"evidence.deposit", "", "", false, true},
    Row{"evidence.deposit_batch", "", "", false, true},
    Row{"evidence.transfer_custody", "", "", false, true},
    Row{"supervision.set_rule", "", "", true},
    Row{"supervision.retire_rule", "", "", true},
};

}  // namespace

nlohmann::json default_permissions(std::string_view operator_organisation, Operator power) {
  using nlohmann::json;
  json out = json::array();
  for (const Row& row : kRows) {
    json permission{{"method", std::string(row.method)}};
    json rules = json::array();
    for (const std::string_view role : {row.role, row.second_role}) {
      if (!role.empty()) rules.push_back({{"role", std::string(role)}});
    }
    const bool of_one_organisation = !row.role.empty();
    if (row.network_admin && (power == Operator::kOverAll || !of_one_organisation)) {
      rules.push_back({{"role", "network_admin"},
                       {"organisations", json::array({std::string(operator_organisation)})},
                       {"any_target", true}});
    }
    if (!rules.empty()) permission["rules"] = std::move(rules);
    if (row.everyone) permission["everyone"] = true;
    out.push_back(std::move(permission));
  }
  return out;
}

}  // namespace chancery::contracts::identity
