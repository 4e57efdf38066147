#include <fmt/format.h>

#include <algorithm>

#include "contracts/field_rules.h"
#include "contracts/governance/constitution.h"
#include "contracts/governance/council.h"
#include "contracts/governance/methods.h"
#include "contracts/governance/proposals.h"
#include "contracts/governance/records.h"
#include "contracts/governance/standing.h"
#include "contracts/governance/words.h"

namespace chancery::contracts::governance {

namespace {

Status require_open(const Context& context, const wire::Proposal& proposal) {
  const wire::ProposalState state = state_at(proposal, context.time_ms());
  if (state == wire::PROPOSAL_STATE_VOTING) return {};
  return fail(Reason::kVotingClosed, fmt::format("proposal {} is {}", proposal.number(), name_of(state)),
              fmt::format("第 {} 号提案的状态为：{}", proposal.number(), title_of(state, Language::kZhCn)));
}

Status record_vote(const Context& context, wire::Proposal& proposal, const Speaker& speaker, wire::VoteChoice choice) {
  auto& votes = *proposal.mutable_votes();
  const auto earlier =
      std::ranges::find_if(votes, [&](const auto& each) { return each.organisation() == speaker.organisation; });
  wire::Vote& vote = earlier == votes.end() ? *votes.Add() : *earlier;
  if (vote.choice() == choice) {
    return fail(Reason::kAlreadyExists, fmt::format("{} has voted {} before", speaker.organisation, name_of(choice)),
                fmt::format("{} 已投过相同的票", speaker.organisation));
  }
  if (vote.choice() != wire::VOTE_CHOICE_UNSPECIFIED) vote.set_changes(vote.changes() + 1);
  vote.set_organisation(speaker.organisation);
  vote.set_choice(choice);
  vote.set_account(speaker.account);
  vote.set_height(context.height());
  return {};
}

void approve(const Context& context, wire::Proposal& proposal, const wire::KindRule& rule) {
  proposal.set_state(wire::PROPOSAL_STATE_APPROVED);
  proposal.set_approved_height(context.height());
  proposal.set_approved_ms(context.time_ms());
  proposal.set_due_height(std::max(context.height() + rule.delay_blocks(), proposal.not_before_height()));
  proposal.set_due_ms(context.time_ms() + rule.delay_ms());
  proposal.set_execute_until_ms(proposal.due_ms() + rule.execution_ms());
}

}  // namespace

Result<Bytes> vote(Context& context, BytesView args) {
  wire::CastVote request;
  TRY(decode_arguments(args, request));
  if (name_of(request.choice()) == "unspecified") {
    return invalid("choice", "must be yes, no or abstain", "应为赞成、反对或弃权");
  }
  ASSIGN_OR_RETURN(wire::Proposal proposal, read_proposal(context, request.proposal()));
  ASSIGN_OR_RETURN(const wire::Constitution rules, read_constitution(context, proposal.constitution_version()));
  ASSIGN_OR_RETURN(const wire::KindRule rule, rule_of(rules, proposal.kind()));
  ASSIGN_OR_RETURN(const Speaker speaker, require_speaker(context, rules.voter_roles(), {}, "voting", "表决"));
  TRY(require_open(context, proposal));
  TRY(record_vote(context, proposal, speaker, request.choice()));
  context.emit("voted", fmt::to_string(proposal.number()), to_bytes(speaker.organisation));
  ASSIGN_OR_RETURN(const Tally counted, tally(context, proposal));
  if (is_approved(rule, counted)) {
    approve(context, proposal, rule);
    context.emit("approved", fmt::to_string(proposal.number()));
  }
  store_proposal(context, proposal);
  return Bytes{};
}

}  // namespace chancery::contracts::governance
