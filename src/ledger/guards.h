#pragma once
// What contracts may forbid each other's callers: a frozen contract is not called, a frozen record is not written.

#include <span>
#include <string>
#include <string_view>

#include "ledger/context.h"

namespace chancery::ledger {

/// The first refusal of a call of `contract`.`method` by any contract; `context` may be of any contract.
Status allow_call(std::span<const Contract* const> contracts, const Context& context, std::string_view contract,
                  std::string_view method);

/// The first refusal of one of the records that a transaction would write.
Status allow_writes(std::span<const Contract* const> contracts, const Context& context,
                    std::span<const std::string> raw_keys);

}  // namespace chancery::ledger
