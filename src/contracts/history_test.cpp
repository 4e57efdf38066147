// Random histories through the contracts and through the model of tests/sim, compared after every step.

#include <fmt/format.h>

#include "../../tests/sim/model.h"
#include "../../tests/sim/steps.h"
#include "contracts/credential/status.h"
#include "contracts/evidence/contract.h"
#include "contracts/testing/expect.h"
#include "contracts/testing/network.h"

namespace chancery::contracts {
namespace {

using sim::Model;
using sim::Moment;
using sim::Step;
using testing::Network;

sim::Status as_model(wire::CredentialStatus status) {
  switch (status) {
    case wire::CREDENTIAL_STATUS_VALID:
      return sim::Status::kValid;
    case wire::CREDENTIAL_STATUS_SUSPENDED:
      return sim::Status::kSuspended;
    case wire::CREDENTIAL_STATUS_REVOKED:
      return sim::Status::kRevoked;
    case wire::CREDENTIAL_STATUS_SUPERSEDED:
      return sim::Status::kSuperseded;
    case wire::CREDENTIAL_STATUS_EXPIRED:
      return sim::Status::kExpired;
    default:
      return sim::Status::kNotIssued;
  }
}

class History {
 public:
  explicit History(std::uint64_t seed)
      : network_(seed % 2 == 0 ? crypto::HashAlgorithm::kSha256 : crypto::HashAlgorithm::kSm3),
        steps_(seed),
        random_(seed + 1) {}

  void run(int count) {
    for (int i = 0; i < count && !::testing::Test::HasFailure(); ++i) {
      const Step step = steps_.next(model_, now());
      SCOPED_TRACE(fmt::format("step {}: {} by {} ({}, {}, {})", i, step.method, step.signer, step.subject, step.other,
                               step.detail));
      one(step);
      if (random_.below(3) == 0) {
        network_.ledger.advance();
        times_.push_back(network_.now_ms());
      }
    }
  }

  int effects = 0;
  int refusals = 0;

 private:
  Moment now() const { return {network_.height(), network_.now_ms()}; }

  Result<Bytes> execute(const Step& step) {
    auto context = network_.ledger.context("identity");
    TRY(account_keys().active_key(context, step.signer, crypto::key_id(testing::key_of(step.key))));
    return network_.run_raw(step.method, sim::arguments(step), {step.signer});
  }

  void one(const Step& step) {
    const auto before = network_.ledger.records.records;
    const Result<Bytes> result = execute(step);
    const auto expected = model_.apply(step, now(), result ? to_string(*result) : "");
    if (expected) {
      ++refusals;
      EXPECT_TRUE(testing::refused(result, *expected));
      EXPECT_TRUE(network_.ledger.records.records == before);
    } else {
      ++effects;
      EXPECT_TRUE(testing::succeeds(result));
    }
    compare();
  }

  void compare() {
    for (const auto& [id, organisation] : model_.organisations) {
      EXPECT_EQ(network_.read<wire::Organisation>("identity", "organisation", id).suspended(), organisation.suspended);
    }
    for (const auto& [id, account] : model_.accounts) {
      EXPECT_EQ(network_.read<wire::Account>("identity", "account", id).suspended(), account.suspended);
    }
    const std::size_t back = random_.below(times_.size());
    const Moment past{kFirstHeight + back, times_[back]};
    for (const auto& [id, credential] : model_.credentials) {
      const auto record = network_.read<wire::Credential>("credential", "credential", id);
      EXPECT_EQ(record.issuer(), credential.issuer);
      EXPECT_EQ(record.next(), credential.next);
      EXPECT_EQ(record.annotations_size(), credential.annotations);
      for (const Moment moment : {past, now()}) {
        const auto at = credential::status_at_block(record, moment.height, moment.time_ms);
        EXPECT_EQ(as_model(at.status), Model::status_at(credential, moment)) << id << " at " << moment.height;
        EXPECT_EQ(credential::status_at_time(record, moment.time_ms), at);
      }
    }
    for (const auto& [key, numbers] : model_.matters) {
      if (numbers.empty()) continue;
      const auto matter = network_.read<wire::Matter>("evidence", "matter", key);
      EXPECT_EQ(matter.count(), numbers.size());
      EXPECT_EQ(matter.last(), numbers.back());
    }
    for (const auto& [number, custodian] : model_.custodians) {
      const auto record = network_.read<wire::Evidence>("evidence", "evidence", number);
      EXPECT_EQ(record.custody_size() == 0 ? record.owner() : record.custody(record.custody_size() - 1).to(),
                custodian);
    }
  }

  static constexpr std::uint64_t kFirstHeight = 10;

  Network network_;
  Model model_;
  sim::Steps steps_;
  SeededRandom random_;
  std::vector<std::int64_t> times_{network_.now_ms()};
};

TEST(RandomHistories, AgreeWithTheModelAfterEveryStep) {
  int effects = 0;
  int refusals = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    History history(seed);
    history.run(400);
    if (HasFailure()) return;
    effects += history.effects;
    refusals += history.refusals;
  }
  // A history that only meets refusals would prove little.
  EXPECT_GT(effects, 40 * 400 / 5);
  EXPECT_GT(refusals, 40 * 400 / 5);
}

}  // namespace
}  // namespace chancery::contracts
