#pragma once
// Proposals, the constitution and orders as the API shows them.

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "node/services/governance.h"

namespace chancery::api {

/// An action as { "suspend_organisation": {...} }: protobuf's JSON form, names as in proto/contracts/governance.proto.
Json view_of(const wire::GovernanceAction& action);
/// The other way. kInvalidValue says what does not fit.
Result<wire::GovernanceAction> action_from(const Json& json);

Json view_of(const node::ProposalView& proposal);
Json view_of(const node::ProposalPage& page);
Json view_of(const node::ConstitutionView& constitution);
Json view_of(const wire::FreezeOrder& order, std::uint64_t height, std::int64_t time_ms);
Json view_of(const node::DryRun& run);

}  // namespace chancery::api
