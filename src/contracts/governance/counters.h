#pragma once
// Numbers that the contract gives out: 1, 2, 3, without gaps, so that everything can be listed by counting.

#include <cstdint>
#include <string_view>

#include "contracts/encoding.h"

namespace chancery::contracts::governance {

/// The highest number given out for proposals or orders (kProposals, kOrders); 0: none yet.
Result<std::uint64_t> highest_number(const Context& context, std::string_view collection);
/// Takes the next one. The context is of the governance contract.
Result<std::uint64_t> next_number(Context& context, std::string_view collection);

}  // namespace chancery::contracts::governance
