#include "contracts/governance/contract.h"

#include <array>

#include "contracts/governance/freezes.h"
#include "contracts/governance/methods.h"
#include "contracts/governance/records.h"
#include "contracts/method_table.h"

namespace chancery::contracts::governance {

namespace {
constexpr std::array kMethods{
    Method{"create", create}, Method{"vote", vote},       Method{"withdraw", withdraw},
    Method{"veto", veto},     Method{"execute", execute}, Method{"appeal", appeal},
};
}  // namespace

Result<Bytes> GovernanceContract::call(ledger::Context& context, std::string_view method, BytesView args) const {
  return call_method(kMethods, kContractName, method, context, args);
}

Status GovernanceContract::allow_call(const ledger::Context& context, std::string_view contract,
                                      std::string_view method) const {
  return require_unfrozen_call(context, contract, method);
}

Status GovernanceContract::allow_write(const ledger::Context& context, std::string_view raw_key) const {
  return require_unfrozen_record(context, raw_key);
}

}  // namespace chancery::contracts::governance
