#include "contracts/supervision/contract.h"

#include "contracts/identity.pb.h"
#include "contracts/supervision/evaluation.h"
#include "contracts/testing/expect.h"
#include "contracts/testing/network.h"
#include "contracts/testing/requests.h"

namespace chancery::contracts::supervision {
namespace {

using contracts::testing::Network;
using contracts::testing::refused;
using contracts::testing::succeeds;

wire::SupervisionRule rule(wire::RuleKind kind) {
  wire::SupervisionRule out;
  out.set_id("r-1");
  out.set_name_zh("规则");
  out.set_name_en("Rule");
  out.set_kind(kind);
  return out;
}

wire::SupervisionRule rate_rule(std::uint32_t threshold, std::int64_t window_ms) {
  auto out = rule(wire::RULE_KIND_RATE);
  out.set_threshold(threshold);
  out.set_window_ms(window_ms);
  return out;
}

/// 2026-11-23, a Monday, 10:00 in Shanghai.
constexpr std::int64_t kMondayTen = 1'795'399'200'000;

wire::Entry entry(const std::string& method, const google::protobuf::MessageLite& args, std::int64_t time_ms,
                  const std::string& account = "wang", const std::string& reason = {}) {
  wire::Body body;
  const std::size_t dot = method.find('.');
  body.add_calls()->set_contract(method.substr(0, dot));
  body.mutable_calls(0)->set_method(method.substr(dot + 1));
  body.mutable_calls(0)->set_args(args.SerializeAsString());
  wire::Transaction transaction;
  transaction.set_body(body.SerializeAsString());
  transaction.add_signatures()->set_account(account);
  wire::Entry out;
  out.set_transaction(transaction.SerializeAsString());
  out.set_height(2);
  out.set_time_ms(time_ms);
  out.set_reason(reason);
  return out;
}

wire::Entry deposit(std::int64_t time_ms, const std::string& account = "wang", const std::string& reason = {}) {
  return entry("evidence.deposit", contracts::testing::deposit_request(), time_ms, account, reason);
}

/// How many findings each of the entries gives.
std::vector<std::size_t> findings(const wire::SupervisionRule& one, const std::vector<wire::Entry>& entries) {
  Evaluator evaluator({one});
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto found = evaluator.take(i, entries[i]);
    EXPECT_TRUE(succeeds(found));
    out.push_back(found->size());
  }
  return out;
}

using Counts = std::vector<std::size_t>;

TEST(SupervisionRules, TellWhenARateIsReachedAndAgainOnlyAfterItFell) {
  std::vector<wire::Entry> entries;
  for (const std::int64_t second : {0, 1, 2, 3, 4, 5, 40, 41, 42})
    entries.push_back(deposit(kMondayTen + second * 1'000));
  EXPECT_EQ(findings(rate_rule(3, 10'000), entries), (Counts{0, 0, 1, 0, 0, 0, 0, 0, 1}));
}

TEST(SupervisionRules, CountForEachAccountOrForAll) {
  const std::vector<wire::Entry> entries = {deposit(kMondayTen), deposit(kMondayTen, "zhao"), deposit(kMondayTen)};
  EXPECT_EQ(findings(rate_rule(2, 10'000), entries), (Counts{0, 0, 1}));
  auto all = rate_rule(2, 10'000);
  all.set_grouping(wire::RULE_GROUPING_NETWORK);
  EXPECT_EQ(findings(all, entries), (Counts{0, 1, 0}));
  all.add_accounts("zhao");
  EXPECT_EQ(findings(all, entries), (Counts{0, 0, 0}));
}

TEST(SupervisionRules, SeeRepeatedRefusalsOfTheirReasons) {
  auto refusals = rule(wire::RULE_KIND_REPEATED_REFUSAL);
  refusals.set_threshold(2);
  refusals.set_window_ms(60'000);
  const std::vector<wire::Entry> entries = {deposit(kMondayTen, "wang", "permission.forbidden"), deposit(kMondayTen),
                                            deposit(kMondayTen, "wang", "state.not_found"),
                                            deposit(kMondayTen, "wang", "permission.forbidden")};
  EXPECT_EQ(findings(refusals, entries), (Counts{0, 0, 1, 0}));
  refusals.add_reasons("permission.forbidden");
  EXPECT_EQ(findings(refusals, entries), (Counts{0, 0, 0, 1}));
}

TEST(SupervisionRules, SeeAmountsAboveALimit) {
  auto amount = rule(wire::RULE_KIND_AMOUNT);
  amount.add_methods("evidence.deposit");
  amount.add_field_path(static_cast<std::uint32_t>(wire::Deposit::kSizeBytesFieldNumber));
  amount.set_amount_above(999);
  EXPECT_EQ(findings(amount, {deposit(kMondayTen)}), (Counts{1}));
  amount.set_amount_above(1'000);
  EXPECT_EQ(findings(amount, {deposit(kMondayTen)}), (Counts{0}));
}

TEST(SupervisionRules, KnowTheHoursOfAnOfficeInShanghai) {
  auto hours = rule(wire::RULE_KIND_AFTER_HOURS);
  hours.set_opens_minute(9 * 60);
  hours.set_closes_minute(17 * 60);
  for (std::uint32_t day = 1; day <= 5; ++day) hours.add_weekdays(day);
  constexpr std::int64_t kHour = 3'600'000;
  EXPECT_EQ(findings(hours, {deposit(kMondayTen), deposit(kMondayTen - kHour - 1), deposit(kMondayTen - kHour),
                             deposit(kMondayTen + 7 * kHour - 1), deposit(kMondayTen + 7 * kHour),
                             deposit(kMondayTen + 5 * 24 * kHour)}),
            (Counts{0, 1, 0, 0, 1, 1}));
}

TEST(SupervisionRules, SeeUseOutOfScope) {
  auto scope = rule(wire::RULE_KIND_OUT_OF_SCOPE);
  scope.add_methods("credential.issue");
  scope.add_accounts("feeder");
  scope.add_field_path(static_cast<std::uint32_t>(wire::Issue::kTypeFieldNumber));
  scope.add_allowed("residence");
  const auto issue = [](const std::string& type, const std::string& account) {
    return entry("credential.issue", contracts::testing::issue_request("c-1", type), kMondayTen, account);
  };
  EXPECT_EQ(findings(scope, {issue("residence", "feeder"), issue("licence", "feeder"), issue("licence", "wang")}),
            (Counts{0, 1, 0}));
}

TEST(SupervisionRules, AreLearnedFromTheLogItself) {
  Evaluator evaluator({});
  wire::SetRule set;
  *set.mutable_rule() = rate_rule(1, 10'000);
  EXPECT_TRUE(evaluator.take(0, deposit(kMondayTen))->empty());
  EXPECT_TRUE(
      evaluator.take(1, entry("supervision.set_rule", set, kMondayTen, "root", "permission.forbidden"))->empty());
  EXPECT_TRUE(evaluator.take(2, deposit(kMondayTen))->empty());  // the refused call set nothing
  EXPECT_TRUE(evaluator.take(3, entry("supervision.set_rule", set, kMondayTen, "root"))->empty());
  const auto found = evaluator.take(4, deposit(kMondayTen));
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().leaf_index, 4U);
  EXPECT_EQ(found->front().method, "evidence.deposit");
  EXPECT_FALSE(found->front().sentence_zh.empty());
  EXPECT_EQ(evaluator.rules().size(), 1U);
  wire::RetireRule retire;
  retire.set_id("r-1");
  evaluator.take(5, entry("supervision.retire_rule", retire, kMondayTen, "root"));
  EXPECT_TRUE(evaluator.rules().empty());
}

TEST(SupervisionRules, AreSetByTheNetworkAndListed) {
  Network network;
  wire::SetRule set;
  *set.mutable_rule() = rate_rule(10, 60'000);
  EXPECT_TRUE(refused(network.run("supervision.set_rule", set, {"li"}), Reason::kForbidden));
  EXPECT_TRUE(succeeds(network.run("supervision.set_rule", set, {"root"})));
  set.mutable_rule()->set_threshold(20);
  EXPECT_TRUE(succeeds(network.run("supervision.set_rule", set, {"root"})));
  const auto rules = read_rules(network.ledger.context("identity"));
  ASSERT_EQ(rules->size(), 1U);
  EXPECT_EQ(rules->front().threshold(), 20U);
  wire::RetireRule retire;
  retire.set_id("r-1");
  retire.set_reason("不再需要");
  EXPECT_TRUE(succeeds(network.run("supervision.retire_rule", retire, {"root"})));
  EXPECT_TRUE(refused(network.run("supervision.retire_rule", retire, {"root"}), Reason::kNotFound));
  EXPECT_TRUE(read_rules(network.ledger.context("identity"))->empty());
}

TEST(SupervisionRules, AreRefusedWhenTheySayNothingUseful) {
  Network network;
  const auto set = [&](const std::function<void(wire::SupervisionRule&)>& change) {
    wire::SetRule request;
    *request.mutable_rule() = rate_rule(10, 60'000);
    change(*request.mutable_rule());
    return network.run("supervision.set_rule", request, {"root"});
  };
  EXPECT_TRUE(succeeds(set([](auto&) {})));
  for (const auto& change : std::vector<std::function<void(wire::SupervisionRule&)>>{
           [](auto& r) { r.set_id("X"); }, [](auto& r) { r.clear_name_zh(); }, [](auto& r) { r.set_threshold(0); },
           [](auto& r) { r.set_window_ms(999); }, [](auto& r) { r.add_methods("credential"); },
           [](auto& r) { r.add_reasons("no.such"); }, [](auto& r) { r.set_changed_height(1); },
           [](auto& r) { r.set_kind(wire::RULE_KIND_AMOUNT); },
           [](auto& r) { r.set_kind(wire::RULE_KIND_AFTER_HOURS); },
           [](auto& r) { r.set_kind(wire::RULE_KIND_UNSPECIFIED); }}) {
    EXPECT_TRUE(refused(set(change), Reason::kInvalidValue));
  }
}

TEST(Regulators, ReadAndWriteNothing) {
  Json sections = contracts::testing::genesis_sections();
  sections["identity"]["accounts"].push_back(
      contracts::testing::detail::account("watcher", "member", "mawei", {"regulator"}));
  Network network(crypto::HashAlgorithm::kSm3, sections, Json::object());
  EXPECT_TRUE(
      refused(network.run("evidence.deposit", contracts::testing::deposit_request(), {"watcher"}), Reason::kForbidden));
  wire::GrantRole grant;
  grant.set_account("watcher");
  grant.set_organisation("mawei");
  grant.set_role("issuer");
  EXPECT_TRUE(refused(network.run("identity.grant_role", grant, {"root"}), Reason::kDutiesConflict));
}

}  // namespace
}  // namespace chancery::contracts::supervision
