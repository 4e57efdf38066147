#include <gtest/gtest.h>

#include "contracts/identity.pb.h"
#include "contracts/testing/expect.h"
#include "contracts/testing/network.h"

namespace chancery::contracts::identity {
namespace {

using testing::FakeLedger;
using testing::genesis_sections;
using testing::load_genesis;
using testing::refused;
using testing::succeeds;

Status load_changed(const std::function<void(Json&)>& change) {
  Json sections = genesis_sections();
  change(sections);
  FakeLedger ledger;
  return load_genesis(ledger, sections);
}

TEST(Genesis, WritesTheRecordsThatTheNetworkStartsWith) {
  FakeLedger ledger;
  ASSERT_TRUE(succeeds(load_genesis(ledger, genesis_sections())));
  wire::Account account;
  const auto found = load(ledger.context("identity"), "account", "wang", account);
  ASSERT_TRUE(found.has_value() && *found);
  EXPECT_EQ(account.roles(0).role(), "issuer");
  EXPECT_EQ(account.roles(0).organisation(), "mawei");
  EXPECT_EQ(account.roles(0).granted_by(), "genesis");
  EXPECT_TRUE(ledger.events.empty());
}

TEST(Genesis, GivesTheSameRecordsEachTime) {
  FakeLedger one;
  FakeLedger two;
  ASSERT_TRUE(succeeds(load_genesis(one, genesis_sections())));
  ASSERT_TRUE(succeeds(load_genesis(two, Json::parse(genesis_sections().dump()))));
  EXPECT_EQ(one.records.records, two.records.records);
}

TEST(Genesis, NamesTheMemberThatIsWrong) {
  struct Case {
    std::function<void(Json&)> change;
    Reason reason;
    std::string place;
  };
  const std::vector<Case> cases{
      {[](Json& s) { s["identity"]["surprise"] = 1; }, Reason::kInvalidValue, "surprise"},
      {[](Json& s) { s["identity"]["organisations"][1]["id"] = "mawei"; }, Reason::kAlreadyExists,
       "/contracts/identity/organisations/1"},
      {[](Json& s) { s["identity"]["organisations"][0]["uscc"] = "11350105MB0000001B"; }, Reason::kBadCheckDigit,
       "/contracts/identity/organisations/0"},
      {[](Json& s) { s["identity"]["accounts"][0]["organisation"] = "nowhere"; }, Reason::kNotFound,
       "/contracts/identity/accounts/0"},
      {[](Json& s) { s["identity"]["accounts"][0]["kind"] = "king"; }, Reason::kInvalidValue,
       "/contracts/identity/accounts/0/kind"},
      {[](Json& s) { s["identity"]["accounts"][2]["keys"][0]["public_key"] = "00"; }, Reason::kMalformed,
       "/contracts/identity/accounts/2"},
      {[](Json& s) { s["identity"]["accounts"][1]["roles"][0]["role"] = "Not a role"; }, Reason::kInvalidValue,
       "/contracts/identity/accounts/1/roles/0"},
      {[](Json& s) { s["identity"]["permissions"][0]["method"] = "no"; }, Reason::kInvalidValue,
       "/contracts/identity/permissions/0"},
      {[](Json& s) { s["identity"]["permissions"][1] = s["identity"]["permissions"][0]; }, Reason::kInvalidValue,
       "/contracts/identity/permissions/1/method"},
      {[](Json& s) { s["identity"]["permissions"][0]["rules"][0]["who"] = "x"; }, Reason::kInvalidValue, "who"},
      {[](Json& s) { s["credential"]["types"][0]["issuers"] = {"nowhere"}; }, Reason::kNotFound,
       "/contracts/credential/types/0"},
      {[](Json& s) { s["credential"]["types"][0]["retention"] = "5-years"; }, Reason::kInvalidValue,
       "/contracts/credential/types/0/retention"},
      {[](Json& s) { s["credential"]["types"][0]["schema"] = "text"; }, Reason::kInvalidValue,
       "/contracts/credential/types/0"},
      {[](Json& s) { s["credential"]["types"][1]["gbt_type_code"] = "1"; }, Reason::kInvalidValue,
       "/contracts/credential/types/1"},
      {[](Json& s) { s["credential"]["types"][0]["validity"]["max_days"] = -1; }, Reason::kInvalidValue,
       "/contracts/credential/types/0/validity/max_days"},
      {[](Json& s) { s["evidence"]["anything"] = 1; }, Reason::kInvalidValue, "anything"},
      {[](Json& s) { s["identity"] = Json::array(); }, Reason::kInvalidValue, "/contracts/identity"},
  };
  for (const Case& each : cases) {
    const Status status = load_changed(each.change);
    EXPECT_TRUE(refused(status, each.reason)) << each.place;
    if (!status) {
      EXPECT_NE(status.error().detail.find(each.place), std::string::npos) << status.error().detail;
    }
  }
}

}  // namespace
}  // namespace chancery::contracts::identity
