#include "contracts/governance/proposals.h"

#include <fmt/format.h>

#include <algorithm>

#include "contracts/field_rules.h"
#include "contracts/governance/actions.h"
#include "contracts/governance/constitution.h"
#include "contracts/governance/counters.h"
#include "contracts/governance/methods.h"
#include "contracts/governance/records.h"
#include "contracts/governance/standing.h"
#include "contracts/governance/words.h"

namespace chancery::contracts::governance {

namespace {

Status check_request(const Context& context, const wire::CreateProposal& request) {
  TRY(require_text("title", request.title(), 1, kTitleChars));
  TRY(require_text("reason", request.reason(), 1, kProposalReasonChars));
  if (request.not_before_height() <= context.height() + kLongestDelayBlocks) return {};
  return invalid("not_before_height", "is too far ahead", "过于遥远");
}

void end(Context& context, wire::Proposal& proposal, wire::ProposalState state, const std::string& by) {
  proposal.set_state(state);
  proposal.set_ended_height(context.height());
  proposal.set_ended_by(by);
  store_proposal(context, proposal);
}

Result<wire::EndProposal> read_ending(BytesView args) {
  wire::EndProposal request;
  TRY(decode_arguments(args, request));
  TRY(require_text("reason", request.reason(), 1, kReasonChars));
  return request;
}

Status require_due(const Context& context, const wire::Proposal& proposal) {
  if (is_due(proposal, context.height(), context.time_ms())) return {};
  return fail(Reason::kNotDue,
              fmt::format("proposal {} is due at block {} and {} ms; this is block {} at {} ms", proposal.number(),
                          proposal.due_height(), proposal.due_ms(), context.height(), context.time_ms()),
              fmt::format("第 {} 号提案自区块 {} 且 {} 毫秒起可执行；当前为区块 {}，{} 毫秒", proposal.number(),
                          proposal.due_height(), proposal.due_ms(), context.height(), context.time_ms()));
}

}  // namespace

Result<wire::Proposal> read_proposal(const Context& context, std::uint64_t number) {
  wire::Proposal proposal;
  ASSIGN_OR_RETURN(const bool found, load(context.as(kContractName), kProposals, fmt::to_string(number), proposal));
  if (found) return proposal;
  return fail(Reason::kNotFound, fmt::format("there is no proposal {}", number),
              fmt::format("没有第 {} 号提案", number));
}

wire::ProposalState state_at(const wire::Proposal& proposal, std::int64_t time_ms) {
  const bool voting_over = proposal.state() == wire::PROPOSAL_STATE_VOTING && time_ms > proposal.voting_until_ms();
  const bool too_late = proposal.state() == wire::PROPOSAL_STATE_APPROVED && time_ms > proposal.execute_until_ms();
  return voting_over || too_late ? wire::PROPOSAL_STATE_LAPSED : proposal.state();
}

bool is_due(const wire::Proposal& proposal, std::uint64_t height, std::int64_t time_ms) {
  return height >= proposal.due_height() && time_ms >= proposal.due_ms();
}

void store_proposal(Context& context, const wire::Proposal& proposal) {
  store(context, kProposals, fmt::to_string(proposal.number()), proposal);
}

Status require_state(const Context& context, const wire::Proposal& proposal, wire::ProposalState wanted) {
  const wire::ProposalState state = state_at(proposal, context.time_ms());
  if (state == wanted) return {};
  return fail(Reason::kWrongState, fmt::format("proposal {} is {}", proposal.number(), name_of(state)),
              fmt::format("第 {} 号提案的状态为：{}", proposal.number(), title_of(state, Language::kZhCn)));
}

Result<Bytes> create(Context& context, BytesView args) {
  wire::CreateProposal request;
  TRY(decode_arguments(args, request));
  TRY(check_request(context, request));
  ASSIGN_OR_RETURN(const wire::Constitution constitution, read_constitution(context));
  TRY(check_action(context, constitution, request.action()));
  const wire::ProposalKind kind = kind_of(request.action());
  ASSIGN_OR_RETURN(const wire::KindRule rule, rule_of(constitution, kind));
  ASSIGN_OR_RETURN(const Speaker speaker,
                   require_speaker(context, rule.proposer_roles(), {}, fmt::format("proposing {}", name_of(kind)),
                                   fmt::format("提出“{}”", title_of(kind, Language::kZhCn))));
  ASSIGN_OR_RETURN(const std::uint64_t number, next_number(context, kProposals));
  wire::Proposal proposal;
  proposal.set_number(number);
  proposal.set_kind(kind);
  *proposal.mutable_action() = request.action();
  proposal.set_title(request.title());
  proposal.set_reason(request.reason());
  proposal.set_account(speaker.account);
  proposal.set_organisation(speaker.organisation);
  proposal.set_constitution_version(constitution.version());
  proposal.set_created_height(context.height());
  proposal.set_created_ms(context.time_ms());
  proposal.set_voting_until_ms(context.time_ms() + rule.voting_ms());
  proposal.set_not_before_height(request.not_before_height());
  proposal.set_state(wire::PROPOSAL_STATE_VOTING);
  store_proposal(context, proposal);
  context.emit("proposed", fmt::to_string(number));
  return to_bytes(fmt::to_string(number));
}

Result<Bytes> withdraw(Context& context, BytesView args) {
  ASSIGN_OR_RETURN(const wire::EndProposal request, read_ending(args));
  ASSIGN_OR_RETURN(wire::Proposal proposal, read_proposal(context, request.proposal()));
  ASSIGN_OR_RETURN(const wire::Constitution rules, read_constitution(context, proposal.constitution_version()));
  ASSIGN_OR_RETURN(const wire::KindRule rule, rule_of(rules, proposal.kind()));
  Names proposers;
  *proposers.Add() = proposal.organisation();
  ASSIGN_OR_RETURN(const Speaker speaker,
                   require_speaker(context, rule.proposer_roles(), proposers, "withdrawing the proposal", "撤回提案"));
  if (state_at(proposal, context.time_ms()) != wire::PROPOSAL_STATE_APPROVED) {
    TRY(require_state(context, proposal, wire::PROPOSAL_STATE_VOTING));
  }
  proposal.set_ended_reason(request.reason());
  end(context, proposal, wire::PROPOSAL_STATE_WITHDRAWN, speaker.account);
  context.emit("withdrawn", fmt::to_string(proposal.number()));
  return Bytes{};
}

Result<Bytes> veto(Context& context, BytesView args) {
  ASSIGN_OR_RETURN(const wire::EndProposal request, read_ending(args));
  ASSIGN_OR_RETURN(wire::Proposal proposal, read_proposal(context, request.proposal()));
  ASSIGN_OR_RETURN(const wire::Constitution rules, read_constitution(context, proposal.constitution_version()));
  ASSIGN_OR_RETURN(const wire::KindRule rule, rule_of(rules, proposal.kind()));
  if (rule.veto_roles().empty()) {
    return fail(Reason::kForbidden, fmt::format("nobody may veto {}", name_of(proposal.kind())),
                fmt::format("“{}”类提案不设否决权", title_of(proposal.kind(), Language::kZhCn)));
  }
  ASSIGN_OR_RETURN(const Speaker speaker,
                   require_speaker(context, rule.veto_roles(), rule.veto_organisations(), "a veto", "行使否决权"));
  TRY(require_state(context, proposal, wire::PROPOSAL_STATE_APPROVED));
  if (is_due(proposal, context.height(), context.time_ms())) {
    return fail(Reason::kWrongState, fmt::format("the time for a veto of proposal {} is over", proposal.number()),
                fmt::format("第 {} 号提案的否决期限已过", proposal.number()));
  }
  proposal.set_ended_reason(request.reason());
  end(context, proposal, wire::PROPOSAL_STATE_VETOED, speaker.account);
  context.emit("vetoed", fmt::to_string(proposal.number()));
  return Bytes{};
}

Result<Bytes> execute(Context& context, BytesView args) {
  wire::ExecuteProposal request;
  TRY(decode_arguments(args, request));
  ASSIGN_OR_RETURN(const std::string account, require_anybody(context));
  ASSIGN_OR_RETURN(wire::Proposal proposal, read_proposal(context, request.proposal()));
  TRY(require_state(context, proposal, wire::PROPOSAL_STATE_APPROVED));
  TRY(require_due(context, proposal));
  // A proposal that the state doesn't allow any more ends here, with the reason on record, and does nothing.
  ledger::Trial trial(context);
  Context tried = trial.context(kContractName);
  const Status applied = apply_action(tried, proposal.action(), proposal.number());
  if (applied) {
    trial.keep();
  } else {
    wire::Refusal& failure = *proposal.mutable_failure();
    failure.set_reason(std::string(reason_text(applied.error().reason).wire_name));
    failure.set_detail(applied.error().detail);
    failure.set_detail_zh(applied.error().detail_zh);
  }
  end(context, proposal, applied ? wire::PROPOSAL_STATE_EXECUTED : wire::PROPOSAL_STATE_FAILED, account);
  context.emit(applied ? "executed" : "failed", fmt::to_string(proposal.number()));
  return Bytes{};
}

}  // namespace chancery::contracts::governance
