#include "api/views_governance.h"

#include <google/protobuf/util/json_util.h>

#include <fmt/format.h>

#include "api/time_text.h"
#include "contracts/governance/freezes.h"
#include "contracts/governance/validators.h"
#include "contracts/governance/words.h"

namespace chancery::api {
namespace {

namespace governance = contracts::governance;
namespace json_util = google::protobuf::util;

Json json_of(const google::protobuf::Message& message) {
  json_util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  if (!json_util::MessageToJsonString(message, &text, options).ok()) return nullptr;
  auto json = parse_json(text);
  return json ? std::move(*json) : Json();
}

Json view_of_rule(const wire::KindRule& rule) {
  Json out = {{"kind", governance::name_of(rule.kind())},
              {"kind_zh", governance::title_of(rule.kind(), Language::kZhCn)},
              {"proposer_roles", std::vector<std::string>(rule.proposer_roles().begin(), rule.proposer_roles().end())},
              {"voting_ms", rule.voting_ms()},
              {"delay_ms", rule.delay_ms()},
              {"delay_blocks", rule.delay_blocks()},
              {"execution_ms", rule.execution_ms()},
              {"veto_roles", std::vector<std::string>(rule.veto_roles().begin(), rule.veto_roles().end())},
              {"veto_organisations",
               std::vector<std::string>(rule.veto_organisations().begin(), rule.veto_organisations().end())}};
  if (rule.has_organisations()) out["organisations"] = governance::in_words(rule.organisations());
  if (rule.has_power()) out["power"] = governance::in_words(rule.power());
  return out;
}

Json view_of_vote(const wire::Vote& vote) {
  return {{"organisation", vote.organisation()},
          {"choice", governance::name_of(vote.choice())},
          {"account", vote.account()},
          {"height", vote.height()},
          {"changes", vote.changes()}};
}

Json view_of_tally(const governance::Tally& tally) {
  return {
      {"organisations", tally.organisations},      {"yes", tally.yes_organisations}, {"no", tally.no_organisations},
      {"abstain", tally.abstaining_organisations}, {"power", tally.power},           {"yes_power", tally.yes_power}};
}

void add_progress(const wire::Proposal& proposal, Json& out) {
  if (proposal.approved_height() != 0) {
    out["approved_height"] = proposal.approved_height();
    out["approved_at"] = rfc3339(proposal.approved_ms());
    out["due_height"] = proposal.due_height();
    out["due_at"] = rfc3339(proposal.due_ms());
    out["execute_until"] = rfc3339(proposal.execute_until_ms());
  }
  if (proposal.ended_height() != 0) {
    out["ended_height"] = proposal.ended_height();
    out["ended_by"] = proposal.ended_by();
  }
  if (!proposal.ended_reason().empty()) out["ended_reason"] = proposal.ended_reason();
  if (proposal.has_failure()) {
    out["failure"] = {{"code", proposal.failure().reason()},
                      {"detail", proposal.failure().detail()},
                      {"detail_zh", proposal.failure().detail_zh()}};
  }
}

}  // namespace

Json view_of(const wire::GovernanceAction& action) {
  return json_of(action);
}

Result<wire::GovernanceAction> action_from(const Json& json) {
  wire::GovernanceAction action;
  const auto parsed =
      json_util::JsonStringToMessage(json.dump(-1, ' ', false, Json::error_handler_t::replace), &action);
  if (!parsed.ok()) return fail(Reason::kInvalidValue, "/action: " + parsed.ToString(), "/action：内容与提案种类不符");
  if (action.action_case() == wire::GovernanceAction::ACTION_NOT_SET) {
    return fail(Reason::kInvalidValue, "/action: must have one member, named by the kind of proposal",
                "/action：须有且仅有一项，以提案种类为名");
  }
  return action;
}

Json view_of(const node::ProposalView& view) {
  const wire::Proposal& proposal = view.proposal;
  Json votes = Json::array();
  for (const wire::Vote& vote : proposal.votes()) votes.push_back(view_of_vote(vote));
  Json out = {{"number", proposal.number()},
              {"kind", governance::name_of(proposal.kind())},
              {"kind_zh", governance::title_of(proposal.kind(), Language::kZhCn)},
              {"kind_en", governance::title_of(proposal.kind(), Language::kEn)},
              {"title", proposal.title()},
              {"reason", proposal.reason()},
              {"action", view_of(proposal.action())},
              {"account", proposal.account()},
              {"organisation", proposal.organisation()},
              {"constitution_version", proposal.constitution_version()},
              {"rule", view_of_rule(view.rule)},
              {"created_height", proposal.created_height()},
              {"created_at", rfc3339(proposal.created_ms())},
              {"voting_until", rfc3339(proposal.voting_until_ms())},
              {"state", governance::name_of(view.state)},
              {"state_zh", governance::title_of(view.state, Language::kZhCn)},
              {"due", view.due},
              {"votes", std::move(votes)},
              {"tally", view_of_tally(view.tally)},
              {"height", view.height}};
  if (proposal.not_before_height() != 0) out["not_before_height"] = proposal.not_before_height();
  add_progress(proposal, out);
  return out;
}

Json view_of(const node::ProposalPage& page) {
  Json items = Json::array();
  for (const node::ProposalView& one : page.items) items.push_back(view_of(one));
  Json out = {{"items", std::move(items)}, {"height", page.height}};
  if (page.before != 0) out["before"] = page.before;
  return out;
}

Json view_of(const node::ConstitutionView& view) {
  Json rules = Json::array();
  for (const wire::KindRule& rule : view.constitution.rules()) rules.push_back(view_of_rule(rule));
  Json bounds = Json::array();
  for (const wire::ParameterBound& bound : view.constitution.bounds()) {
    bounds.push_back({{"name", bound.name()}, {"min", bound.min()}, {"max", bound.max()}});
  }
  const wire::Constitution& c = view.constitution;
  return {
      {"version", c.version()},
      {"changed_height", c.changed_height()},
      {"council", std::vector<std::string>(view.council.organisations().begin(), view.council.organisations().end())},
      {"rules", std::move(rules)},
      {"voter_roles", std::vector<std::string>(c.voter_roles().begin(), c.voter_roles().end())},
      {"bounds", std::move(bounds)},
      {"reserved_methods", std::vector<std::string>(c.reserved_methods().begin(), c.reserved_methods().end())},
      {"max_power_change", governance::in_words(c.max_power_change())},
      {"longest_freeze_ms", c.longest_freeze_ms()},
      {"validators", json_of(view.validators)["validators"]},
      {"voting_power", governance::total_power(view.validators)},
      {"protocol_version", view.protocol.version()}};
}

Json view_of(const wire::FreezeOrder& order, std::uint64_t height, std::int64_t time_ms) {
  Json appeals = Json::array();
  for (const wire::Appeal& appeal : order.appeals()) {
    Json one = {
        {"account", appeal.account()},           {"statement_digest", to_hex(as_bytes(appeal.statement_digest()))},
        {"summary", appeal.summary()},           {"height", appeal.height()},
        {"filed_at", rfc3339(appeal.time_ms())}, {"answered", appeal.answered_height() != 0}};
    if (appeal.answered_height() != 0) {
      one["upheld"] = appeal.upheld();
      one["answer"] = appeal.answer();
      one["answered_by_proposal"] = appeal.answered_by_proposal();
    }
    appeals.push_back(std::move(one));
  }
  Json out = {{"number", order.number()},
              {"target", json_of(order.freeze().target())},
              {"scope", std::vector<std::string>(order.freeze().scope().begin(), order.freeze().scope().end())},
              {"legal_basis", order.freeze().legal_basis()},
              {"document_digest", to_hex(as_bytes(order.freeze().document_digest()))},
              {"proposal", order.proposal()},
              {"from_height", order.from_height()},
              {"from", rfc3339(order.from_ms())},
              {"until", rfc3339(order.freeze().until_ms())},
              {"in_force", governance::is_in_force(order, height, time_ms)},
              {"appeals", std::move(appeals)}};
  if (order.lifted_height() != 0) {
    out["lifted_height"] = order.lifted_height();
    out["lifted_reason"] = order.lifted_reason();
    out["lifted_by_proposal"] = order.lifted_by_proposal();
  }
  return out;
}

Json view_of(const node::DryRun& run) {
  Json records = Json::array();
  for (const node::RecordDifference& record : run.records) {
    Json fields = Json::array();
    for (const node::FieldDifference& field : record.fields) {
      fields.push_back({{"path", field.path}, {"before", field.before}, {"after", field.after}});
    }
    records.push_back({{"contract", record.contract},
                       {"collection", record.collection},
                       {"key", record.key},
                       {"title_zh", record.title_zh},
                       {"title_en", record.title_en},
                       {"change", !record.existed  ? "created"
                                  : record.remains ? "changed"
                                                   : "erased"},
                       {"fields", std::move(fields)}});
  }
  Json out = {{"height", run.height}, {"would_succeed", !run.refusal.has_value()}, {"records", std::move(records)}};
  if (run.refusal) {
    out["refusal"] = {{"code", reason_text(run.refusal->reason).wire_name},
                      {"detail", run.refusal->detail},
                      {"detail_zh", run.refusal->detail_zh}};
  }
  return out;
}

}  // namespace chancery::api
