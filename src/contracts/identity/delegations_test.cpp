#include "contracts/identity.pb.h"
#include "contracts/identity/identity.h"
#include "contracts/testing/expect.h"
#include "contracts/testing/network.h"

namespace chancery::contracts::identity {
namespace {

using testing::Network;
using testing::refused;
using testing::succeeds;

constexpr std::int64_t kHourMs = 3'600'000;

wire::Delegate delegation(const Network& network, const std::string& from, const std::string& to,
                          const std::string& scope) {
  wire::Delegate out;
  out.set_from(from);
  out.set_to(to);
  out.add_scope(scope);
  out.set_until_ms(network.now_ms() + kHourMs);
  return out;
}

wire::RevokeDelegation revocation(const std::string& from, const std::string& to) {
  wire::RevokeDelegation out;
  out.set_from(from);
  out.set_to(to);
  return out;
}

Result<Actor> ask(Network& network, std::string_view contract, std::string_view method, std::string_view concerned,
                  const std::string& signer) {
  network.ledger.begin_transaction({signer});
  return require_permission(network.ledger.context(contract), contract, method, concerned);
}

TEST(Delegation, LendsARightWithinItsScope) {
  Network network;
  ASSERT_TRUE(
      succeeds(network.run("identity.delegate", delegation(network, "wang", "chen", "credential.issue"), {"wang"})));
  const auto actor = ask(network, "credential", "issue", "mawei", "chen");
  ASSERT_TRUE(succeeds(actor));
  EXPECT_EQ(actor->account, "chen");
  EXPECT_EQ(actor->on_behalf_of, "wang");
  EXPECT_EQ(actor->organisation, "mawei");
  EXPECT_EQ(actor->role, "issuer");
  EXPECT_TRUE(refused(ask(network, "credential", "revoke", "mawei", "chen"), Reason::kForbidden));
  EXPECT_TRUE(refused(ask(network, "credential", "issue", "gulou", "chen"), Reason::kForbidden));
  EXPECT_TRUE(refused(ask(network, "credential", "issue", "mawei", "sun"), Reason::kForbidden));
}

TEST(Delegation, OfAWholeContractDoesntReachAContractWithALongerName) {
  Network network;
  ASSERT_TRUE(
      succeeds(network.run("identity.delegate", delegation(network, "wang", "chen", "credential.*"), {"wang"})));
  EXPECT_TRUE(succeeds(ask(network, "credential", "revoke", "mawei", "chen")));
  wire::SetPermission other;
  other.mutable_permission()->set_method("credentials.issue");
  other.mutable_permission()->add_rules()->set_role("issuer");
  ASSERT_TRUE(succeeds(network.run("identity.set_permission", other, {"root"})));
  EXPECT_TRUE(refused(ask(network, "credentials", "issue", "mawei", "chen"), Reason::kForbidden));
}

TEST(Delegation, EndsAtItsTime) {
  Network network;
  ASSERT_TRUE(
      succeeds(network.run("identity.delegate", delegation(network, "wang", "chen", "credential.issue"), {"wang"})));
  network.ledger.advance(kHourMs);
  EXPECT_TRUE(succeeds(ask(network, "credential", "issue", "mawei", "chen")));
  network.ledger.advance(1);
  EXPECT_TRUE(refused(ask(network, "credential", "issue", "mawei", "chen"), Reason::kForbidden));
}

TEST(Delegation, IsRevokedByEitherSideAndNobodyElse) {
  Network network;
  for (const char* side : {"wang", "chen"}) {
    ASSERT_TRUE(
        succeeds(network.run("identity.delegate", delegation(network, "wang", "chen", "credential.issue"), {"wang"})));
    EXPECT_TRUE(
        refused(network.run("identity.revoke_delegation", revocation("wang", "chen"), {"root"}), Reason::kForbidden));
    ASSERT_TRUE(succeeds(network.run("identity.revoke_delegation", revocation("wang", "chen"), {side})));
    EXPECT_TRUE(refused(ask(network, "credential", "issue", "mawei", "chen"), Reason::kForbidden));
  }
  EXPECT_TRUE(
      refused(network.run("identity.revoke_delegation", revocation("wang", "chen"), {"wang"}), Reason::kNotFound));
}

TEST(Delegation, LapsesWithTheLendersRight) {
  Network network;
  ASSERT_TRUE(
      succeeds(network.run("identity.delegate", delegation(network, "wang", "chen", "credential.issue"), {"wang"})));
  wire::ChangeAccountState suspension;
  suspension.set_account("wang");
  suspension.set_reason("leave");
  ASSERT_TRUE(succeeds(network.run("identity.suspend_account", suspension, {"root"})));
  EXPECT_TRUE(refused(ask(network, "credential", "issue", "mawei", "chen"), Reason::kForbidden));
}

TEST(Delegation, IsNotPassedOn) {
  Network network;
  ASSERT_TRUE(
      succeeds(network.run("identity.delegate", delegation(network, "wang", "chen", "credential.issue"), {"wang"})));
  ASSERT_TRUE(
      succeeds(network.run("identity.delegate", delegation(network, "chen", "sun", "credential.issue"), {"chen"})));
  EXPECT_TRUE(refused(ask(network, "credential", "issue", "mawei", "sun"), Reason::kForbidden));
}

TEST(Delegation, LetsAnAgentActForACitizen) {
  Network network;
  ASSERT_TRUE(
      succeeds(network.run("identity.delegate", delegation(network, "resident", "chen", "evidence.*"), {"resident"})));
  const auto actor = ask(network, "evidence", "transfer_custody", "@resident", "chen");
  ASSERT_TRUE(succeeds(actor));
  EXPECT_EQ(actor->on_behalf_of, "resident");
  EXPECT_EQ(actor->party(), "@resident");
}

TEST(Delegation, IsRefusedForWhatCantBeLent) {
  Network network;
  const auto lend = [&](auto change) {
    auto request = delegation(network, "wang", "chen", "credential.issue");
    change(request);
    return network.run("identity.delegate", request, {"wang"});
  };
  EXPECT_TRUE(refused(lend([](auto& r) { r.set_scope(0, "identity.grant_role"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(lend([](auto& r) { r.set_scope(0, "identity.*"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(lend([](auto& r) { r.set_scope(0, "*"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(lend([](auto& r) { r.set_scope(0, ".*"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(lend([](auto& r) { r.set_scope(0, "credential"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(lend([](auto& r) { r.clear_scope(); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(lend([](auto& r) {
                        for (int i = 0; i < 16; ++i) r.add_scope("credential.issue");
                      }),
                      Reason::kTooLarge));
  EXPECT_TRUE(refused(lend([&](auto& r) { r.set_until_ms(network.now_ms()); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(lend([&](auto& r) { r.set_until_ms(network.now_ms() + 4 * 366 * 24 * kHourMs); }),
                      Reason::kInvalidValue));
  EXPECT_TRUE(
      refused(lend([](auto& r) { r.set_until_ms(std::numeric_limits<std::int64_t>::max()); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(lend([](auto& r) { r.set_to("wang"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(lend([](auto& r) { r.set_to("nobody"); }), Reason::kNotFound));
  EXPECT_TRUE(refused(lend([](auto& r) { r.set_from("zhao"); }), Reason::kForbidden));
}

TEST(Delegation, ReplacesTheLiveOneAndKeepsARecordOfIt) {
  Network network;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(
        succeeds(network.run("identity.delegate", delegation(network, "wang", "chen", "credential.issue"), {"wang"})));
    network.ledger.advance();
  }
  const auto record = network.read<wire::Delegations>("identity", "delegation", "chen");
  EXPECT_LE(record.items_size(), 64);
  int live = 0;
  for (const auto& item : record.items()) live += item.revoked_height() == 0 ? 1 : 0;
  EXPECT_EQ(live, 1);
}

}  // namespace
}  // namespace chancery::contracts::identity
