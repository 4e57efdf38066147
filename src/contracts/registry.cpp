#include "contracts/registry.h"

#include "contracts/credential/contract.h"
#include "contracts/evidence/contract.h"
#include "contracts/governance/contract.h"
#include "contracts/identity/account_keys.h"
#include "contracts/identity/contract.h"
#include "contracts/supervision/contract.h"

namespace chancery::contracts {

std::vector<const ledger::Contract*> native_contracts() {
  static const identity::IdentityContract identity;
  static const governance::GovernanceContract governance;
  static const credential::CredentialContract credential;
  static const evidence::EvidenceContract evidence;
  static const supervision::SupervisionContract supervision;
  return {&identity, &governance, &credential, &evidence, &supervision};
}

const ledger::AccountKeys& account_keys() {
  static const identity::RecordedAccountKeys keys;
  return keys;
}

}  // namespace chancery::contracts
