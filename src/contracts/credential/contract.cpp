#include "contracts/credential/contract.h"

#include <array>

#include "contracts/credential/methods.h"
#include "contracts/credential/records.h"
#include "contracts/method_table.h"

namespace chancery::contracts::credential {

namespace {
constexpr std::array kMethods{
    Method{"issue", issue},
    Method{"annotate", annotate},
    Method{"new_version", new_version},
    Method{"suspend", suspend},
    Method{"resume", resume},
    Method{"revoke", revoke},
    Method{"define_type", define_type},
    Method{"update_type", update_type},
};
}  // namespace

Result<Bytes> CredentialContract::call(ledger::Context& context, std::string_view method, BytesView args) const {
  return call_method(kMethods, kContractName, method, context, args);
}

}  // namespace chancery::contracts::credential
