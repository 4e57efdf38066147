#pragma once
// What an approved proposal does to the state. The same function answers "what would it do": see ledger::Trial.

#include <cstdint>

#include "contracts/encoding.h"
#include "contracts/governance.pb.h"

namespace chancery::contracts::governance {

/// What can be said of an action before anybody votes on it: its form, and the constitution's bounds. kInvalidValue,
/// kOutOfBounds, kTooLarge, kBadCheckDigit.
Status check_action(const Context& context, const wire::Constitution& constitution,
                    const wire::GovernanceAction& action);

/// Does it, in this block, in the name of proposal `number`. On an error some of it may have been written: run it over
/// a Trial. The context is of the governance contract.
Status apply_action(Context& context, const wire::GovernanceAction& action, std::uint64_t number);

// The kinds, by subject; each is called with an action whose form is right.
// organisation_actions.cpp
Status add_organisation(Context& context, const wire::AddOrganisation& action);
Status suspend_organisation(Context& context, const wire::OrganisationAndReason& action);
Status reinstate_organisation(Context& context, const wire::OrganisationAndReason& action);
Status remove_organisation(Context& context, const wire::OrganisationAndReason& action, std::uint64_t number);
// rule_actions.cpp
Status change_validators(Context& context, const wire::ChangeValidators& action, std::uint64_t number);
Status change_role(Context& context, const wire::ChangeRole& action, std::uint64_t number);
Status set_parameters(Context& context, const wire::SetParameters& action, std::uint64_t number);
Status answer_appeal(Context& context, const wire::AnswerAppeal& action, std::uint64_t number);
// software_actions.cpp
Status install_pack(Context& context, const wire::InstallPack& action, std::uint64_t number);
Status retire_pack(Context& context, const wire::RetirePack& action);
Status schedule_upgrade(Context& context, const wire::Upgrade& action, std::uint64_t number);

}  // namespace chancery::contracts::governance
