// Random histories of proposals through the contract and through a model of some lines, compared after every step.

#include <fmt/format.h>

#include <map>
#include <set>

#include "base/random.h"
#include "contracts/governance/council.h"
#include "contracts/governance/testing/council.h"
#include "contracts/governance/validators.h"

namespace chancery::contracts::governance {
namespace {

using contracts::testing::refused;
using contracts::testing::succeeds;
using Refusal = std::optional<Reason>;
using Powers = std::map<std::string, std::uint64_t>;  // by organisation: each has at most one validator

enum class Kind { kSuspend, kReinstate, kPower };

/// What governance should do, said in the smallest way.
struct Model {
  struct Proposal {
    Kind kind = Kind::kSuspend;
    std::string target;
    std::uint64_t power = 0;
    std::string state = "voting";
    std::map<std::string, wire::VoteChoice> votes;
    std::int64_t voting_until_ms = 0, due_ms = 0;
  };

  Model() {
    for (const char* id : {"mawei", "gulou", "firm", "taijiang"}) powers.front().second[id] = 1;
  }

  const Powers& powers_at(std::uint64_t height) const {
    const Powers* found = &powers.front().second;
    for (const auto& [from, set] : powers) {
      if (from <= height) found = &set;
    }
    return *found;
  }

  bool majority(const Proposal& proposal, std::uint64_t height) const {
    std::uint64_t yes = 0, all = 0, yes_power = 0, all_power = 0;
    const Powers& now = powers_at(height);
    for (const char* id : {"mawei", "gulou", "firm", "taijiang"}) {
      if (suspended.contains(id)) continue;
      const std::uint64_t power = now.contains(id) ? now.at(id) : 0;
      const auto vote = proposal.votes.find(id);
      const bool says_yes = vote != proposal.votes.end() && vote->second == wire::VOTE_CHOICE_YES;
      all += 1;
      all_power += power;
      yes += says_yes ? 1 : 0;
      yes_power += says_yes ? power : 0;
    }
    return 3 * yes > 2 * all && (proposal.kind != Kind::kPower || 3 * yes_power > 2 * all_power);
  }

  Refusal vote(Proposal& proposal, const std::string& organisation, wire::VoteChoice choice, std::uint64_t height,
               std::int64_t now_ms) {
    if (suspended.contains(organisation)) return Reason::kForbidden;
    if (proposal.state != "voting" || now_ms > proposal.voting_until_ms) return Reason::kVotingClosed;
    if (proposal.votes.contains(organisation) && proposal.votes[organisation] == choice) return Reason::kAlreadyExists;
    proposal.votes[organisation] = choice;
    if (majority(proposal, height)) {
      proposal.state = "approved";
      proposal.due_ms = now_ms + testing::kDelayMs;
    }
    return std::nullopt;
  }

  Refusal execute(Proposal& proposal, std::uint64_t height, std::int64_t now_ms) {
    if (proposal.state != "approved") return Reason::kWrongState;
    if (now_ms < proposal.due_ms) return Reason::kNotDue;
    proposal.state = apply(proposal, height) ? "executed" : "failed";
    return std::nullopt;
  }

  bool apply(const Proposal& proposal, std::uint64_t height) {
    if (proposal.kind == Kind::kReinstate) return suspended.erase(proposal.target) == 1;
    if (proposal.kind == Kind::kSuspend) {
      auto after = suspended;
      return after.insert(proposal.target).second && after.size() < 4 && (suspended = after, true);
    }
    const Powers& before = powers.back().second;
    Powers after = before;
    const std::uint64_t old_power = before.contains(proposal.target) ? before.at(proposal.target) : 0;
    if (proposal.power == 0 && old_power == 0) return false;
    if (proposal.power > 0 && suspended.contains(proposal.target)) return false;
    after[proposal.target] = proposal.power;
    if (proposal.power == 0) after.erase(proposal.target);
    std::uint64_t total = 0;
    for (const auto& [id, power] : before) total += power;
    const std::uint64_t moved = old_power > proposal.power ? old_power - proposal.power : proposal.power - old_power;
    if (after.empty() || 3 * moved > total) return false;
    powers.emplace_back(std::max(height + 2, powers.back().first + 1), after);
    return true;
  }

  std::set<std::string> suspended;
  std::vector<std::pair<std::uint64_t, Powers>> powers{{1, {}}};
  std::map<std::uint64_t, Proposal> proposals;
};

class History {
 public:
  explicit History(std::uint64_t seed)
      : network_(true, seed % 2 == 0 ? crypto::HashAlgorithm::kSha256 : crypto::HashAlgorithm::kSm3), random_(seed) {}

  void run(int count) {
    for (int i = 0; i < count && !::testing::Test::HasFailure(); ++i) {
      SCOPED_TRACE(fmt::format("step {}", i));
      step();
      compare();
    }
  }
  std::map<std::string, int> ends;

