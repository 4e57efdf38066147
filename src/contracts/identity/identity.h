#pragma once
// What other contracts ask the identity contract: who acts here, with which right, and whether a party exists.
// A "party" is an organisation's id, or "@<account>" for somebody who belongs to no organisation.

#include <string>
#include <string_view>

#include "base/result.h"
#include "contracts/encoding.h"
#include "contracts/identity.pb.h"
#include "ledger/context.h"

namespace chancery::contracts::identity {

/// Who acts in a call, and by which right.
struct Actor {
  std::string account;
  std::string organisation;  ///< where the role is held; with an "everyone" permission the account's own (or empty)
  std::string role;          ///< empty with an "everyone" permission
  std::string on_behalf_of;  ///< the account whose rights a delegation lends; else empty

  /// The party that the acting account, or the one it acts for, stands for.
  std::string party() const;
};

/// Which of the transaction's signers may call `contract`.`method`, where `concerned` is the party that the call is
/// about; empty: none, a role in any organisation counts, in the signer's own before others. Rights of one's own come
/// before delegated ones. Suspended accounts and organisations have no rights. kForbidden says who could do it and what
/// the signers have; kNeedsProposal: the constitution leaves it to a vote. Whoever only reads (identity/duties.h) has
/// no right here. Reads at most three records where the first signer's own role decides.
Result<Actor> require_permission(const Context& context, std::string_view contract, std::string_view method,
                                 std::string_view concerned);

/// False when there is none.
Result<bool> find_organisation(const Context& context, std::string_view id, wire::Organisation& out);
Result<bool> find_account(const Context& context, std::string_view id, wire::Account& out);

/// kNotFound or kForbidden (suspended) unless the organisation exists and is active.
Status require_active_organisation(const Context& context, std::string_view id);
/// The same for an account and the organisation that it belongs to, if any.
Status require_active_account(const Context& context, std::string_view id);
/// One or the other by the form of the name; kInvalidValue when it is neither.
Status require_active_party(const Context& context, std::string_view party);

}  // namespace chancery::contracts::identity
