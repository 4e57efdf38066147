#pragma once
// The organisations that vote.

#include <string_view>

#include "contracts/encoding.h"
#include "contracts/governance.pb.h"
#include "contracts/governance/quorum.h"

namespace chancery::contracts::governance {

/// What the votes of a proposal amount to now: organisations that have left the council or are suspended count on
/// neither side.
Result<Tally> tally(const Context& context, const wire::Proposal& proposal);

/// kAlreadyExists, kTooLarge. The context is of the governance contract.
Status join_council(Context& context, const std::string& organisation);

/// kWrongState when nobody who is active would be left to vote without `organisation`.
Status require_others_in_council(const Context& context, std::string_view organisation);

}  // namespace chancery::contracts::governance
