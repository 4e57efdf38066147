#include "base/national_ids.h"
#include "contracts/credential.pb.h"
#include "contracts/identity.pb.h"
#include "contracts/testing/expect.h"
#include "contracts/testing/network.h"
#include "contracts/testing/requests.h"

namespace chancery::contracts::credential {
namespace {

using testing::issue_request;
using testing::kMaweiCode;
using testing::Network;
using testing::new_version_request;
using testing::refused;
using testing::status_request;
using testing::succeeds;

constexpr std::int64_t kDayMs = 86'400'000;

std::string licence_id(const std::string& serial, std::uint32_t version, std::string_view issuer = kMaweiCode) {
  return make_certificate_identifier(std::string(kMaweiCode) + "011", issuer, serial, version).value().text();
}

wire::Credential read(Network& network, const std::string& id) {
  return network.read<wire::Credential>("credential", "credential", id);
}

TEST(Issue, WritesOneRecordAndTellsTheWorld) {
  Network network;
  network.ledger.records.writes = 0;
  ASSERT_TRUE(succeeds(network.run("credential.issue", issue_request("R-1"), {"wang"})));
  EXPECT_EQ(network.ledger.records.writes, 1);
  const auto record = read(network, "R-1");
  EXPECT_EQ(record.type(), "residence");
  EXPECT_EQ(record.type_version(), 1U);
  EXPECT_EQ(record.issuer(), "mawei");
  EXPECT_EQ(record.version(), 1U);
  EXPECT_EQ(record.issued_by(), "wang");
  EXPECT_EQ(record.issued_height(), network.height());
  EXPECT_EQ(record.valid_from_ms(), network.now_ms());
  EXPECT_EQ(record.valid_until_ms(), network.now_ms() + 365 * kDayMs);
  ASSERT_EQ(network.ledger.events.size(), 1U);
  EXPECT_EQ(network.ledger.events[0].name, "issued");
  EXPECT_EQ(as_text(network.ledger.events[0].subject), "R-1");
  EXPECT_TRUE(network.ledger.events[0].data.empty());
}

TEST(Issue, KeepsTheRecordSmall) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("credential.issue", issue_request("R-1"), {"wang"})));
  EXPECT_LT(encode(read(network, "R-1")).size(), 140U);
}

TEST(Issue, RefusesAnIdentifierThatIsTaken) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("credential.issue", issue_request("R-1"), {"wang"})));
  const auto before = network.ledger.records.records;
  EXPECT_TRUE(refused(network.run("credential.issue", issue_request("R-1"), {"wang"}), Reason::kAlreadyExists));
  EXPECT_TRUE(refused(network.run("credential.issue", issue_request("R-1"), {"zhao"}), Reason::kAlreadyExists));
  EXPECT_EQ(network.ledger.records.records, before);
  EXPECT_EQ(network.ledger.events.size(), 1U);
}

TEST(Issue, RefusesWhoMayNot) {
  Network network;
  EXPECT_TRUE(refused(network.run("credential.issue", issue_request("R-1"), {"chen"}), Reason::kForbidden));
  auto for_others = issue_request("R-1");
  for_others.set_issuer("gulou");
  EXPECT_TRUE(refused(network.run("credential.issue", for_others, {"wang"}), Reason::kForbidden));
  EXPECT_TRUE(succeeds(network.run("credential.issue", for_others, {"zhao"})));
}

TEST(Issue, IsForTheTypesIssuersOnly) {
  Network network;
  wire::GrantRole grant;
  grant.set_account("boss");
  grant.set_organisation("firm");
  grant.set_role("issuer");
  ASSERT_TRUE(succeeds(network.run("identity.grant_role", grant, {"boss"})));
  const auto result = network.run("credential.issue", issue_request("R-1"), {"boss"});
  ASSERT_TRUE(refused(result, Reason::kForbidden));
  EXPECT_NE(result.error().detail.find("mawei, gulou"), std::string::npos) << result.error().detail;
}

