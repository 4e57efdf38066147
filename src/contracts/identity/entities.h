#pragma once
// Building identity records from what a transaction or the genesis file asks for: the rules are the same at both doors.
// Nobody's right is checked here.

#include <string>
#include <string_view>

#include "base/result.h"
#include "contracts/identity.pb.h"
#include "ledger/context.h"

namespace chancery::contracts::identity {

/// Stores a new organisation. kInvalidValue, kBadCheckDigit (USCC), kAlreadyExists (id or code).
Status add_organisation(ledger::Context& context, const wire::CreateOrganisation& request);
/// Names of an organisation, as require_text has them.
Status check_organisation_names(std::string_view name_zh, std::string_view name_en);

/// Suspends an organisation for `reason`, or resumes it (no reason). kNotFound, kWrongState (it is so already).
Status set_organisation_suspended(ledger::Context& context, const std::string& id, bool suspend,
                                  const std::string& reason);

/// Stores a new account with its keys. kInvalidValue, kNotFound (organisation, registrar), kAlreadyExists (id or key).
Status add_account(ledger::Context& context, const wire::CreateAccount& request);

/// Puts a key into `account` and claims its id; the caller stores the account. kInvalidValue, kMalformed,
/// kAlgorithmNotAllowed (unknown number), kAlreadyExists (the key id was ever used), kTooLarge (too many live keys).
Status add_key_to(ledger::Context& context, wire::Account& account, const wire::NewKey& request);

/// Puts a role into `account`; the caller stores it. kInvalidValue, kNotFound (organisation), kAlreadyExists (same
/// grant with the same end), kTooLarge (too many live roles), kDutiesConflict.
Status grant_role_to(ledger::Context& context, wire::Account& account, const wire::GrantRole& request,
                     std::string_view granted_by);

/// Ends a live role in `account`; the caller stores it. kNotFound.
Status revoke_role_from(const ledger::Context& context, wire::Account& account, std::string_view organisation,
                        std::string_view role);

/// Stores the permission of one method. kInvalidValue.
Status put_permission(ledger::Context& context, const wire::Permission& permission);

}  // namespace chancery::contracts::identity
