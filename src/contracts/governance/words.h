#pragma once
// Kinds of proposals, choices and states as texts and JSON name them, and as people read them.

#include <optional>
#include <string_view>

#include "base/result.h"
#include "contracts/governance.pb.h"

namespace chancery::contracts::governance {

/// "suspend_organisation"; "unspecified" for what is no kind.
std::string_view name_of(wire::ProposalKind kind);
std::string_view title_of(wire::ProposalKind kind, Language language);
std::optional<wire::ProposalKind> kind_from(std::string_view name);
/// The kind of an action: the member that is set.
wire::ProposalKind kind_of(const wire::GovernanceAction& action);

/// "voting", "approved", "executed", "failed", "withdrawn", "vetoed", "lapsed".
std::string_view name_of(wire::ProposalState state);
std::string_view title_of(wire::ProposalState state, Language language);

/// "yes", "no", "abstain".
std::string_view name_of(wire::VoteChoice choice);
std::optional<wire::VoteChoice> choice_from(std::string_view name);

}  // namespace chancery::contracts::governance
