#include "contracts/credential.pb.h"
#include "contracts/testing/expect.h"
#include "contracts/testing/network.h"
#include "contracts/testing/requests.h"
#include "crypto/hash.h"

namespace chancery::contracts::credential {
namespace {

using testing::issue_request;
using testing::Network;
using testing::refused;
using testing::succeeds;

const std::string kSchema = R"({"type":"object","required":["name"]})";

wire::DefineType definition(const std::string& id) {
  wire::DefineType out;
  wire::CredentialType& type = *out.mutable_type();
  type.set_id(id);
  type.set_name_zh("无犯罪记录证明");
  type.set_name_en("No criminal record");
  type.add_issuers("gulou");
  type.set_id_scheme(wire::ID_SCHEME_PLAIN);
  type.set_retention(wire::RETENTION_CLASS_30_YEARS);
  out.set_schema(kSchema);
  return out;
}

wire::UpdateType update(const std::string& id) {
  wire::UpdateType out;
  *out.mutable_type() = definition(id).type();
  return out;
}

TEST(Types, AreDefinedByTheirFirstIssuer) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("credential.define_type", definition("no-record"), {"li"})));
  const auto type = network.read<wire::CredentialType>("credential", "type", "no-record");
  EXPECT_EQ(type.version(), 1U);
  EXPECT_EQ(type.changed_height(), network.height());
  EXPECT_EQ(type.schema_digest(), to_string(crypto::hash(crypto::HashAlgorithm::kSm3, as_bytes(kSchema))));
  EXPECT_EQ(network.read<wire::CredentialTypeVersion>("credential", "type_version", "no-record/1").schema(), kSchema);
  EXPECT_TRUE(refused(network.run("credential.define_type", definition("no-record"), {"li"}), Reason::kAlreadyExists));
  EXPECT_TRUE(refused(network.run("credential.define_type", definition("other"), {"boss"}), Reason::kForbidden));
  EXPECT_TRUE(succeeds(network.run("credential.issue", issue_request("N-1", "no-record"), {"zhao"})));
}

TEST(Types, WithoutARuleHaveNoEnd) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("credential.define_type", definition("no-record"), {"li"})));
  ASSERT_TRUE(succeeds(network.run("credential.issue", issue_request("N-1", "no-record"), {"zhao"})));
  EXPECT_EQ(network.read<wire::Credential>("credential", "credential", "N-1").valid_until_ms(), 0);
}