 private:
  void step() {
    switch (random_.below(8)) {
      case 0:
        return propose();
      case 1:
      case 2:
        return execute();
      case 3:
        return network_.ledger.advance(static_cast<std::int64_t>(random_.below(12'000)));
      default:
        return vote();
    }
  }

  std::string organisation() {
    static constexpr std::array kIds{"mawei", "gulou", "firm", "taijiang"};
    return kIds[random_.below(kIds.size())];
  }
  /// Mostly one of the newest, else nothing would ever be decided.
  std::uint64_t number() {
    const std::uint64_t newest = model_.proposals.size();
    return newest - random_.below(std::min<std::uint64_t>(newest, 3));
  }

  void propose() {
    Model::Proposal proposal;
    proposal.kind = static_cast<Kind>(random_.below(3));
    proposal.target = organisation();
    proposal.power = random_.below(4);
    wire::GovernanceAction action;
    if (proposal.kind == Kind::kSuspend) action = testing::suspend_action(proposal.target);
    if (proposal.kind == Kind::kReinstate) {
      action.mutable_reinstate_organisation()->set_organisation(proposal.target);
      action.mutable_reinstate_organisation()->set_reason("x");
    }
    if (proposal.kind == Kind::kPower) {
      action =
          testing::validators_action({testing::validator("n-" + proposal.target, proposal.target, proposal.power)});
    }
    const auto result = network_.propose(action, "root");
    if (model_.suspended.contains("mawei")) {
      EXPECT_TRUE(refused(result, Reason::kForbidden));
      return;
    }
    ASSERT_TRUE(succeeds(result));
    proposal.voting_until_ms = network_.now_ms() + testing::kVotingMs;
    model_.proposals[std::stoull(to_string(*result))] = proposal;
  }

  void vote() {
    if (model_.proposals.empty()) return;
    const std::uint64_t one = number();
    const std::string id = organisation();
    const std::string voter = id == "mawei" ? "root" : id == "gulou" ? "li" : id == "firm" ? "boss" : "tai";
    const auto choice = static_cast<wire::VoteChoice>(random_.below(4) == 0 ? 2 + random_.below(2) : 1);
    const auto expected = model_.vote(model_.proposals[one], id, choice, network_.height(), network_.now_ms());
    expect(network_.vote(one, voter, choice), expected);
  }

  void execute() {
    if (model_.proposals.empty()) return;
    const std::uint64_t one = number();
    const auto expected = model_.execute(model_.proposals[one], network_.height(), network_.now_ms());
    expect(network_.execute(one), expected);
    if (!expected) ++ends[model_.proposals[one].state];
  }

  void expect(const Result<Bytes>& result, const Refusal& expected) {
    if (!expected) {
      EXPECT_TRUE(succeeds(result));
      return;
    }
    EXPECT_TRUE(refused(result, *expected));
    if (!result) {
      EXPECT_FALSE(result.error().detail.empty());
      EXPECT_FALSE(result.error().detail_zh.empty());
    }
  }

  void compare() {
    for (const char* id : {"mawei", "gulou", "firm", "taijiang"}) {
      EXPECT_EQ(network_.read<wire::Organisation>("identity", "organisation", id).suspended(),
                model_.suspended.contains(id));
    }
    const auto context = network_.ledger.context("identity");
    for (const std::uint64_t height : {std::uint64_t{1}, network_.height(), network_.height() + 1'000}) {
      const auto set = validators_at(context, height);
      ASSERT_TRUE(succeeds(set));
      std::uint64_t total = 0;
      for (const auto& [id, power] : model_.powers_at(height)) {
        EXPECT_EQ(power_of(*set, id), power) << id << " at " << height;
        total += power;
      }
      EXPECT_EQ(total_power(*set), total);
    }
    for (const auto& [one, proposal] : model_.proposals) {
      const auto record = network_.proposal(one);
      EXPECT_EQ(name_of_state(record), proposal.state) << one;
      EXPECT_EQ(static_cast<std::size_t>(record.votes_size()), proposal.votes.size());
    }
  }

  static std::string name_of_state(const wire::Proposal& proposal) {
    switch (proposal.state()) {
      case wire::PROPOSAL_STATE_VOTING:
        return "voting";
      case wire::PROPOSAL_STATE_APPROVED:
        return "approved";
      case wire::PROPOSAL_STATE_EXECUTED:
        return "executed";
      case wire::PROPOSAL_STATE_FAILED:
        return "failed";
      default:
        return "another";
    }
  }

  testing::CouncilNetwork network_;
  SeededRandom random_;
  Model model_;
};

TEST(RandomProposals, AgreeWithTheModelAfterEveryStep) {
  std::map<std::string, int> ends;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    History history(seed);
    history.run(600);
    if (HasFailure()) return;
    for (const auto& [state, count] : history.ends) ends[state] += count;
  }
  EXPECT_GT(ends["executed"], 40);
  EXPECT_GT(ends["failed"], 10);
}

}  // namespace
}  // namespace chancery::contracts::governance
