#include "contracts/evidence.pb.h"
#include "contracts/evidence/contract.h"
#include "contracts/evidence/number.h"
#include "contracts/evidence/words.h"
#include "contracts/identity.pb.h"
#include "contracts/testing/expect.h"
#include "contracts/testing/network.h"
#include "contracts/testing/requests.h"

namespace chancery::contracts::evidence {
namespace {

using testing::deposit_request;
using testing::Network;
using testing::refused;
using testing::succeeds;

const std::string kMatter = "（2026）闽0105民初123号";

wire::DepositBatch batch_request(std::uint64_t count) {
  wire::DepositBatch out;
  out.set_root(std::string(32, 'r'));
  out.set_count(count);
  out.set_hash_algorithm(2);
  out.set_phase("fixed");
  return out;
}

std::string number_of(const Result<Bytes>& result) {
  return result ? to_string(*result) : result.error().message();
}

wire::Evidence read(Network& network, const std::string& number) {
  return network.read<wire::Evidence>("evidence", "evidence", number);
}

TEST(Deposit, AnswersWithTheNumberOfItsRecord) {
  Network network;
  network.ledger.records.writes = 0;
  const auto result = network.run("evidence.deposit", deposit_request(), {"chen"});
  ASSERT_TRUE(succeeds(result));
  EXPECT_EQ(network.ledger.records.writes, 1);
  const std::string number = number_of(result);
  EXPECT_TRUE(succeeds(check_number(number))) << number;
  EXPECT_TRUE(number.starts_with("CE20260921")) << number;  // 1,790,000,000 s is 2026-09-21 22:13 at UTC+8
  const auto record = read(network, number);
  EXPECT_EQ(record.sm3(), std::string(32, 'd'));
  EXPECT_EQ(record.owner(), "mawei");
  EXPECT_EQ(record.depositor(), "chen");
  EXPECT_EQ(record.collector(), "chen");
  EXPECT_EQ(record.time_ms(), network.now_ms());
  EXPECT_EQ(record.matter_index(), 0U);
  ASSERT_EQ(network.ledger.events.size(), 1U);
  EXPECT_EQ(network.ledger.events[0].name, "deposited");
  EXPECT_EQ(as_text(network.ledger.events[0].subject), number);
}

TEST(Deposit, LinksThePhasesOfAMatter) {
  Network network;
  std::vector<std::string> numbers;
  for (int i = 0; i < 5; ++i) {
    const auto result =
        network.run("evidence.deposit", deposit_request(kMatter, i < 2 ? "" : numbers.back()), {"chen"});
    ASSERT_TRUE(succeeds(result));
    numbers.push_back(number_of(result));
    network.ledger.advance();
  }
  const auto matter = network.read<wire::Matter>("evidence", "matter", matter_key("mawei", kMatter));
  EXPECT_EQ(matter.count(), 5U);
  EXPECT_EQ(matter.last(), numbers.back());
  EXPECT_EQ(matter.first_height(), 10U);
  EXPECT_EQ(matter.last_height(), 14U);
  std::uint64_t index = matter.count();
  for (std::string number = matter.last(); !number.empty(); number = read(network, number).previous()) {
    EXPECT_EQ(read(network, number).matter_index(), index--);
  }
  EXPECT_EQ(index, 0U);
}

TEST(Deposit, RefusesToForkAMatter) {
  Network network;
  const std::string first = number_of(network.run("evidence.deposit", deposit_request(kMatter), {"chen"}));
  const std::string second = number_of(network.run("evidence.deposit", deposit_request(kMatter, first), {"chen"}));
  const auto fork = network.run("evidence.deposit", deposit_request(kMatter, first), {"chen"});
  ASSERT_TRUE(refused(fork, Reason::kConflict));
  EXPECT_NE(fork.error().detail.find(second), std::string::npos);
  EXPECT_TRUE(refused(network.run("evidence.deposit", deposit_request("M-new", first), {"chen"}), Reason::kConflict));
  EXPECT_TRUE(refused(network.run("evidence.deposit", deposit_request("", first), {"chen"}), Reason::kInvalidValue));
}

TEST(Deposit, KeepsTheMattersOfOwnersApart) {
  Network network;
  const auto ours = read(network, number_of(network.run("evidence.deposit", deposit_request(kMatter), {"chen"})));
  const auto theirs = read(network, number_of(network.run("evidence.deposit", deposit_request(kMatter), {"zhao"})));
  const auto citizens =
      read(network, number_of(network.run("evidence.deposit", deposit_request(kMatter), {"resident"})));
  EXPECT_EQ(ours.matter_index(), 1U);
  EXPECT_EQ(theirs.matter_index(), 1U);
  EXPECT_EQ(citizens.matter_index(), 1U);
  EXPECT_EQ(citizens.owner(), "@resident");
}

TEST(Deposit, RefusesFieldsThatBreakTheirRules) {
  Network network;
  const auto deposit = [&](auto change) {
    auto request = deposit_request();
    change(request);
    return network.run("evidence.deposit", request, {"chen"});
  };
  EXPECT_TRUE(refused(deposit([](auto& r) { r.clear_sm3(); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(deposit([](auto& r) { r.set_sm3("short"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(deposit([](auto& r) { r.set_sha256("short"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(deposit([](auto& r) { r.set_size_bytes(~std::uint64_t{0}); }), Reason::kTooLarge));
  EXPECT_TRUE(refused(deposit([](auto& r) { r.set_media_type("video mp4"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(deposit([](auto& r) { r.set_phase("whenever"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(deposit([](auto& r) { r.set_phase(""); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(deposit([](auto& r) { r.set_matter(std::string(65, 'm')); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(deposit([](auto& r) { r.set_matter("a\nb"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(deposit([](auto& r) { r.set_collector("Camera 7"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(deposit([](auto& r) { r.set_environment("short"); }), Reason::kInvalidValue));
  EXPECT_TRUE(succeeds(deposit([](auto& r) {
    r.clear_sm3();
    r.set_sha256(std::string(32, 's'));
    r.set_collector("camera-7");
    r.set_environment(std::string(32, 'e'));
  })));
}

TEST(Deposit, OfTheSameDigestIsAnotherDeposit) {
  Network network;
  const std::string one = number_of(network.run("evidence.deposit", deposit_request(), {"chen"}));
  const std::string two = number_of(network.run("evidence.deposit", deposit_request(), {"chen"}));
  EXPECT_NE(one, two);
}

TEST(BatchDeposit, IsOneRecordForManyDigests) {
  Network network;
  network.ledger.records.writes = 0;
  const auto result = network.run("evidence.deposit_batch", batch_request(1'000'000), {"feeder"});
  ASSERT_TRUE(succeeds(result));
  EXPECT_EQ(network.ledger.records.writes, 1);
  const auto record = read(network, number_of(result));
  EXPECT_EQ(record.batch().count(), 1'000'000U);
  EXPECT_EQ(record.batch().root(), std::string(32, 'r'));
  EXPECT_TRUE(record.sm3().empty());
  EXPECT_EQ(network.ledger.events[0].name, "deposited_batch");
}

TEST(BatchDeposit, RefusesCountsAndHashesThatItDoesntKnow) {
  Network network;
  const auto deposit = [&](auto change) {
    auto request = batch_request(3);
    change(request);
    return network.run("evidence.deposit_batch", request, {"chen"});
  };
  EXPECT_TRUE(refused(deposit([](auto& r) { r.set_count(0); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(deposit([](auto& r) { r.set_count(1'000'001); }), Reason::kTooLarge));
  EXPECT_TRUE(refused(deposit([](auto& r) { r.set_hash_algorithm(0); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(deposit([](auto& r) { r.set_hash_algorithm(258); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(deposit([](auto& r) { r.set_root("short"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(deposit([](auto& r) { r.set_phase("x"); }), Reason::kInvalidValue));
}

TEST(Custody, IsHandedOnByWhoHasIt) {
  Network network;
  const std::string number = number_of(network.run("evidence.deposit", deposit_request(), {"chen"}));
  const auto hand = [&](const std::string& to, const std::string& signer) {
    wire::TransferCustody request;
    request.set_number(number);
    request.set_to(to);
    request.set_statement(std::string(32, 's'));
    return network.run("evidence.transfer_custody", request, {signer});
  };
  EXPECT_TRUE(refused(hand("gulou", "zhao"), Reason::kForbidden));
  EXPECT_TRUE(refused(hand("mawei", "chen"), Reason::kWrongState));
  ASSERT_TRUE(succeeds(hand("gulou", "chen")));
  EXPECT_TRUE(refused(hand("firm", "chen"), Reason::kForbidden));
  ASSERT_TRUE(succeeds(hand("@resident", "zhao")));
  EXPECT_TRUE(refused(hand("firm", "zhao"), Reason::kForbidden));
  ASSERT_TRUE(succeeds(hand("firm", "resident")));
  const auto record = read(network, number);
  ASSERT_EQ(record.custody_size(), 3);
  EXPECT_EQ(record.custody(2).to(), "firm");
  EXPECT_EQ(record.custody(2).actor(), "resident");
  EXPECT_EQ(record.owner(), "mawei");
  EXPECT_EQ(network.ledger.events.back().name, "custody_transferred");
}

TEST(Custody, IsNotHandedToNobody) {
  Network network;
  const std::string number = number_of(network.run("evidence.deposit", deposit_request(), {"chen"}));
  const auto hand = [&](const std::string& which, const std::string& to) {
    wire::TransferCustody request;
    request.set_number(which);
    request.set_to(to);
    return network.run("evidence.transfer_custody", request, {"chen"});
  };
  EXPECT_TRUE(refused(hand(number, "nowhere"), Reason::kNotFound));
  EXPECT_TRUE(refused(hand(number, "@nobody"), Reason::kNotFound));
  EXPECT_TRUE(refused(hand(number, "@zhao"), Reason::kInvalidValue));
  EXPECT_TRUE(refused(hand("CE20260101", "gulou"), Reason::kMalformed));
  std::string mistyped = number;
  mistyped.back() = mistyped.back() == 'A' ? 'B' : 'A';
  EXPECT_TRUE(refused(hand(mistyped, "gulou"), Reason::kBadCheckDigit));
  wire::ChangeOrganisationState suspension;
  suspension.set_id("gulou");
  suspension.set_reason("x");
  ASSERT_TRUE(succeeds(network.run("identity.suspend_organisation", suspension, {"root"})));
  EXPECT_TRUE(refused(hand(number, "gulou"), Reason::kForbidden));
}

TEST(EvidenceNumber, IsCheckedByItsForm) {
  const std::string number = make_number(crypto::HashAlgorithm::kSm3, 1'790'000'000'000, Digest{}, 0);
  EXPECT_EQ(number.size(), kNumberChars);
  EXPECT_TRUE(succeeds(check_number(number)));
  EXPECT_NE(number, make_number(crypto::HashAlgorithm::kSm3, 1'790'000'000'000, Digest{}, 1));
  int caught = 0;
  for (std::size_t i = 0; i < number.size(); ++i) {
    std::string changed = number;
    changed[i] = changed[i] == '1' ? '2' : '1';
    caught += check_number(changed).has_value() ? 0 : 1;
  }
  EXPECT_EQ(caught, static_cast<int>(number.size()));
  for (const char* wrong : {"", "CE", "CE20261301000000000000000AX", "XX20260101000000000000000AX"}) {
    EXPECT_TRUE(refused(check_number(wrong), Reason::kMalformed)) << wrong;
  }
  // Midnight in China.
  EXPECT_TRUE(make_number(crypto::HashAlgorithm::kSm3, 1'767'196'800'000 - 1, Digest{}, 0).starts_with("CE20251231"));
  EXPECT_TRUE(make_number(crypto::HashAlgorithm::kSm3, 1'767'196'800'000, Digest{}, 0).starts_with("CE20260101"));
}

TEST(PhaseWords, AreFoundByTheirCode) {
  for (const PhaseWords& words : all_phase_words()) {
    EXPECT_EQ(phase_words(words.code), &words);
    EXPECT_FALSE(words.zh.empty() || words.en.empty());
  }
  EXPECT_EQ(phase_words("nothing"), nullptr);
}

TEST(Evidence, RefusesUnknownMethods) {
  Network network;
  EXPECT_TRUE(refused(network.run("evidence.forget", deposit_request(), {"chen"}), Reason::kUnknownMethod));
}

}  // namespace
}  // namespace chancery::contracts::evidence
