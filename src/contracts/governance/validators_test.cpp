#include "contracts/governance/validators.h"

#include <map>

#include "contracts/governance/testing/council.h"

namespace chancery::contracts::governance {
namespace {

using contracts::testing::refused;
using contracts::testing::succeeds;
using testing::CouncilNetwork;
using testing::validator;
using testing::validators_action;

TEST(Validators, BeginWithThoseOfTheGenesis) {
  CouncilNetwork network;
  const auto set = validators_at(network.ledger.context("identity"), 1);
  ASSERT_TRUE(succeeds(set));
  EXPECT_EQ(set->validators_size(), 4);
  EXPECT_EQ(total_power(*set), 4U);
  EXPECT_EQ(power_of(*set, "gulou"), 1U);
  EXPECT_TRUE(refused(validators_at(network.ledger.context("identity"), 0), Reason::kNotFound));
  contracts::testing::Network without;
  EXPECT_TRUE(refused(validators_at(without.ledger.context("identity"), 1), Reason::kNotFound));
}

TEST(Validators, ChangeFromTheHeightThatWasDecidedAndThePastStays) {
  CouncilNetwork network;
  const std::uint64_t from = network.height() + 50;
  EXPECT_EQ(network.carried(validators_action({validator("n-2", "firm", 1)}, from), "tai-sys").state(),
            wire::PROPOSAL_STATE_EXECUTED);
  EXPECT_EQ(network.carried(validators_action({validator("n-2", "firm", 0)}), "tai-sys").state(),
            wire::PROPOSAL_STATE_EXECUTED);
  const auto context = network.ledger.context("evidence");
  EXPECT_EQ(total_power(*validators_at(context, from - 1)), 4U);
  EXPECT_EQ(total_power(*validators_at(context, from)), 5U);
  EXPECT_EQ(total_power(*validators_at(context, from + 1)), 4U);  // sets follow each other
  EXPECT_EQ(total_power(*validators_at(context, 1)), 4U);
}

TEST(Validators, ChangeOnlyGraduallyAndNeverAtOnce) {
  CouncilNetwork network;
  const auto outcome = [&](const std::vector<wire::ValidatorEntry>& changes, std::uint64_t from_height = 0) {
    const wire::Proposal proposal = network.carried(validators_action(changes, from_height), "tai-sys");
    return proposal.failure().reason();
  };
  EXPECT_EQ(outcome({validator("n-2", "firm", 2)}), "input.out_of_bounds");      // 2 of 4 is more than a third
  EXPECT_EQ(outcome({validator("n-firm", "gulou", 1)}), "input.out_of_bounds");  // 1 leaves, 1 comes
  EXPECT_EQ(outcome({validator("n-9", "firm", 0)}), "state.not_found");
  EXPECT_EQ(outcome({validator("n-9", "nowhere", 1)}), "state.not_found");
  EXPECT_EQ(outcome({validator("n-9", "firm", 1)}, network.height() + 2), "input.invalid_value");  // a block too soon
  EXPECT_EQ(outcome({validator("n-9", "firm", 1)}), "");
  wire::ValidatorEntry same_key = validator("n-9", "firm", 1);
  same_key.set_name("n-10");
  EXPECT_EQ(outcome({same_key}), "input.invalid_value");
  wire::ValidatorEntry no_key = validator("n-11", "firm", 1);
  no_key.set_public_key("x");
  EXPECT_TRUE(refused(network.propose(validators_action({no_key}), "tai-sys"), Reason::kInvalidValue));
  EXPECT_TRUE(refused(network.propose(validators_action({}), "tai-sys"), Reason::kInvalidValue));
}

TEST(Validators, PowerIsNeverMadeOrLostByAnythingButAChange) {
  SeededRandom random(11);
  for (int round = 0; round < 200; ++round) {
    wire::ValidatorSet set;
    std::map<std::string, std::uint64_t> model;
    for (int i = 0; i < 4; ++i) {
      const std::string name = "n-" + std::to_string(i);
      model[name] = 1 + random.below(20);
      *set.add_validators() = validator(name, "firm", model[name]);
    }
    for (int step = 0; step < 20; ++step) {
      wire::ChangeValidators change;
      auto expected = model;
      bool possible = true;
      for (std::uint64_t i = 0; i <= random.below(3); ++i) {
        const std::string name = "n-" + std::to_string(random.below(8));
        const std::uint64_t power = random.below(20);
        bool twice = false;
        for (const auto& other : change.changes()) twice = twice || other.name() == name;
        if (twice || (power == 0 && !expected.contains(name))) possible = false;
        *change.add_changes() = validator(name, "firm", power);
        if (power == 0) {
          expected.erase(name);
        } else {
          expected[name] = power;
        }
      }
      if (expected.empty()) possible = false;
      const auto after = changed(set, change);
      ASSERT_EQ(after.has_value(), possible);
      if (!possible) continue;
      std::uint64_t total = 0;
      std::uint64_t moved = 0;
      for (const auto& [name, power] : expected) total += power;
      for (int i = 0; i < 8; ++i) {
        const std::string name = "n-" + std::to_string(i);
        const std::uint64_t old_power = model.contains(name) ? model[name] : 0;
        const std::uint64_t new_power = expected.contains(name) ? expected[name] : 0;
        moved += old_power > new_power ? old_power - new_power : new_power - old_power;
      }
      EXPECT_EQ(total_power(*after), total);
      EXPECT_EQ(power_of(*after, "firm"), total);
      EXPECT_EQ(moved_power(set, *after), moved);
      set = *after;
      model = expected;
    }
  }
}

}  // namespace
}  // namespace chancery::contracts::governance
