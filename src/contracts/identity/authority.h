#pragma once
// Who may change an account: itself where the method allows that, else whoever the permission of the method names.

#include <string_view>

#include "contracts/identity/identity.h"
#include "contracts/identity/limits.h"

namespace chancery::contracts::identity {

enum class Self { kMayAct, kMayNotAct };

/// kNotFound when there is no such account.
Result<wire::Account> existing_account(const Context& context, std::string_view id);

/// kForbidden unless the account itself has signed (where it may act), or a signer has the permission identity.`method`
/// for the account's registrar. An account with a "network_..." role needs identity.manage_network_account in place of
/// `method`, so that an organisation's administrator can't become the network's by changing its keys.
Status require_authority_over(const Context& context, const wire::Account& account, std::string_view method, Self self);

}  // namespace chancery::contracts::identity
