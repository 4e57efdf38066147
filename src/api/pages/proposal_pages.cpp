// Proposals for people: the list, and one with its votes and what it would change.

#include "api/pages/page.h"
#include "api/pages/pages.h"
#include "api/query_reader.h"
#include "api/routes/governance_requests.h"
#include "api/state_reader.h"
#include "api/views_governance.h"
#include "contracts/governance/words.h"

namespace chancery::api {

using html::el;
using html::Markup;

namespace {

namespace governance = contracts::governance;

constexpr std::size_t kProposalsOnPage = 50;

std::string address_of(std::uint64_t number) {
  return "/proposals/" + std::to_string(number);
}

std::string organisation_name(Api& api, const Words& words, const std::string& id) {
  const auto names = organisation_names(api, id);
  return words.choose(names.zh, names.en);
}

Text word_of(wire::VoteChoice choice) {
  if (choice == wire::VOTE_CHOICE_YES) return Text::kVoteYes;
  return choice == wire::VOTE_CHOICE_NO ? Text::kVoteNo : Text::kVoteAbstain;
}

std::string majority(const Words& words, const wire::KindRule& rule) {
  std::string out;
  if (rule.has_organisations()) out = words(Text::kOfOrganisations, {governance::in_words(rule.organisations())});
  if (rule.has_power()) {
    if (!out.empty()) out += words.chinese() ? "；" : "; ";
    out += words(Text::kOfPower, {governance::in_words(rule.power())});
  }
  return out;
}

Markup votes(Api& api, const Words& words, const wire::Proposal& proposal) {
  std::vector<std::vector<Markup>> rows;
  for (const wire::Vote& vote : proposal.votes()) {
    rows.push_back({organisation_link(vote.organisation(), organisation_name(api, words, vote.organisation())),
                    words(word_of(vote.choice())), block_link(vote.height())});
  }
  if (rows.empty()) return el("p", {{"class", "empty"}}, {words(Text::kNoVotes)});
  return table(words(Text::kVotes), {words(Text::kOrganisationId), words(Text::kVote), words(Text::kBlock)}, rows);
}

Markup difference(const Words& words, const node::DryRun& run) {
  if (run.refusal) {
    return el("p", {words(Text::kWouldFail, {words.choose(run.refusal->detail_zh, run.refusal->detail)})});
  }
  std::vector<std::vector<Markup>> rows;
  for (const node::RecordDifference& record : run.records) {
    for (const node::FieldDifference& field : record.fields) {
      rows.push_back(
          {words.choose(record.title_zh, record.title_en), code(field.path), code(field.before), code(field.after)});
    }
  }
  return table(
      words(Text::kWouldChange),
      {words(Text::kChangedRecord), words(Text::kChangedMember), words(Text::kValueBefore), words(Text::kValueAfter)},
      rows);
}

Markup outcome(const Words& words, const wire::Proposal& proposal) {
  std::vector<Fact> list;
  if (proposal.approved_height() != 0) {
    list.push_back({words(Text::kDueFrom), words.time(proposal.due_ms())});
    list.push_back({words(Text::kExecuteUntil), words.time(proposal.execute_until_ms())});
  }
  if (proposal.ended_height() != 0) list.push_back({words(Text::kBlock), block_link(proposal.ended_height())});
  list.push_back({words(Text::kReason), proposal.ended_reason()});
  if (proposal.has_failure()) {
    list.push_back({words(Text::kRefusal), words.choose(proposal.failure().detail_zh(), proposal.failure().detail())});
  }
  // The reason alone may be there and empty: a list without a line would be drawn as an empty box.
  const bool anything = list.size() > 1 || !proposal.ended_reason().empty();
  return anything ? facts(list) : Markup();
}

}  // namespace

Answer proposals_page(Api& api, const http::Request& request) {
  QueryReader query(request);
  const std::uint64_t before = query.number("before").value_or(0);
  TRY(query.done());
  ASSIGN_OR_RETURN(const auto found, node::list_proposals(api.ledger(), before, kProposalsOnPage));
  const Words words(request);
  Page page;
  page.title = words(Text::kProposals);
  page.json_twin = "/v1/proposals";
  page.body = el("h1", {page.title});
  page.body += el("p", {{"class", "lead"}}, {words(Text::kProposalsLead)});
  std::vector<std::vector<Markup>> rows;
  for (const node::ProposalView& view : found.items) {
    const wire::Proposal& proposal = view.proposal;
    rows.push_back({html::link(address_of(proposal.number()), std::to_string(proposal.number())), proposal.title(),
                    std::string(governance::title_of(proposal.kind(), words.language())),
                    organisation_name(api, words, proposal.organisation()),
                    std::string(governance::title_of(view.state, words.language()))});
  }
  page.body += rows.empty() ? el("p", {{"class", "empty"}}, {words(Text::kNoProposals)})
                            : table(page.title,
                                    {words(Text::kNumber), words(Text::kProposalTitle), words(Text::kKind),
                                     words(Text::kOrganisationId), words(Text::kStatus)},
                                    rows);
  if (found.before != 0) {
    page.body +=
        el("p", {html::link("/proposals?before=" + std::to_string(found.before), words(Text::kOlderProposals))});
  }
  return render(request, page);
}

Answer proposal_page(Api& api, const http::Request& request) {
  const auto number = number_in_path(request);
  if (!number) return std::unexpected(number.error());
  ASSIGN_OR_RETURN(const auto view, node::view_proposal(api.ledger(), *number));
  const wire::Proposal& proposal = view.proposal;
  const Words words(request);
  Page page;
  page.title = proposal.title();
  page.json_twin = "/v1/proposals/" + std::to_string(*number);
  page.wide = true;
  page.body = el("h1", {page.title});
  page.body += facts(
      {{words(Text::kNumber), std::to_string(proposal.number())},
       {words(Text::kKind), std::string(governance::title_of(proposal.kind(), words.language()))},
       {words(Text::kStatus), std::string(governance::title_of(view.state, words.language()))},
       {words(Text::kReason), proposal.reason()},
       {words(Text::kProposedBy),
        organisation_link(proposal.organisation(), organisation_name(api, words, proposal.organisation()))},
       {words(Text::kVotingUntil), words.time(proposal.voting_until_ms())},
       {words(Text::kMajority), majority(words, view.rule)},
       {words(Text::kTally),
        words(Text::kTallyOf, {std::to_string(view.tally.yes_organisations), std::to_string(view.tally.organisations),
                               std::to_string(view.tally.yes_power), std::to_string(view.tally.power)})}});
  page.body += outcome(words, proposal);
  page.body += el("h2", {words(Text::kVotes)});
  page.body += votes(api, words, proposal);
  const bool open = view.state == wire::PROPOSAL_STATE_VOTING || view.state == wire::PROPOSAL_STATE_APPROVED;
  if (open) {
    ASSIGN_OR_RETURN(const auto run, node::dry_run(api.ledger(), proposal.action()));
    page.body += el("h2", {words(Text::kWouldChange)});
    page.body += difference(words, run);
  }
  page.body += el("h2", {words(Text::kAction)});
  page.body += el("pre", {{"tabindex", "0"}}, {view_of(proposal.action()).dump(2)});
  return render(request, page);
}

}  // namespace chancery::api
