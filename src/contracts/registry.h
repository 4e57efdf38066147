#pragma once
// All contracts that are compiled in.

#include <vector>

#include "ledger/context.h"

namespace chancery::contracts {

/// In the order in which their genesis sections are read: identity first, since the others ask it. The objects live as
/// long as the program and have no state: use them from any thread.
std::vector<const ledger::Contract*> native_contracts();

/// The identity contract's keys.
const ledger::AccountKeys& account_keys();

}  // namespace chancery::contracts
