#include <thread>

#include "base/failpoint.h"
#include "contracts/credential/commitment.h"
#include "contracts/credential/issuance.h"
#include "documents/sd_jwt/sd_jwt_vc.h"
#include "node/services/testing/desk_fixture.h"

namespace chancery::node {
namespace {

using testing::DeskTest;

class CredentialDeskTest : public DeskTest {};

TEST_P(CredentialDeskTest, IssuesAndAnswersWithTheFinalRecord) {
  const CredentialWritten written = issued(residence());
  EXPECT_EQ(written.view.status, "valid");
  EXPECT_EQ(written.view.issuer, "mawei");
  EXPECT_EQ(written.view.type_name_zh, "居住证明");
  EXPECT_EQ(written.view.issued_by, "wang");
  EXPECT_EQ(written.view.valid_until_ms - written.view.valid_from_ms, std::int64_t{365} * 86'400'000);
  EXPECT_GT(written.submitted.height, 0U);
  const auto receipt = node_->ledger().receipt(written.submitted.leaf_index);
  ASSERT_TRUE(receipt);
  EXPECT_TRUE(ledger::verify_receipt(*receipt, network_->trust()).passed);
}

TEST_P(CredentialDeskTest, AssignsNationalIdentifiersWithTheirCheckCharacter) {
  IssueRequest request = residence();
  request.type = "licence";
  const CredentialWritten written = issued(request);
  const auto id = parse_certificate_identifier(written.id);
  ASSERT_TRUE(id) << written.id;
  EXPECT_EQ(id->issuer_code, uscc_);
  const auto next = services_->credentials().new_version(*wang_, written.id, residence(), "", "");
  ASSERT_TRUE(next) << next.error().message();
  EXPECT_EQ(parse_certificate_identifier(next->id)->version, 2U);
  EXPECT_EQ(services_->credentials().verdict(written.id)->kind, VerdictKind::kSuperseded);
}

TEST_P(CredentialDeskTest, RefusesFieldsThatDoNotFitTheSchemaBeforeAnythingIsKept) {
  IssueRequest request = residence();
  request.fields["id_number"] = "350105199001011234";
  const auto refused = services_->credentials().issue(*wang_, request, "");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kSchemaMismatch);
  EXPECT_EQ(refused.error().detail.find("350105199001011234"), std::string::npos);
  EXPECT_EQ(blobs_on_disk(), 0U);
  EXPECT_EQ(node_->ledger().head().tree_size, 0U);
}

TEST_P(CredentialDeskTest, ARefusedTransactionLeavesNoPersonalDataBehind) {
  const auto refused = services_->credentials().issue(
      *chen_,
      [&] {
        IssueRequest request = residence();
        request.issuer = "mawei";
        return request;
      }(),
      "");
  EXPECT_EQ(refused.error().reason, Reason::kForbidden);
  EXPECT_EQ(blobs_on_disk(), 0U);
}

TEST_P(CredentialDeskTest, ASecondIssueOfAnIdLeavesTheFirstOnesFieldsAlone) {
  IssueRequest request = residence("甲");
  request.id = "R-1";
  issued(request);
  request.fields["name"] = "乙";
  EXPECT_EQ(services_->credentials().issue(*wang_, request, "").error().reason, Reason::kAlreadyExists);
  const auto fields = services_->credentials().fields(*wang_, "R-1", {"name"}, "复核");
  ASSERT_TRUE(fields) << fields.error().message();
  EXPECT_EQ(fields->front().value, "甲");
  EXPECT_EQ(blobs_on_disk(), 1U);
}

TEST_P(CredentialDeskTest, TheSameKeyGivesTheSameAnswerAlsoAfterARestart) {
  const IssueRequest request = residence();
  const CredentialWritten first = issued(request, "key-1");
  const CredentialWritten second = issued(request, "key-1");
  EXPECT_EQ(second.id, first.id);
  EXPECT_TRUE(second.submitted.repeated);
  restart();
  const CredentialWritten third = issued(request, "key-1");
  EXPECT_EQ(third.id, first.id);
  EXPECT_EQ(third.submitted.transaction_id, first.submitted.transaction_id);
  EXPECT_EQ(node_->ledger().head().tree_size, 1U);
  EXPECT_EQ(blobs_on_disk(), 1U);
}

TEST_P(CredentialDeskTest, TheSameKeyForAnotherRequestIsRefused) {
  issued(residence("甲"), "key-1");
  const auto other = services_->credentials().issue(*wang_, residence("乙"), "key-1");
  EXPECT_EQ(other.error().reason, Reason::kIdempotencyMismatch);
}

TEST_P(CredentialDeskTest, KeysOfTwoAccountsDoNotMeet) {
  issued(residence("甲"), "key-1");
  EXPECT_NE(services_->credentials().issue(*chen_, residence("乙"), "key-1").error().reason,
            Reason::kIdempotencyMismatch);
}

TEST_P(CredentialDeskTest, ManyAtOnceUnderOneKeyIssueOnce) {
  const IssueRequest request = residence();
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::set<std::string> ids;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto written = services_->credentials().issue(*wang_, request, "key-1");
      const std::lock_guard lock(mutex);
      ids.insert(written ? written->id : written.error().message());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ids.size(), 1U);
  EXPECT_EQ(node_->ledger().head().tree_size, 1U);
  EXPECT_EQ(blobs_on_disk(), 1U);
}