TEST(Types, RefuseFieldsThatBreakTheirRules) {
  Network network;
  const auto define = [&](auto change) {
    auto request = definition("no-record");
    change(request, *request.mutable_type());
    return network.run("credential.define_type", request, {"root"});
  };
  EXPECT_TRUE(refused(define([](auto&, auto& t) { t.set_id("No"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(define([](auto&, auto& t) { t.clear_issuers(); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(define([](auto&, auto& t) { t.add_issuers("nowhere"); }), Reason::kNotFound));
  EXPECT_TRUE(refused(define([](auto&, auto& t) { t.add_issuers("gulou"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(define([](auto&, auto& t) {
                        for (int i = 0; i < 256; ++i) t.add_issuers("mawei");
                      }),
                      Reason::kTooLarge));
  EXPECT_TRUE(refused(define([](auto&, auto& t) { t.clear_name_zh(); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(define([](auto&, auto& t) { t.set_version(1); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(define([](auto&, auto& t) { t.set_schema_digest("x"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(define([](auto&, auto& t) { t.set_vct("with space"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(define([](auto&, auto& t) { t.clear_id_scheme(); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(define([](auto&, auto& t) { t.set_gbt_type_code("1"); }), Reason::kInvalidValue));
  EXPECT_TRUE(
      refused(define([](auto&, auto& t) { t.set_id_scheme(wire::ID_SCHEME_GBT36904); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(define([](auto&, auto& t) { t.clear_retention(); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(define([](auto&, auto& t) { t.set_retention(static_cast<wire::RetentionClass>(7)); }),
                      Reason::kInvalidValue));
  EXPECT_TRUE(refused(define([](auto&, auto& t) { t.mutable_validity()->set_max_ms(-1); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(define([](auto&, auto& t) {
                        t.mutable_validity()->set_max_ms(1);
                        t.mutable_validity()->set_default_ms(2);
                      }),
                      Reason::kInvalidValue));
  EXPECT_TRUE(refused(define([](auto& r, auto&) { r.set_schema("not json"); }), Reason::kMalformed));
  EXPECT_TRUE(refused(define([](auto& r, auto&) { r.set_schema("true"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(define([](auto& r, auto&) { r.set_schema(R"({"a":1,"a":2})"); }), Reason::kMalformed));
  EXPECT_TRUE(refused(define([](auto& r, auto&) { r.set_schema("{\"a\":\"" + std::string(70'000, 'x') + "\"}"); }),
                      Reason::kTooLarge));
}

TEST(Types, AreUpdatedAndKeepTheirVersions) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("credential.define_type", definition("no-record"), {"li"})));
  network.ledger.advance();
  auto request = update("no-record");
  request.mutable_type()->add_issuers("mawei");
  request.set_expected_version(1);
  ASSERT_TRUE(succeeds(network.run("credential.update_type", request, {"li"})));
  EXPECT_EQ(network.read<wire::CredentialType>("credential", "type", "no-record").version(), 2U);
  EXPECT_EQ(network.read<wire::CredentialTypeVersion>("credential", "type_version", "no-record/2").schema(), kSchema);
  EXPECT_EQ(
      network.read<wire::CredentialTypeVersion>("credential", "type_version", "no-record/1").type().issuers_size(), 1);
  EXPECT_TRUE(succeeds(network.run("credential.issue", issue_request("N-1", "no-record"), {"wang"})));
  EXPECT_EQ(network.read<wire::Credential>("credential", "credential", "N-1").type_version(), 2U);
  EXPECT_TRUE(refused(network.run("credential.update_type", request, {"li"}), Reason::kPreconditionFailed));
}

TEST(Types, AreUpdatedByTheirOwnerAndWithinTheirScheme) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("credential.define_type", definition("no-record"), {"li"})));
  auto theft = update("no-record");
  theft.mutable_type()->clear_issuers();
  theft.mutable_type()->add_issuers("firm");
  EXPECT_TRUE(refused(network.run("credential.update_type", theft, {"boss"}), Reason::kForbidden));
  EXPECT_TRUE(refused(network.run("credential.update_type", update("nothing"), {"li"}), Reason::kNotFound));
  auto other_scheme = update("no-record");
  other_scheme.mutable_type()->set_id_scheme(wire::ID_SCHEME_GBT36904);
  other_scheme.mutable_type()->set_gbt_type_code("11350105MB0000001A013");
  EXPECT_TRUE(refused(network.run("credential.update_type", other_scheme, {"li"}), Reason::kInvalidValue));
  auto bad_schema = update("no-record");
  bad_schema.set_schema("[]");
  EXPECT_TRUE(refused(network.run("credential.update_type", bad_schema, {"li"}), Reason::kInvalidValue));
}

TEST(Types, ThatAreClosedIssueNothingNew) {
  Network network;
  ASSERT_TRUE(succeeds(network.run("credential.define_type", definition("no-record"), {"li"})));
  ASSERT_TRUE(succeeds(network.run("credential.issue", issue_request("N-1", "no-record"), {"zhao"})));
  auto request = update("no-record");
  request.mutable_type()->set_closed(true);
  ASSERT_TRUE(succeeds(network.run("credential.update_type", request, {"li"})));
  EXPECT_TRUE(
      refused(network.run("credential.issue", issue_request("N-2", "no-record"), {"zhao"}), Reason::kWrongState));
  EXPECT_TRUE(refused(network.run("credential.new_version", testing::new_version_request("N-1", "N-2"), {"zhao"}),
                      Reason::kWrongState));
  EXPECT_TRUE(succeeds(network.run("credential.revoke", testing::status_request("N-1"), {"zhao"})));
}

}  // namespace
}  // namespace chancery::contracts::credential
