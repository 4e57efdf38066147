#include "contracts/identity.pb.h"
#include "contracts/identity/account_keys.h"
#include "contracts/testing/expect.h"
#include "contracts/testing/network.h"

namespace chancery::contracts::identity {
namespace {

using testing::key_of;
using testing::Network;
using testing::refused;
using testing::succeeds;

wire::NewKey new_key(std::string_view name) {
  wire::NewKey out;
  out.set_algorithm(static_cast<std::uint32_t>(key_of(name).algorithm));
  out.set_public_key(to_string(key_of(name).bytes));
  out.set_label("card");
  return out;
}

std::string id_of(std::string_view key_name) {
  return to_string(crypto::key_id(key_of(key_name)));
}

wire::CreateAccount member(const std::string& id, const std::string& organisation) {
  wire::CreateAccount out;
  out.set_id(id);
  out.set_kind(wire::ACCOUNT_KIND_MEMBER);
  out.set_organisation(organisation);
  out.set_assurance(2);
  *out.add_keys() = new_key(id);
  return out;
}

wire::CreateAccount citizen(const std::string& id, const std::string& registrar) {
  wire::CreateAccount out = member(id, "");
  out.set_kind(wire::ACCOUNT_KIND_CITIZEN);
  out.set_registrar(registrar);
  out.add_commitments(std::string(32, 'c'));
  return out;
}

wire::ChangeAccountState state(const std::string& account, const std::string& reason) {
  wire::ChangeAccountState out;
  out.set_account(account);
  out.set_reason(reason);
  return out;
}

wire::RevokeKey revocation(const std::string& account, std::string_view key, std::uint64_t at = 0) {
  wire::RevokeKey out;
  out.set_account(account);
  out.set_key_id(id_of(key));
  out.set_at_height(at);
  out.set_reason("compromised");
  return out;
}

Result<crypto::PublicKey> active_key(Network& network, std::string_view account, std::string_view key) {
  auto context = network.ledger.context("identity");
  return RecordedAccountKeys().active_key(context, account, crypto::key_id(key_of(key)));
}

TEST(Accounts, OfMembersAreOpenedByTheirOrganisation) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("identity.create_account", member("lin", "gulou"), {"li"})));
  const auto account = network.read<wire::Account>("identity", "account", "lin");
  EXPECT_EQ(account.registrar(), "gulou");
  EXPECT_EQ(account.keys(0).added_height(), network.height());
  const auto key = active_key(network, "lin", "lin");
  ASSERT_TRUE(succeeds(key));
  EXPECT_EQ(*key, key_of("lin"));
}

TEST(Accounts, OfOtherOrganisationsAreNotOurs) {
  Network network;
  EXPECT_TRUE(refused(network.run("identity.create_account", member("lin", "mawei"), {"li"}), Reason::kForbidden));
  auto through_the_back = member("lin", "mawei");
  through_the_back.set_registrar("gulou");
  EXPECT_TRUE(refused(network.run("identity.create_account", through_the_back, {"li"}), Reason::kForbidden));
  auto someone_elses_name = citizen("lin", "mawei");
  EXPECT_TRUE(refused(network.run("identity.create_account", someone_elses_name, {"li"}), Reason::kForbidden));
}

TEST(Accounts, OfCitizensCarryCommitmentsAndNoOrganisation) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("identity.create_account", citizen("c-7f3a", "gulou"), {"li"})));
  EXPECT_TRUE(succeeds(active_key(network, "c-7f3a", "c-7f3a")));
  auto member_of = citizen("c-7f3b", "gulou");
  member_of.set_organisation("gulou");
  EXPECT_TRUE(refused(network.run("identity.create_account", member_of, {"li"}), Reason::kInvalidValue));
  auto nobody_vouches = citizen("c-7f3b", "");
  EXPECT_TRUE(refused(network.run("identity.create_account", nobody_vouches, {"li"}), Reason::kInvalidValue));
  auto short_commitment = citizen("c-7f3b", "gulou");
  short_commitment.add_commitments("short");
  EXPECT_TRUE(refused(network.run("identity.create_account", short_commitment, {"li"}), Reason::kInvalidValue));
}