TEST_P(CredentialDeskTest, ARefusalIsTheAnswerOfItsKeyToo) {
  IssueRequest request = residence();
  request.id = "R-1";
  issued(request, "first");
  EXPECT_EQ(services_->credentials().issue(*wang_, request, "second").error().reason, Reason::kAlreadyExists);
  const std::uint64_t entries = node_->ledger().head().tree_size;
  EXPECT_EQ(services_->credentials().issue(*wang_, request, "second").error().reason, Reason::kAlreadyExists);
  EXPECT_EQ(node_->ledger().head().tree_size, entries);
}

TEST_P(CredentialDeskTest, ACrashBetweenBlobAndTransactionLeavesAnOrphanThatIsSwept) {
  const CredentialWritten kept = issued(residence());
  failpoint::arm("desk.after_blob=error");
  EXPECT_FALSE(services_->credentials().issue(*wang_, residence(), "key-1"));
  failpoint::arm("");
  EXPECT_EQ(blobs_on_disk(), 2U);
  restart();
  EXPECT_EQ(*services_->sweep_orphans(), 0U) << "it could still be on its way";
  clock_.advance_ms(10 * 60 * 1000);
  EXPECT_EQ(*services_->sweep_orphans(), 1U);
  EXPECT_EQ(blobs_on_disk(), 1U);
  EXPECT_TRUE(services_->credentials().fields(*wang_, kept.id, {}, "复核"));
  // The client's repetition finds nothing in its way.
  EXPECT_TRUE(services_->credentials().issue(*wang_, residence(), "key-1"));
}

TEST_P(CredentialDeskTest, LivesThroughSuspensionResumptionAndRevocation) {
  auto& desk = services_->credentials();
  const std::string id = issued(residence()).id;
  EXPECT_EQ(desk.verdict(id)->kind, VerdictKind::kValid);
  ASSERT_TRUE(desk.suspend(*wang_, id, "under_review", "", ""));
  EXPECT_EQ(desk.verdict(id)->kind, VerdictKind::kSuspended);
  ASSERT_TRUE(desk.resume(*wang_, id, "review_passed", "", ""));
  const auto revoked = desk.revoke(*wang_, id, "fraud", "", "");
  ASSERT_TRUE(revoked) << revoked.error().message();
  EXPECT_EQ(revoked->view.changes.size(), 3U);
  const auto verdict = desk.verdict(id);
  EXPECT_EQ(verdict->kind, VerdictKind::kRevoked);
  EXPECT_EQ(verdict->word_zh, "已撤销");
  EXPECT_EQ(verdict->by_zh, "马尾区政务服务中心");
  EXPECT_EQ(verdict->reason_code, "fraud");
  EXPECT_EQ(verdict->since_height, revoked->submitted.height);
  EXPECT_EQ(desk.resume(*wang_, id, "", "", "").error().reason, Reason::kWrongState);
  EXPECT_EQ(desk.status_at_height(id, revoked->submitted.height - 1)->status, "valid");
  EXPECT_EQ(desk.status_at_height(id, revoked->submitted.height)->status, "revoked");
  EXPECT_EQ(desk.status_at_height(id, node_->ledger().head().height + 1).error().reason, Reason::kInvalidValue);
}

