#pragma once
// The rules of a network about its own rules.

#include <cstdint>
#include <string_view>

#include "contracts/encoding.h"
#include "contracts/governance.pb.h"

namespace chancery::contracts::governance {

/// The one in force; kWrongState when the network has none. `context` may be of any contract.
Result<wire::Constitution> read_constitution(const Context& context);
/// An earlier or the present version. kNotFound.
Result<wire::Constitution> read_constitution(const Context& context, std::uint64_t version);

/// The rule of a kind; kForbidden when the constitution has none: then nobody may propose it.
Result<wire::KindRule> rule_of(const wire::Constitution& constitution, wire::ProposalKind kind);

/// All that must hold of a constitution by itself. kInvalidValue, kTooLarge.
Status check_constitution(const wire::Constitution& constitution);

/// Puts it in force as the next version. kInvalidValue. The context is of the governance contract.
Status adopt(Context& context, wire::Constitution constitution);

/// kNeedsProposal when the constitution reserves the method ("identity.suspend_organisation") to proposals.
Status require_not_reserved(const Context& context, std::string_view method);

/// kOutOfBounds when the constitution gives the parameter no bounds, or others.
Status require_within_bounds(const wire::Constitution& constitution, const wire::ParameterValue& value);

}  // namespace chancery::contracts::governance