TEST(Accounts, RefuseFieldsThatBreakTheirRules) {
  Network network;
  const auto create = [&](auto change) {
    auto request = member("lin", "gulou");
    change(request);
    return network.run("identity.create_account", request, {"li"});
  };
  EXPECT_TRUE(refused(create([](auto& r) { r.set_id("Lin"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(create([](auto& r) { r.set_id(std::string(65, 'a')); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(create([](auto& r) { r.set_assurance(0); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(create([](auto& r) { r.set_assurance(5); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(create([](auto& r) { r.clear_keys(); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(create([](auto& r) { r.clear_kind(); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(create([](auto& r) { r.set_kind(static_cast<wire::AccountKind>(9)); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(create([](auto& r) {
                        r.clear_keys();
                        for (int i = 0; i < 9; ++i) *r.add_keys() = new_key("k" + std::to_string(i));
                      }),
                      Reason::kTooLarge));
  EXPECT_TRUE(refused(create([](auto& r) {
                        for (int i = 0; i < 17; ++i) r.add_commitments(std::string(32, 'c'));
                      }),
                      Reason::kTooLarge));
  EXPECT_TRUE(refused(create([](auto& r) { r.mutable_keys(0)->set_algorithm(9); }), Reason::kAlgorithmNotAllowed));
  EXPECT_TRUE(refused(create([](auto& r) { r.mutable_keys(0)->set_public_key("short"); }), Reason::kMalformed));
  EXPECT_TRUE(refused(create([](auto& r) { r.mutable_keys(0)->set_not_after_ms(-1); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(create([](auto& r) { r.set_id("zhao"); }), Reason::kAlreadyExists));
  EXPECT_TRUE(refused(create([](auto& r) { *r.mutable_keys(0) = new_key("zhao"); }), Reason::kAlreadyExists));
  EXPECT_TRUE(refused(create([](auto& r) { *r.add_keys() = new_key("lin"); }), Reason::kAlreadyExists));
}

TEST(Accounts, ThatAreSuspendedCanNeitherSignNorAct) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("identity.suspend_account", state("zhao", "leave"), {"li"})));
  EXPECT_TRUE(refused(active_key(network, "zhao", "zhao"), Reason::kAccountSuspended));
  EXPECT_TRUE(refused(network.run("identity.suspend_account", state("zhao", "leave"), {"li"}), Reason::kWrongState));
  ASSERT_TRUE(succeeds(network.run("identity.resume_account", state("zhao", ""), {"li"})));
  EXPECT_TRUE(succeeds(active_key(network, "zhao", "zhao")));
  EXPECT_TRUE(refused(network.run("identity.resume_account", state("zhao", ""), {"li"}), Reason::kWrongState));
}

TEST(Accounts, AreNotSuspendedByThemselvesOrStrangers) {
  Network network;
  EXPECT_TRUE(refused(network.run("identity.suspend_account", state("zhao", "x"), {"zhao"}), Reason::kForbidden));
  EXPECT_TRUE(refused(network.run("identity.suspend_account", state("wang", "x"), {"li"}), Reason::kForbidden));
  EXPECT_TRUE(refused(network.run("identity.suspend_account", state("nobody", "x"), {"li"}), Reason::kNotFound));
  EXPECT_TRUE(refused(network.run("identity.suspend_account", state("zhao", ""), {"li"}), Reason::kInvalidValue));
}

TEST(Accounts, OfASuspendedOrganisationCantSign) {
  Network network;
  wire::ChangeOrganisationState request;
  request.set_id("gulou");
  request.set_reason("x");
  ASSERT_TRUE(succeeds(network.run("identity.suspend_organisation", request, {"root"})));
  const auto key = active_key(network, "zhao", "zhao");
  ASSERT_TRUE(refused(key, Reason::kAccountSuspended));
  EXPECT_NE(key.error().detail.find("gulou"), std::string::npos);
}

TEST(Accounts, OfNetworkAdministratorsAreOutOfReachOfOrganisations) {
  Network network;
  // A second administrator of mawei, without a network role.
  wire::GrantRole grant;
  grant.set_account("chen");
  grant.set_organisation("mawei");
  grant.set_role("org_admin");
  ASSERT_TRUE(succeeds(network.run("identity.grant_role", grant, {"root"})));
  wire::AddKey request;
  request.set_account("wang");
  *request.mutable_key() = new_key("spare");
  EXPECT_TRUE(succeeds(network.run("identity.add_key", request, {"chen"})));
  request.set_account("root");
  *request.mutable_key() = new_key("backdoor");
  EXPECT_TRUE(refused(network.run("identity.add_key", request, {"chen"}), Reason::kForbidden));
  EXPECT_TRUE(refused(network.run("identity.suspend_account", state("root", "x"), {"chen"}), Reason::kForbidden));
  grant.set_role("network_admin");
  EXPECT_TRUE(refused(network.run("identity.grant_role", grant, {"chen"}), Reason::kForbidden));
}

TEST(Keys, AreUnknownRevokedOrAnotherAccounts) {
  Network network;
  EXPECT_TRUE(refused(active_key(network, "nobody", "wang"), Reason::kUnknownAccount));
  EXPECT_TRUE(refused(active_key(network, "wang", "chen"), Reason::kUnknownKey));
  EXPECT_TRUE(refused(active_key(network, "wang", "never-seen"), Reason::kUnknownKey));
}

TEST(Keys, AreAddedByTheHolderAndTheRegistrar) {
  Network network;
  wire::AddKey request;
  request.set_account("resident");
  *request.mutable_key() = new_key("phone");
  ASSERT_TRUE(succeeds(network.run("identity.add_key", request, {"resident"})));
  *request.mutable_key() = new_key("tablet");
  ASSERT_TRUE(succeeds(network.run("identity.add_key", request, {"root"})));
  EXPECT_TRUE(succeeds(active_key(network, "resident", "phone")));
  EXPECT_TRUE(succeeds(active_key(network, "resident", "tablet")));
  *request.mutable_key() = new_key("thief");
  EXPECT_TRUE(refused(network.run("identity.add_key", request, {"li"}), Reason::kForbidden));
  *request.mutable_key() = new_key("phone");
  EXPECT_TRUE(refused(network.run("identity.add_key", request, {"resident"}), Reason::kAlreadyExists));
  request.set_account("nobody");
  EXPECT_TRUE(refused(network.run("identity.add_key", request, {"root"}), Reason::kNotFound));
}

TEST(Keys, EndAtTheHeightOfTheirRevocation) {
  Network network;
  const std::uint64_t end = network.height() + 2;
  ASSERT_TRUE(succeeds(network.run("identity.revoke_key", revocation("wang", "wang", end), {"root"})));
  EXPECT_TRUE(succeeds(active_key(network, "wang", "wang")));
  network.ledger.advance();
  EXPECT_TRUE(succeeds(active_key(network, "wang", "wang")));
  network.ledger.advance();
  ASSERT_EQ(network.height(), end);
  EXPECT_TRUE(refused(active_key(network, "wang", "wang"), Reason::kKeyRevoked));
}

TEST(Keys, AreRevokedAtOnceAndOnce) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("identity.revoke_key", revocation("wang", "wang"), {"wang"})));
  EXPECT_TRUE(refused(active_key(network, "wang", "wang"), Reason::kKeyRevoked));
  EXPECT_TRUE(refused(network.run("identity.revoke_key", revocation("wang", "wang"), {"root"}), Reason::kWrongState));
  EXPECT_TRUE(refused(network.run("identity.revoke_key", revocation("wang", "chen"), {"root"}), Reason::kNotFound));
  EXPECT_TRUE(refused(network.run("identity.revoke_key", revocation("chen", "chen"), {"li"}), Reason::kForbidden));
}

TEST(Keys, AreNotRevokedInThePastOrTooFarAhead) {
  Network network;
  EXPECT_TRUE(refused(network.run("identity.revoke_key", revocation("wang", "wang", network.height() - 1), {"root"}),
                      Reason::kInvalidValue));
  EXPECT_TRUE(refused(network.run("identity.revoke_key", revocation("wang", "wang", ~std::uint64_t{0}), {"root"}),
                      Reason::kInvalidValue));
  auto unexplained = revocation("wang", "wang");
  unexplained.set_reason("because");
  EXPECT_TRUE(refused(network.run("identity.revoke_key", unexplained, {"root"}), Reason::kInvalidValue));
}

TEST(Keys, MayBeRevokedEarlierThanAnnouncedButNotLater) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("identity.revoke_key", revocation("wang", "wang", network.height() + 5), {"root"})));
  EXPECT_TRUE(refused(network.run("identity.revoke_key", revocation("wang", "wang", network.height() + 9), {"root"}),
                      Reason::kWrongState));
  ASSERT_TRUE(succeeds(network.run("identity.revoke_key", revocation("wang", "wang"), {"root"})));
  EXPECT_TRUE(refused(active_key(network, "wang", "wang"), Reason::kKeyRevoked));
}

TEST(Keys, RotateInOneStep) {
  Network network;
  wire::RotateKey request;
  request.set_account("wang");
  request.set_old_key_id(id_of("wang"));
  *request.mutable_new_key() = new_key("wang-2");
  request.set_revoke_at_height(network.height() + 1);
  ASSERT_TRUE(succeeds(network.run("identity.rotate_key", request, {"wang"})));
  EXPECT_TRUE(succeeds(active_key(network, "wang", "wang")));
  EXPECT_TRUE(succeeds(active_key(network, "wang", "wang-2")));
  network.ledger.advance();
  EXPECT_TRUE(refused(active_key(network, "wang", "wang"), Reason::kKeyRevoked));
  EXPECT_TRUE(succeeds(active_key(network, "wang", "wang-2")));
  EXPECT_TRUE(refused(network.run("identity.rotate_key", request, {"wang"}), Reason::kWrongState));
  network.ledger.advance();
  EXPECT_TRUE(refused(network.run("identity.rotate_key", request, {"wang"}), Reason::kInvalidValue));
}

TEST(Keys, HoldWithinTheirPeriodOnly) {
  Network network;
  wire::AddKey request;
  request.set_account("wang");
  *request.mutable_key() = new_key("shift");
  request.mutable_key()->set_not_before_ms(network.now_ms() + 1'000);
  request.mutable_key()->set_not_after_ms(network.now_ms() + 2'000);
  ASSERT_TRUE(succeeds(network.run("identity.add_key", request, {"wang"})));
  EXPECT_TRUE(refused(active_key(network, "wang", "shift"), Reason::kKeyOutsidePeriod));
  network.ledger.advance(1'000);
  EXPECT_TRUE(succeeds(active_key(network, "wang", "shift")));
  network.ledger.advance(1'000);
  EXPECT_TRUE(succeeds(active_key(network, "wang", "shift")));
  network.ledger.advance(1);
  EXPECT_TRUE(refused(active_key(network, "wang", "shift"), Reason::kKeyOutsidePeriod));
}

TEST(Keys, StayKnownAndStayRevokedAfterManyRotations) {
  Network network;
  std::string current = "wang";
  for (int i = 0; i < 40; ++i) {
    const std::string next = "wang-" + std::to_string(i);
    wire::RotateKey request;
    request.set_account("wang");
    request.set_old_key_id(id_of(current));
    *request.mutable_new_key() = new_key(next);
    ASSERT_TRUE(succeeds(network.run("identity.rotate_key", request, {"wang"}))) << i;
    current = next;
    network.ledger.advance();
  }
  EXPECT_LE(network.read<wire::Account>("identity", "account", "wang").keys_size(), 16);
  EXPECT_TRUE(succeeds(active_key(network, "wang", current)));
  EXPECT_TRUE(refused(active_key(network, "wang", "wang"), Reason::kKeyRevoked));
  auto context = network.ledger.context("identity");
  const auto known = RecordedAccountKeys().known_key(context, "wang", crypto::key_id(key_of("wang")));
  ASSERT_TRUE(succeeds(known));
  EXPECT_EQ(*known, key_of("wang"));
  EXPECT_TRUE(
      refused(RecordedAccountKeys().known_key(context, "chen", crypto::key_id(key_of("wang"))), Reason::kUnknownKey));
  EXPECT_TRUE(refused(RecordedAccountKeys().known_key(context, "nobody", crypto::key_id(key_of("wang"))),
                      Reason::kUnknownAccount));
  // A retired key doesn't come back.
  wire::AddKey again;
  again.set_account("wang");
  *again.mutable_key() = new_key("wang");
  EXPECT_TRUE(refused(network.run("identity.add_key", again, {"wang"}), Reason::kAlreadyExists));
}

TEST(Keys, HaveALimitThatLiveOnesCantPass) {
  Network network;
  wire::AddKey request;
  request.set_account("wang");
  for (int i = 0; i < 15; ++i) {
    *request.mutable_key() = new_key("extra-" + std::to_string(i));
    ASSERT_TRUE(succeeds(network.run("identity.add_key", request, {"wang"})));
  }
  *request.mutable_key() = new_key("one-too-many");
  EXPECT_TRUE(refused(network.run("identity.add_key", request, {"wang"}), Reason::kTooLarge));
}

}  // namespace
}  // namespace chancery::contracts::identity
