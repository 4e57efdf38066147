#include "contracts/credential.pb.h"
#include "contracts/credential/status.h"
#include "contracts/credential/words.h"
#include "contracts/record_tag.h"
#include "contracts/testing/expect.h"
#include "contracts/testing/network.h"
#include "contracts/testing/requests.h"

namespace chancery::contracts::credential {
namespace {

using testing::annotate_request;
using testing::issue_request;
using testing::Network;
using testing::new_version_request;
using testing::refused;
using testing::status_request;
using testing::succeeds;

constexpr std::int64_t kDayMs = 86'400'000;

class Lifecycle : public ::testing::Test {
 protected:
  Lifecycle() {
    EXPECT_TRUE(succeeds(network_.run("credential.issue", issue_request("R-1"), {"wang"})));
    network_.ledger.advance();
  }

  Result<Bytes> change(const std::string& method, const std::string& signer = "wang",
                       const std::string& reason = "unspecified") {
    return network_.run("credential." + method, status_request("R-1", reason), {signer});
  }
  wire::Credential record() { return network_.read<wire::Credential>("credential", "credential", "R-1"); }
  wire::CredentialStatus now() { return status_at_block(record(), network_.height(), network_.now_ms()).status; }

  Network network_;
};

TEST_F(Lifecycle, GoesFromValidToSuspendedAndBack) {
  EXPECT_EQ(now(), wire::CREDENTIAL_STATUS_VALID);
  ASSERT_TRUE(succeeds(change("suspend", "sun", "under_review")));
  EXPECT_EQ(now(), wire::CREDENTIAL_STATUS_SUSPENDED);
  EXPECT_TRUE(refused(change("suspend"), Reason::kWrongState));
  ASSERT_TRUE(succeeds(change("resume", "wang", "review_passed")));
  EXPECT_EQ(now(), wire::CREDENTIAL_STATUS_VALID);
  EXPECT_TRUE(refused(change("resume"), Reason::kWrongState));
  ASSERT_EQ(record().changes_size(), 2);
  EXPECT_EQ(record().changes(0).reason(), "under_review");
  EXPECT_EQ(record().changes(0).actor(), "sun");
  ASSERT_EQ(network_.ledger.events.size(), 3U);
  EXPECT_EQ(network_.ledger.events[1].name, "suspended");
  EXPECT_EQ(network_.ledger.events[2].name, "resumed");
}

TEST_F(Lifecycle, RefusesAChangeOfAnotherVersionThanTheSignerHasSeen) {
  const auto tag = [this] {
    return std::string(as_text(tag_of_record(*network_.ledger.context("credential").get("credential", "R-1"))));
  };
  const std::string seen = tag();
  ASSERT_TRUE(succeeds(change("suspend")));
  auto late = status_request("R-1");
  late.set_expected(seen);
  EXPECT_TRUE(refused(network_.run("credential.resume", late, {"wang"}), Reason::kPreconditionFailed));
  auto note = annotate_request("R-1");
  note.set_expected(seen);
  EXPECT_TRUE(refused(network_.run("credential.annotate", note, {"wang"}), Reason::kPreconditionFailed));
  note.set_expected(tag());
  EXPECT_TRUE(succeeds(network_.run("credential.annotate", note, {"wang"})));
  late.set_expected(tag());
  EXPECT_TRUE(succeeds(network_.run("credential.resume", late, {"wang"})));
  auto next = new_version_request("R-1", "R-2");
  next.set_expected(seen);
  EXPECT_TRUE(refused(network_.run("credential.new_version", next, {"wang"}), Reason::kPreconditionFailed));
  late.set_expected("short");
  EXPECT_TRUE(refused(network_.run("credential.suspend", late, {"wang"}), Reason::kInvalidValue));
}

TEST_F(Lifecycle, EndsWithRevocationForEver) {
  ASSERT_TRUE(succeeds(change("revoke", "sun", "fraud")));
  EXPECT_EQ(now(), wire::CREDENTIAL_STATUS_REVOKED);
  for (const char* method : {"revoke", "suspend", "resume"}) {
    const auto result = change(method);
    ASSERT_TRUE(refused(result, Reason::kWrongState)) << method;
    EXPECT_NE(result.error().detail.find("revoked"), std::string::npos);
    EXPECT_NE(result.error().detail_zh.find("已撤销"), std::string::npos);
  }
  EXPECT_TRUE(refused(network_.run("credential.annotate", annotate_request("R-1"), {"wang"}), Reason::kWrongState));
  network_.ledger.advance(400 * kDayMs);
  EXPECT_EQ(now(), wire::CREDENTIAL_STATUS_REVOKED);
}

TEST_F(Lifecycle, RevokesTheSuspendedAndTheExpired) {
  ASSERT_TRUE(succeeds(change("suspend")));
  ASSERT_TRUE(succeeds(change("revoke")));
  ASSERT_TRUE(succeeds(network_.run("credential.issue", issue_request("R-2"), {"wang"})));
  network_.ledger.advance(400 * kDayMs);
  EXPECT_TRUE(refused(network_.run("credential.suspend", status_request("R-2"), {"wang"}), Reason::kWrongState));
  EXPECT_TRUE(succeeds(network_.run("credential.revoke", status_request("R-2"), {"wang"})));
}

TEST_F(Lifecycle, IsTheIssuersBusinessOnly) {
  for (const char* method : {"suspend", "resume", "revoke"}) {
    EXPECT_TRUE(refused(change(method, "zhao"), Reason::kForbidden)) << method;
    EXPECT_TRUE(refused(change(method, "chen"), Reason::kForbidden)) << method;
    EXPECT_TRUE(refused(change(method, "resident"), Reason::kForbidden)) << method;
    EXPECT_TRUE(refused(change(method, "root"), Reason::kForbidden)) << method;
    EXPECT_TRUE(
        refused(network_.run("credential." + std::string(method), status_request("R-9"), {"wang"}), Reason::kNotFound));
  }
}

TEST_F(Lifecycle, NamesAReasonFromTheTable) {
  EXPECT_TRUE(refused(change("suspend", "wang", ""), Reason::kInvalidValue));
  EXPECT_TRUE(refused(change("revoke", "wang", "因为"), Reason::kInvalidValue));
  ASSERT_TRUE(succeeds(change("suspend")));
  ASSERT_TRUE(succeeds(change("resume", "wang", "")));
  EXPECT_EQ(record().changes(1).reason(), "unspecified");
}

TEST_F(Lifecycle, LeavesRoomForARevocationInAFullRecord) {
  int changes = 0;
  Result<Bytes> result;
  while ((result = change(changes % 2 == 0 ? "suspend" : "resume"))) {
    ++changes;
    ASSERT_LE(changes, 64);
  }
  EXPECT_TRUE(refused(result, Reason::kTooLarge));
  EXPECT_EQ(changes, 63);
  EXPECT_TRUE(succeeds(change("revoke")));
}

TEST_F(Lifecycle, TakesAnnotationsOfCommitmentsUpToALimit) {
  for (int i = 0; i < 64; ++i) {
    ASSERT_TRUE(succeeds(network_.run("credential.annotate", annotate_request("R-1"), {"wang"})));
  }
  EXPECT_EQ(record().annotations(0).actor(), "wang");
  EXPECT_EQ(record().annotations(0).height(), network_.height());
  EXPECT_TRUE(refused(network_.run("credential.annotate", annotate_request("R-1"), {"wang"}), Reason::kTooLarge));
  EXPECT_TRUE(refused(network_.run("credential.annotate", annotate_request("R-1"), {"sun"}), Reason::kForbidden));
  EXPECT_TRUE(refused(network_.run("credential.annotate", annotate_request("R-9"), {"wang"}), Reason::kNotFound));
  auto plain_text = annotate_request("R-1");
  plain_text.set_commitment("注：已核验原件");
  EXPECT_TRUE(refused(network_.run("credential.annotate", plain_text, {"wang"}), Reason::kInvalidValue));
}

TEST(StatusHistory, IsProvableFromThePresentRecord) {
  wire::Credential record;
  record.set_issued_height(10);
  record.set_issued_time_ms(1'000);
  record.set_issued_by("wang");
  record.set_valid_from_ms(1'000);
  record.set_valid_until_ms(10'000);
  const auto add = [&](wire::CredentialStatus status, std::uint64_t height, std::int64_t time_ms) {
    auto& change = *record.add_changes();
    change.set_status(status);
    change.set_height(height);
    change.set_time_ms(time_ms);
    change.set_reason("under_review");
    change.set_actor("sun");
  };
  add(wire::CREDENTIAL_STATUS_SUSPENDED, 20, 2'000);
  add(wire::CREDENTIAL_STATUS_VALID, 30, 3'000);
  add(wire::CREDENTIAL_STATUS_REVOKED, 200, 20'000);

  struct Case {
    std::uint64_t height;
    std::int64_t time_ms;
    wire::CredentialStatus status;
    std::uint64_t since_height;
    std::int64_t since_time_ms;
  };
  const std::vector<Case> cases{
      {9, 999, wire::CREDENTIAL_STATUS_NOT_ISSUED, 0, 0},
      {10, 1'000, wire::CREDENTIAL_STATUS_VALID, 10, 1'000},
      {19, 1'999, wire::CREDENTIAL_STATUS_VALID, 10, 1'000},
      {20, 2'000, wire::CREDENTIAL_STATUS_SUSPENDED, 20, 2'000},
      {29, 2'999, wire::CREDENTIAL_STATUS_SUSPENDED, 20, 2'000},
      {30, 3'000, wire::CREDENTIAL_STATUS_VALID, 30, 3'000},
      {99, 9'999, wire::CREDENTIAL_STATUS_VALID, 30, 3'000},
      {100, 10'000, wire::CREDENTIAL_STATUS_EXPIRED, 0, 10'000},
      {199, 19'999, wire::CREDENTIAL_STATUS_EXPIRED, 0, 10'000},
      {200, 20'000, wire::CREDENTIAL_STATUS_REVOKED, 200, 20'000},
      {1'000, 100'000, wire::CREDENTIAL_STATUS_REVOKED, 200, 20'000},
  };
  for (const Case& each : cases) {
    const StatusAt at = status_at_block(record, each.height, each.time_ms);
    EXPECT_EQ(at.status, each.status) << each.height;
    EXPECT_EQ(at.since_height, each.since_height) << each.height;
    EXPECT_EQ(at.since_time_ms, each.since_time_ms) << each.height;
    EXPECT_EQ(status_at_time(record, each.time_ms), at) << each.time_ms;
  }
  EXPECT_EQ(status_at_time(record, 2'500).reason, "under_review");
  EXPECT_EQ(status_at_time(record, 2'500).actor, "sun");
}

TEST(StatusHistory, BeginsWithThePeriod) {
  wire::Credential record;
  record.set_issued_height(10);
  record.set_issued_time_ms(1'000);
  record.set_valid_from_ms(5'000);
  EXPECT_EQ(status_at_time(record, 4'999).status, wire::CREDENTIAL_STATUS_NOT_YET_VALID);
  EXPECT_EQ(status_at_time(record, 5'000).status, wire::CREDENTIAL_STATUS_VALID);
  EXPECT_EQ(status_at_time(record, 6'000).since_time_ms, 5'000);
  EXPECT_EQ(status_at_time(record, 253'402'300'799'999).status, wire::CREDENTIAL_STATUS_VALID);
}

TEST(StatusHistory, TakesTheLastOfSeveralChangesInABlock) {
  wire::Credential record;
  record.set_issued_height(10);
  record.set_issued_time_ms(1'000);
  for (const auto status : {wire::CREDENTIAL_STATUS_SUSPENDED, wire::CREDENTIAL_STATUS_VALID}) {
    auto& change = *record.add_changes();
    change.set_status(status);
    change.set_height(10);
    change.set_time_ms(1'000);
  }
  EXPECT_EQ(status_at_block(record, 10, 1'000).status, wire::CREDENTIAL_STATUS_VALID);
}

TEST(Words, CoverEveryStatusInBothLanguages) {
  for (int number = wire::CredentialStatus_MIN; number <= wire::CredentialStatus_MAX; ++number) {
    const auto status = static_cast<wire::CredentialStatus>(number);
    EXPECT_EQ(status_words(status).status, status);
    EXPECT_FALSE(status_words(status).zh.empty());
    EXPECT_FALSE(status_words(status).en.empty());
    EXPECT_EQ(status_words(status).final, is_terminal(status));
    EXPECT_EQ(status_words(status).next_zh.empty(), status_words(status).next_en.empty());
  }
  EXPECT_EQ(status_words(static_cast<wire::CredentialStatus>(99)).status, wire::CREDENTIAL_STATUS_UNSPECIFIED);
  for (const ReasonWords& words : all_reason_words()) EXPECT_EQ(reason_words(words.code), &words);
  EXPECT_EQ(reason_words("nothing"), nullptr);
}

}  // namespace
}  // namespace chancery::contracts::credential
