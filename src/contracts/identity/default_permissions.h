#pragma once
// The permissions that a new network's genesis file starts with. The contract itself knows only the records: a network
// may begin with another table, and changes its own by identity.set_permission.

#include <nlohmann/json.hpp>

#include <string_view>

namespace chancery::contracts::identity {

/// What the network's administrator may do in the affairs of other organisations.
enum class Operator {
  kOverAll,      ///< everything that their own administrators may: a network of one operator
  kAmongEquals,  ///< nothing: it could otherwise make itself their administrator, and cast their votes
};

/// The member "permissions" of the genesis' identity section. Holders of the role network_admin in
/// `operator_organisation` stand above single organisations as far as `power` says; org_admin administers its own;
/// issuer issues; revoker may suspend and revoke.
nlohmann::json default_permissions(std::string_view operator_organisation, Operator power = Operator::kOverAll);

}  // namespace chancery::contracts::identity