TEST_P(CredentialDeskTest, VerdictsOfStrangersAreUnknown) {
  for (const std::string& id : {std::string("nothing"), std::string(), std::string(10'000, 'x'), std::string("<b>")}) {
    const auto verdict = services_->credentials().verdict(id);
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->kind, VerdictKind::kUnknown);
    EXPECT_EQ(verdict->word_zh, "查无此证");
  }
}

TEST_P(CredentialDeskTest, ExpiresByItself) {
  IssueRequest request = residence();
  request.valid_until_ms = clock_.now_ms() + 60'000;
  const std::string id = issued(request).id;
  clock_.advance_ms(61'000);
  EXPECT_EQ(services_->credentials().verdict(id)->kind, VerdictKind::kExpired);
  EXPECT_EQ(services_->credentials().view(id)->status, "expired");
}

TEST_P(CredentialDeskTest, ActsOnlyOnTheVersionThatTheClientSaw) {
  auto& desk = services_->credentials();
  const CredentialWritten written = issued(residence());
  ASSERT_TRUE(desk.suspend(*wang_, written.id, "under_review", written.view.etag, ""));
  EXPECT_EQ(desk.resume(*wang_, written.id, "", "\"" + written.view.etag + "\"", "").error().reason,
            Reason::kPreconditionFailed);
  const std::string now = desk.view(written.id)->etag;
  EXPECT_TRUE(desk.resume(*wang_, written.id, "", "\"" + now + "\"", ""));
}

TEST_P(CredentialDeskTest, NobodyOutsideTheOfficeSeesFieldsAndEveryLookIsOnRecord) {
  auto& desk = services_->credentials();
  const std::string id = issued(residence("陈小榕")).id;
  EXPECT_EQ(desk.fields(*chen_, id, {}, "好奇").error().reason, Reason::kForbidden);
  EXPECT_EQ(desk.fields(*wang_, id, {}, "").error().reason, Reason::kInvalidValue);
  EXPECT_TRUE(services_->access_log().list("", 10)->empty());
  const auto fields = desk.fields(*wang_, id, {"name"}, "窗口核对");
  ASSERT_TRUE(fields) << fields.error().message();
  EXPECT_EQ(fields->size(), 1U);
  EXPECT_EQ(fields->front().value, "陈小榕");
  const auto log = services_->access_log().list("credential/" + id, 10);
  ASSERT_EQ(log->size(), 1U);
  EXPECT_EQ(log->front().account, "wang");
  EXPECT_EQ(log->front().purpose, "窗口核对");
  EXPECT_EQ(log->front().fields, std::vector<std::string>{"name"});
}

TEST_P(CredentialDeskTest, KeepsAnnotationsOffTheChain) {
  auto& desk = services_->credentials();
  const std::string id = issued(residence()).id;
  const auto annotated = desk.annotate(*wang_, id, "持证人已搬迁", "", "");
  ASSERT_TRUE(annotated) << annotated.error().message();
  ASSERT_EQ(annotated->view.annotations.size(), 1U);
  const auto texts = desk.annotation_texts(*wang_, id, "复核");
  ASSERT_EQ(texts->size(), 1U);
  EXPECT_EQ(texts->front().text, "持证人已搬迁");
  EXPECT_EQ(texts->front().commitment, annotated->view.annotations[0].commitment);
}

TEST_P(CredentialDeskTest, ProvesSingleFieldsAgainstTheRecord) {
  auto& desk = services_->credentials();
  const CredentialWritten written = issued(residence("陈小榕"));
  const auto proofs = desk.field_proofs(*wang_, written.id, {"name"}, "出证");
  ASSERT_TRUE(proofs) << proofs.error().message();
  const Json& field = proofs->at("fields").at(0);
  contracts::credential::FieldProof proof;
  proof.index = field.at("index").get<std::uint64_t>();
  proof.count = proofs->at("count").get<std::uint64_t>();
  for (const Json& step : field.at("proof")) proof.path.push_back(*to_digest(*from_base64(step.get<std::string>())));
  contracts::credential::Salt salt{};
  std::ranges::copy(*from_base64(field.at("salt").get<std::string>()), salt.begin());
  const auto hash = network_->genesis().suite->hash;
  EXPECT_TRUE(contracts::credential::verify_field(hash, written.view.fields_root, proof, salt, "name", "陈小榕"));
  EXPECT_FALSE(contracts::credential::verify_field(hash, written.view.fields_root, proof, salt, "name", "陈大榕"));
}

TEST_P(CredentialDeskTest, DisclosesOnlyWhatWasChosenInAnSdJwt) {
  const CredentialWritten written = issued(residence("陈小榕"));
  const auto sd_jwt = services_->credentials().sd_jwt(*wang_, written.id, {"name"}, {}, "出证");
  ASSERT_TRUE(sd_jwt) << sd_jwt.error().message();
  const auto parsed = documents::parse_sd_jwt(*sd_jwt);
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->disclosures.size(), 1U);
  EXPECT_EQ(parsed->disclosures[0].value, "陈小榕");
  EXPECT_EQ(parsed->payload.at("_sd").size(), 3U);
  EXPECT_EQ(parsed->payload.at("vct"), "urn:test:residence");
  ASSERT_TRUE(services_->credentials().revoke(*wang_, written.id, "fraud", "", ""));
  EXPECT_EQ(services_->credentials().sd_jwt(*wang_, written.id, {"name"}, {}, "出证").error().reason,
            Reason::kWrongState);
}

TEST_P(CredentialDeskTest, ErasedFieldsAreGoneAndTheRecordStays) {
  auto& desk = services_->credentials();
  const std::string id = issued(residence()).id;
  ASSERT_TRUE(desk.erase_fields(*wang_, id, "保管期满"));
  EXPECT_EQ(desk.fields(*wang_, id, {}, "复核").error().reason, Reason::kGone);
  EXPECT_EQ(desk.verdict(id)->kind, VerdictKind::kValid);
  EXPECT_TRUE(desk.receipt(id));
}

TEST_P(CredentialDeskTest, AReceiptCarriesTheIssuingTransactionAndTheRecordAsItIsNow) {
  auto& desk = services_->credentials();
  std::vector<IssueRequest> requests;
  for (int i = 0; i < 20; ++i) requests.push_back(residence());
  const auto written = desk.issue_many(*wang_, requests, "many");
  const std::string id = written[13]->id;
  ASSERT_TRUE(desk.revoke(*wang_, id, "fraud", "", ""));
  for (const std::string& each : {id, written[0]->id, written[19]->id}) {
    const auto receipt = desk.receipt(each);
    ASSERT_TRUE(receipt) << receipt.error().message();
    const auto verification = ledger::verify_receipt(*receipt, network_->trust());
    ASSERT_TRUE(verification.passed);
    ASSERT_TRUE(verification.entry);
    ASSERT_EQ(receipt->records.size(), 1U);
    wire::Credential record;
    ASSERT_TRUE(
        record.ParseFromArray(receipt->records[0].value->data(), static_cast<int>(receipt->records[0].value->size())));
    EXPECT_EQ(record.changes_size(), each == id ? 1 : 0);
    EXPECT_TRUE(contracts::credential::check_issuance(each, record, *verification.entry).held);
  }
  const auto absent = desk.receipt("never-issued");
  ASSERT_TRUE(absent);
  EXPECT_TRUE(absent->entry.empty());
  EXPECT_FALSE(absent->records.at(0).value);
}

TEST_P(CredentialDeskTest, ListsByHolderThroughTheSamePseudonym) {
  IssueRequest first = residence();
  IssueRequest second = residence();
  second.fields["id_number"] = first.fields["id_number"];
  issued(first);
  issued(second);
  issued(residence());
  ASSERT_TRUE(services_->follow_to_head());
  readmodel::CredentialFilter filter;
  filter.holder = services_->credentials().holder_commitment(first.fields["id_number"].get<std::string>());
  EXPECT_EQ(services_->read_model().credentials(filter, {})->items.size(), 2U);
}

TEST_P(CredentialDeskTest, IssuesManyWithAnAnswerEach) {
  std::vector<IssueRequest> requests;
  for (int i = 0; i < 60; ++i) requests.push_back(residence("持证人" + std::to_string(i)));
  requests[7].fields.erase("name");
  requests[20].id = requests[21].id = "R-twice";
  std::size_t last = 0;
  const auto answers = services_->credentials().issue_many(*wang_, requests, "batch-1",
                                                           [&](std::size_t done, std::size_t) { last = done; });
  ASSERT_EQ(answers.size(), 60U);
  EXPECT_EQ(last, 60U);
  std::size_t good = 0;
  for (const auto& answer : answers) good += answer ? 1 : 0;
  EXPECT_EQ(good, 58U);
  EXPECT_EQ(answers[7].error().reason, Reason::kSchemaMismatch);
  EXPECT_EQ(blobs_on_disk(), 58U);
  const auto again = services_->credentials().issue_many(*wang_, requests, "batch-1");
  for (std::size_t i = 0; i < again.size(); ++i) {
    ASSERT_EQ(again[i].has_value(), answers[i].has_value()) << i;
    if (again[i]) {
      EXPECT_EQ(again[i]->id, answers[i]->id);
    }
  }
  EXPECT_EQ(blobs_on_disk(), 58U);
}

TEST_P(CredentialDeskTest, DefinesAndUpdatesTypes) {
  DefineTypeRequest request;
  request.id = "permit";
  request.name_zh = "临时许可";
  request.issuers = {"mawei"};
  request.schema = R"({"type":"object","required":["holder_id"]})";
  ASSERT_TRUE(services_->credentials().define_type(*wang_, request, "t1"));
  IssueRequest issue;
  issue.type = "permit";
  issue.fields = {{"holder_id", "X1"}};
  EXPECT_TRUE(services_->credentials().issue(*wang_, issue, ""));
  request.schema = R"({"type":"object","required":["holder_id","until"]})";
  ASSERT_TRUE(services_->credentials().update_type(*wang_, request, 1, "t2"));
  EXPECT_EQ(services_->credentials().issue(*wang_, issue, "").error().reason, Reason::kSchemaMismatch);
  request.schema = R"({"type":7})";
  EXPECT_FALSE(services_->credentials().update_type(*wang_, request, 2, "t3"));
}

INSTANTIATE_TEST_SUITE_P(Suites, CredentialDeskTest, ::testing::Values("intl", "gm"),
                         [](const auto& suite) { return suite.param; });

}  // namespace
}  // namespace chancery::node
