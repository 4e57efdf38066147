#pragma once
// Proposals as everybody may read them.

#include <cstdint>

#include "contracts/encoding.h"
#include "contracts/governance.pb.h"

namespace chancery::contracts::governance {

/// kNotFound. `context` may be of any contract.
Result<wire::Proposal> read_proposal(const Context& context, std::uint64_t number);

/// The state at this block: what was stored, or lapsed where a time has run out.
wire::ProposalState state_at(const wire::Proposal& proposal, std::int64_t time_ms);

/// Whether both the height and the time of execution have come.
bool is_due(const wire::Proposal& proposal, std::uint64_t height, std::int64_t time_ms);

/// Stores it. The context is of the governance contract.
void store_proposal(Context& context, const wire::Proposal& proposal);

/// kWrongState, naming the state, unless it is `wanted` at this block.
Status require_state(const Context& context, const wire::Proposal& proposal, wire::ProposalState wanted);

}  // namespace chancery::contracts::governance
