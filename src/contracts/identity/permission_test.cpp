#include "contracts/identity.pb.h"
#include "contracts/identity/identity.h"
#include "contracts/testing/expect.h"
#include "contracts/testing/network.h"

namespace chancery::contracts::identity {
namespace {

using testing::Network;
using testing::refused;
using testing::succeeds;

Result<Actor> ask(Network& network, std::string_view method, std::string_view concerned,
                  const std::vector<std::string>& signers) {
  network.ledger.begin_transaction(signers);
  const std::size_t dot = method.find('.');
  return require_permission(network.ledger.context("credential"), method.substr(0, dot), method.substr(dot + 1),
                            concerned);
}

wire::GrantRole grant(const std::string& account, const std::string& role, const std::string& organisation,
                      std::int64_t until_ms = 0) {
  wire::GrantRole out;
  out.set_account(account);
  out.set_role(role);
  out.set_organisation(organisation);
  out.set_until_ms(until_ms);
  return out;
}

wire::RevokeRole revocation(const std::string& account, const std::string& role, const std::string& organisation) {
  wire::RevokeRole out;
  out.set_account(account);
  out.set_role(role);
  out.set_organisation(organisation);
  return out;
}

wire::SetPermission permission(const std::string& method, std::initializer_list<std::string> roles) {
  wire::SetPermission out;
  out.mutable_permission()->set_method(method);
  for (const std::string& role : roles) out.mutable_permission()->add_rules()->set_role(role);
  return out;
}

// Who may do what under the default table: one row a question, one column a signer.
TEST(Permission, FollowsTheMatrixOfTheDefaultTable) {
  struct Row {
    const char* method;
    const char* concerned;
    std::vector<std::string> may;
  };
  const std::vector<std::string> everybody{"root", "wang", "chen", "sun", "feeder", "li", "zhao", "boss", "resident"};
  const std::vector<Row> rows{
      {"identity.create_organisation", "", {"root"}},
      {"identity.update_organisation", "mawei", {"root"}},
      {"identity.update_organisation", "gulou", {"root", "li"}},
      {"identity.suspend_organisation", "gulou", {"root"}},
      {"identity.create_account", "firm", {"root", "boss"}},
      {"identity.grant_role", "gulou", {"root", "li"}},
      {"identity.grant_network_role", "gulou", {"root"}},
      {"identity.manage_network_account", "mawei", {"root"}},
      {"identity.set_permission", "", {"root"}},
      {"credential.define_type", "gulou", {"root", "li"}},
      {"credential.issue", "", {"wang", "feeder", "zhao"}},
      {"credential.issue", "mawei", {"wang", "feeder"}},
      {"credential.issue", "gulou", {"zhao"}},
      {"credential.issue", "firm", {}},
      {"credential.revoke", "mawei", {"wang", "sun", "feeder"}},
      {"credential.revoke", "gulou", {"zhao"}},
      {"evidence.deposit", "", everybody},
      {"evidence.transfer_custody", "mawei", {"root", "wang", "chen", "sun", "feeder"}},
      {"evidence.transfer_custody", "@resident", {"resident"}},
      {"evidence.transfer_custody", "@wang", {}},
      {"unheard.of", "", {}},
  };
  Network network;
  for (const Row& row : rows) {
    for (const std::string& signer : everybody) {
      const bool expected = std::ranges::find(row.may, signer) != row.may.end();
      const auto answer = ask(network, row.method, row.concerned, {signer});
      EXPECT_EQ(answer.has_value(), expected) << row.method << " for " << row.concerned << " by " << signer;
      if (answer) {
        EXPECT_EQ(answer->account, signer);
      }
      if (!answer) {
        EXPECT_EQ(answer.error().reason, Reason::kForbidden);
      }
    }
  }
}

TEST(Permission, SaysWhoActsAndByWhichRight) {
  Network network;
  const auto actor = ask(network, "credential.issue", "", {"chen", "zhao"});
  ASSERT_TRUE(succeeds(actor));
  EXPECT_EQ(actor->account, "zhao");
  EXPECT_EQ(actor->organisation, "gulou");
  EXPECT_EQ(actor->role, "issuer");
  EXPECT_EQ(actor->on_behalf_of, "");
  EXPECT_EQ(actor->party(), "gulou");
  const auto citizen = ask(network, "evidence.deposit", "", {"resident"});
  ASSERT_TRUE(succeeds(citizen));
  EXPECT_EQ(citizen->party(), "@resident");
}

TEST(Permission, ExplainsARefusalInBothLanguages) {
  Network network;
  const auto answer = ask(network, "credential.issue", "mawei", {"chen", "zhao"});
  ASSERT_TRUE(refused(answer, Reason::kForbidden));
  EXPECT_EQ(answer.error().detail,
            "credential.issue needs the role issuer@mawei; signed by chen (mawei): -; zhao (gulou): issuer@gulou");
  EXPECT_EQ(answer.error().detail_zh,
            "credential.issue 需要角色 issuer@mawei；签名者 chen (mawei): -; zhao (gulou): issuer@gulou");
  const auto unset = ask(network, "unheard.of", "", {"root"});
  ASSERT_TRUE(refused(unset, Reason::kForbidden));
  EXPECT_NE(unset.error().detail.find("no permission is set"), std::string::npos);
}

TEST(Permission, ReadsAtMostThreeRecordsForOnesOwnRole) {
  Network network;
  network.ledger.records.reads = 0;
  ASSERT_TRUE(succeeds(ask(network, "credential.issue", "", {"wang"})));
  EXPECT_LE(network.ledger.records.reads, 3);
}

TEST(Permission, RestrictsARuleToTheOrganisationsThatItNames) {
  Network network;
  auto request = permission("credential.issue", {"issuer"});
  request.mutable_permission()->mutable_rules(0)->add_organisations("gulou");
  ASSERT_TRUE(succeeds(network.run("identity.set_permission", request, {"root"})));
  EXPECT_TRUE(succeeds(ask(network, "credential.issue", "", {"zhao"})));
  EXPECT_TRUE(refused(ask(network, "credential.issue", "", {"wang"}), Reason::kForbidden));
}

TEST(Permission, AsksForAssuranceWhereItIsSet) {
  Network network;
  auto request = permission("evidence.deposit", {});
  request.mutable_permission()->set_everyone(true);
  request.mutable_permission()->set_min_assurance(4);
  ASSERT_TRUE(succeeds(network.run("identity.set_permission", request, {"root"})));
  const auto answer = ask(network, "evidence.deposit", "", {"resident"});
  ASSERT_TRUE(refused(answer, Reason::kForbidden));
  EXPECT_NE(answer.error().detail.find("assurance level 4"), std::string::npos);
  request.mutable_permission()->set_min_assurance(3);
  ASSERT_TRUE(succeeds(network.run("identity.set_permission", request, {"root"})));
  EXPECT_TRUE(succeeds(ask(network, "evidence.deposit", "", {"resident"})));
}

TEST(Permission, IsSetByTheNetworkAndNeverLocksItOut) {
  Network network;
  EXPECT_TRUE(refused(network.run("identity.set_permission", permission("credential.issue", {"clerk"}), {"li"}),
                      Reason::kForbidden));
  EXPECT_TRUE(refused(network.run("identity.set_permission", permission("identity.set_permission", {}), {"root"}),
                      Reason::kInvalidValue));
  EXPECT_TRUE(refused(network.run("identity.set_permission", permission("no-dot", {"clerk"}), {"root"}),
                      Reason::kInvalidValue));
  EXPECT_TRUE(refused(network.run("identity.set_permission", permission("a.b", {"Not A Role"}), {"root"}),
                      Reason::kInvalidValue));
  auto forged = permission("credential.issue", {"clerk"});
  forged.mutable_permission()->set_changed_height(1);
  EXPECT_TRUE(refused(network.run("identity.set_permission", forged, {"root"}), Reason::kInvalidValue));
  auto long_one = permission("credential.issue", {});
  for (int i = 0; i < 33; ++i) long_one.mutable_permission()->add_rules()->set_role("clerk");
  EXPECT_TRUE(refused(network.run("identity.set_permission", long_one, {"root"}), Reason::kTooLarge));
}

TEST(Roles, AreGrantedForATimeAndRevoked) {
  Network network;
  ASSERT_TRUE(succeeds(
      network.run("identity.grant_role", grant("chen", "issuer", "mawei", network.now_ms() + 2'000), {"root"})));
  EXPECT_TRUE(succeeds(ask(network, "credential.issue", "", {"chen"})));
  network.ledger.advance(2'000);
  EXPECT_TRUE(succeeds(ask(network, "credential.issue", "", {"chen"})));
  network.ledger.advance(1);
  EXPECT_TRUE(refused(ask(network, "credential.issue", "", {"chen"}), Reason::kForbidden));
  ASSERT_TRUE(succeeds(network.run("identity.grant_role", grant("chen", "issuer", "mawei"), {"root"})));
  EXPECT_TRUE(succeeds(ask(network, "credential.issue", "", {"chen"})));
  ASSERT_TRUE(succeeds(network.run("identity.revoke_role", revocation("chen", "issuer", "mawei"), {"root"})));
  EXPECT_TRUE(refused(ask(network, "credential.issue", "", {"chen"}), Reason::kForbidden));
  EXPECT_TRUE(
      refused(network.run("identity.revoke_role", revocation("chen", "issuer", "mawei"), {"root"}), Reason::kNotFound));
}

TEST(Roles, InAnotherOrganisationCountWhereTheyAreHeld) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("identity.grant_role", grant("wang", "issuer", "gulou"), {"li"})));
  const auto seconded = ask(network, "credential.issue", "gulou", {"wang"});
  ASSERT_TRUE(succeeds(seconded));
  EXPECT_EQ(seconded->organisation, "gulou");
  const auto at_home = ask(network, "credential.issue", "", {"wang"});
  ASSERT_TRUE(succeeds(at_home));
  EXPECT_EQ(at_home->organisation, "mawei");
}

TEST(Roles, AreRefusedWhenTheyMakeNoSense) {
  Network network;
  const auto give = [&](const wire::GrantRole& request) {
    return network.run("identity.grant_role", request, {"root"});
  };
  EXPECT_TRUE(refused(give(grant("wang", "issuer", "mawei")), Reason::kAlreadyExists));
  EXPECT_TRUE(refused(give(grant("nobody", "issuer", "mawei")), Reason::kNotFound));
  EXPECT_TRUE(refused(give(grant("chen", "issuer", "nowhere")), Reason::kNotFound));
  EXPECT_TRUE(refused(give(grant("chen", "Issuer", "mawei")), Reason::kInvalidValue));
  EXPECT_TRUE(refused(give(grant("chen", "issuer", "mawei", network.now_ms() - 1)), Reason::kInvalidValue));
  EXPECT_TRUE(refused(give(grant("chen", "issuer", "mawei", -5)), Reason::kInvalidValue));
  EXPECT_TRUE(
      refused(network.run("identity.grant_role", grant("wang", "issuer", "gulou"), {"wang"}), Reason::kForbidden));
  EXPECT_TRUE(
      refused(network.run("identity.revoke_role", revocation("wang", "issuer", "mawei"), {"li"}), Reason::kForbidden));
  EXPECT_TRUE(refused(network.run("identity.revoke_role", revocation("root", "network_admin", "mawei"), {"li"}),
                      Reason::kForbidden));
}

TEST(Roles, HaveALimitThatEndedOnesDontCountAgainst) {
  Network network;
  for (int i = 0; i < 80; ++i) {
    const std::string role = "role-" + std::to_string(i);
    ASSERT_TRUE(succeeds(network.run("identity.grant_role", grant("chen", role, "mawei"), {"root"}))) << i;
    ASSERT_TRUE(succeeds(network.run("identity.revoke_role", revocation("chen", role, "mawei"), {"root"}))) << i;
  }
  for (int i = 0; i < 32; ++i) {
    ASSERT_TRUE(
        succeeds(network.run("identity.grant_role", grant("chen", "r" + std::to_string(i) + "x", "mawei"), {"root"})));
  }
  EXPECT_TRUE(refused(network.run("identity.grant_role", grant("chen", "last", "mawei"), {"root"}), Reason::kTooLarge));
}

TEST(Roles, OfTheNetworkPassOnThroughTheNetworkOnly) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("identity.grant_role", grant("chen", "network_admin", "mawei"), {"root"})));
  EXPECT_TRUE(succeeds(ask(network, "identity.set_permission", "", {"chen"})));
  // The role in an organisation that the rule doesn't name has no effect.
  ASSERT_TRUE(succeeds(network.run("identity.grant_role", grant("li", "network_admin", "gulou"), {"root"})));
  EXPECT_TRUE(refused(ask(network, "identity.set_permission", "", {"li"}), Reason::kForbidden));
}

}  // namespace
}  // namespace chancery::contracts::identity
