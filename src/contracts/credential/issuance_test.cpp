#include "contracts/credential/issuance.h"

#include <gtest/gtest.h>

namespace chancery::contracts::credential {
namespace {

/// The entry of a transaction with one call, and one event of it.
wire::Entry entry_of(const std::string& contract, const std::string& event, const std::string& subject) {
  wire::Body body;
  wire::Call& call = *body.add_calls();
  call.set_contract(contract);
  call.set_method("issue");
  wire::Transaction transaction;
  transaction.set_body(body.SerializeAsString());
  wire::Entry entry;
  entry.set_transaction(transaction.SerializeAsString());
  entry.set_height(12);
  wire::Event& emitted = *entry.add_events();
  emitted.set_name(event);
  emitted.set_subject(subject);
  return entry;
}

wire::Credential record_of_block(std::uint64_t height) {
  wire::Credential record;
  record.set_issued_height(height);
  return record;
}

TEST(Issuance, HoldsForTheTransactionThatIssuedIt) {
  const IssuanceFinding finding = check_issuance("R-1", record_of_block(12), entry_of("credential", "issued", "R-1"));
  EXPECT_TRUE(finding.held);
  EXPECT_NE(finding.text_zh.find("R-1"), std::string::npos);
  EXPECT_NE(finding.text_en.find("block 12"), std::string::npos);
}

TEST(Issuance, RefusesATransactionThatIssuedAnother) {
  EXPECT_FALSE(check_issuance("R-1", record_of_block(12), entry_of("credential", "issued", "R-2")).held);
}

TEST(Issuance, RefusesWhatOnlyChangedIt) {
  EXPECT_FALSE(check_issuance("R-1", record_of_block(12), entry_of("credential", "suspended", "R-1")).held);
}

TEST(Issuance, RefusesTheSameWordOfAnotherContract) {
  EXPECT_FALSE(check_issuance("R-1", record_of_block(12), entry_of("seal", "issued", "R-1")).held);
}

TEST(Issuance, RefusesAnotherBlockThanTheRecordNames) {
  EXPECT_FALSE(check_issuance("R-1", record_of_block(13), entry_of("credential", "issued", "R-1")).held);
}

TEST(Issuance, RefusesATransactionWithoutEffect) {
  wire::Entry entry = entry_of("credential", "issued", "R-1");
  entry.set_reason("permission.forbidden");
  EXPECT_FALSE(check_issuance("R-1", record_of_block(12), entry).held);
}

TEST(Issuance, RefusesAnEventOfACallThatIsNotThere) {
  wire::Entry entry = entry_of("credential", "issued", "R-1");
  entry.mutable_events(0)->set_call(1);
  EXPECT_FALSE(check_issuance("R-1", record_of_block(12), entry).held);
}

}  // namespace
}  // namespace chancery::contracts::credential