TEST(Issue, RefusesFieldsThatBreakTheirRules) {
  Network network;
  const auto issue = [&](auto change) {
    auto request = issue_request("R-1");
    change(request);
    return network.run("credential.issue", request, {"wang"});
  };
  for (const char* id : {"", "-x", ".x", "a b", "a/b", "证照", "a\n"}) {
    EXPECT_TRUE(refused(issue([&](auto& r) { r.set_id(id); }), Reason::kInvalidValue)) << id;
  }
  EXPECT_TRUE(refused(issue([](auto& r) { r.set_id(std::string(65, 'x')); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(issue([](auto& r) { r.set_type("nothing"); }), Reason::kNotFound));
  EXPECT_TRUE(refused(issue([](auto& r) { r.set_holder("short"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(issue([](auto& r) { r.clear_fields_root(); }), Reason::kInvalidValue));
}

TEST(Issue, ChecksThePeriodByTheTypesRule) {
  Network network;
  const std::int64_t now_ms = network.now_ms();
  const auto issue = [&](const std::string& id, std::int64_t from_ms, std::int64_t until_ms) {
    auto request = issue_request(id);
    request.set_valid_from_ms(from_ms);
    request.set_valid_until_ms(until_ms);
    return network.run("credential.issue", request, {"wang"});
  };
  EXPECT_TRUE(refused(issue("R-1", -1, 0), Reason::kInvalidValue));
  EXPECT_TRUE(refused(issue("R-1", 0, -1), Reason::kInvalidValue));
  EXPECT_TRUE(refused(issue("R-1", 0, now_ms), Reason::kInvalidValue));
  EXPECT_TRUE(refused(issue("R-1", now_ms + 10, now_ms + 10), Reason::kInvalidValue));
  EXPECT_TRUE(refused(issue("R-1", now_ms, now_ms + 3650 * kDayMs + 1), Reason::kInvalidValue));
  EXPECT_TRUE(refused(issue("R-1", std::numeric_limits<std::int64_t>::max(), 0), Reason::kInvalidValue));
  EXPECT_TRUE(refused(issue("R-1", 0, std::numeric_limits<std::int64_t>::max()), Reason::kInvalidValue));
  EXPECT_TRUE(refused(issue("R-1", 253'402'300'799'999, 0), Reason::kInvalidValue));
  EXPECT_TRUE(succeeds(issue("R-1", now_ms, now_ms + 3650 * kDayMs)));
  EXPECT_TRUE(succeeds(issue("R-2", now_ms + kDayMs, now_ms + 2 * kDayMs)));
}

TEST(Issue, ChecksGbt36904Identifiers) {
  Network network;
  const auto issue = [&](const std::string& id, const std::string& signer) {
    return network.run("credential.issue", issue_request(id, "licence"), {signer});
  };
  const std::string good = licence_id("350105A0001", 1);
  ASSERT_TRUE(succeeds(issue(good, "wang")));
  EXPECT_EQ(read(network, good).version(), 1U);
  EXPECT_TRUE(refused(issue("R-1", "wang"), Reason::kMalformed));
  std::string mistyped = licence_id("350105A0002", 1);
  mistyped[mistyped.size() - 7] = mistyped[mistyped.size() - 7] == '7' ? '8' : '7';
  EXPECT_TRUE(refused(issue(mistyped, "wang"), Reason::kBadCheckDigit));
  // Another organisation's identifier, and an organisation without a code.
  EXPECT_TRUE(refused(issue(licence_id("350105A0003", 1, "11350102MB00000022"), "wang"), Reason::kInvalidValue));
  EXPECT_TRUE(refused(issue(licence_id("350105A0003", 1), "zhao"), Reason::kInvalidValue));
  const std::string other_type =
      make_certificate_identifier(std::string(kMaweiCode) + "012", kMaweiCode, "1", 1).value().text();
  EXPECT_TRUE(refused(issue(other_type, "wang"), Reason::kInvalidValue));
}

TEST(NewVersion, SupersedesTheOldAndLinksBoth) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("credential.issue", issue_request("R-1"), {"wang"})));
  network.ledger.advance();
  ASSERT_TRUE(succeeds(network.run("credential.new_version", new_version_request("R-1", "R-1b"), {"feeder"})));
  const auto before = read(network, "R-1");
  const auto after = read(network, "R-1b");
  EXPECT_EQ(before.next(), "R-1b");
  ASSERT_EQ(before.changes_size(), 1);
  EXPECT_EQ(before.changes(0).status(), wire::CREDENTIAL_STATUS_SUPERSEDED);
  EXPECT_EQ(before.changes(0).actor(), "feeder");
  EXPECT_EQ(after.previous(), "R-1");
  EXPECT_EQ(after.version(), 2U);
  EXPECT_EQ(after.holder(), before.holder());
  EXPECT_EQ(after.fields_root(), std::string(32, 'g'));
  // The chain goes on from the newest only.
  EXPECT_TRUE(refused(network.run("credential.new_version", new_version_request("R-1", "R-1c"), {"wang"}),
                      Reason::kWrongState));
  EXPECT_TRUE(succeeds(network.run("credential.new_version", new_version_request("R-1b", "R-1c"), {"wang"})));
}

TEST(NewVersion, OfAGbt36904IdentifierCountsUp) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("credential.issue", issue_request(licence_id("A1", 1), "licence"), {"wang"})));
  const auto renew = [&](const std::string& next) {
    return network.run("credential.new_version", new_version_request(licence_id("A1", 1), next), {"wang"});
  };
  EXPECT_TRUE(refused(renew(licence_id("A1", 3)), Reason::kInvalidValue));
  EXPECT_TRUE(refused(renew(licence_id("A2", 2)), Reason::kInvalidValue));
  EXPECT_TRUE(refused(renew("A1-2"), Reason::kMalformed));
  ASSERT_TRUE(succeeds(renew(licence_id("A1", 2))));
  EXPECT_EQ(read(network, licence_id("A1", 2)).version(), 2U);
}

TEST(NewVersion, IsRefusedWhereItWouldHideSomething) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("credential.issue", issue_request("R-1"), {"wang"})));
  EXPECT_TRUE(
      refused(network.run("credential.new_version", new_version_request("R-1", "R-2"), {"zhao"}), Reason::kForbidden));
  EXPECT_TRUE(refused(network.run("credential.new_version", new_version_request("R-1", "R-1"), {"wang"}),
                      Reason::kAlreadyExists));
  EXPECT_TRUE(
      refused(network.run("credential.new_version", new_version_request("R-0", "R-2"), {"wang"}), Reason::kNotFound));
  EXPECT_TRUE(refused(network.run("credential.new_version", new_version_request("R-1", "not ok"), {"wang"}),
                      Reason::kInvalidValue));
  ASSERT_TRUE(succeeds(network.run("credential.suspend", status_request("R-1"), {"wang"})));
  EXPECT_TRUE(
      refused(network.run("credential.new_version", new_version_request("R-1", "R-2"), {"wang"}), Reason::kWrongState));
  network.ledger.advance(400 * kDayMs);  // suspended and expired
  EXPECT_TRUE(
      refused(network.run("credential.new_version", new_version_request("R-1", "R-2"), {"wang"}), Reason::kWrongState));
  ASSERT_TRUE(succeeds(network.run("credential.revoke", status_request("R-1"), {"wang"})));
  EXPECT_TRUE(
      refused(network.run("credential.new_version", new_version_request("R-1", "R-2"), {"wang"}), Reason::kWrongState));
}

TEST(NewVersion, RenewsAnExpiredOne) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("credential.issue", issue_request("R-1"), {"wang"})));
  network.ledger.advance(400 * kDayMs);
  EXPECT_TRUE(succeeds(network.run("credential.new_version", new_version_request("R-1", "R-2"), {"wang"})));
}

}  // namespace
}  // namespace chancery::contracts::credential
