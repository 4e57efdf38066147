#include "contracts/identity/contract.h"

#include <array>

#include "contracts/identity/methods.h"
#include "contracts/identity/records.h"
#include "contracts/method_table.h"

namespace chancery::contracts::identity {

namespace {
constexpr std::array kMethods{
    Method{"create_organisation", create_organisation},
    Method{"update_organisation", update_organisation},
    Method{"suspend_organisation", suspend_organisation},
    Method{"resume_organisation", resume_organisation},
    Method{"create_account", create_account},
    Method{"suspend_account", suspend_account},
    Method{"resume_account", resume_account},
    Method{"add_key", add_key},
    Method{"revoke_key", revoke_key},
    Method{"rotate_key", rotate_key},
    Method{"grant_role", grant_role},
    Method{"revoke_role", revoke_role},
    Method{"set_permission", set_permission},
    Method{"delegate", delegate},
    Method{"revoke_delegation", revoke_delegation},
};
}  // namespace

Result<Bytes> IdentityContract::call(ledger::Context& context, std::string_view method, BytesView args) const {
  return call_method(kMethods, kContractName, method, context, args);
}

}  // namespace chancery::contracts::identity
