#include "contracts/identity.pb.h"
#include "contracts/testing/expect.h"
#include "contracts/testing/network.h"

namespace chancery::contracts::identity {
namespace {

using testing::Network;
using testing::refused;
using testing::succeeds;

wire::CreateOrganisation organisation(const std::string& id, const std::string& uscc = {}) {
  wire::CreateOrganisation out;
  out.set_id(id);
  out.set_name_zh("台江区行政服务中心");
  out.set_name_en("Taijiang");
  out.set_uscc(uscc);
  return out;
}

wire::ChangeOrganisationState state(const std::string& id, const std::string& reason) {
  wire::ChangeOrganisationState out;
  out.set_id(id);
  out.set_reason(reason);
  return out;
}

TEST(Organisations, AreCreatedByTheNetworksAdministrator) {
  Network network;
  ASSERT_TRUE(
      succeeds(network.run("identity.create_organisation", organisation("taijiang", "11350102MB00000022"), {"root"})));
  const auto record = network.read<wire::Organisation>("identity", "organisation", "taijiang");
  EXPECT_EQ(record.name_zh(), "台江区行政服务中心");
  EXPECT_EQ(record.created_height(), network.height());
  EXPECT_FALSE(record.suspended());
  EXPECT_EQ(network.read<wire::OrganisationOfCode>("identity", "uscc", "11350102MB00000022").organisation(),
            "taijiang");
  ASSERT_EQ(network.ledger.events.size(), 1U);
  EXPECT_EQ(network.ledger.events[0].name, "created_organisation");
  EXPECT_EQ(as_text(network.ledger.events[0].subject), "taijiang");
}

TEST(Organisations, AreNotCreatedByAnOrganisationsAdministrator) {
  Network network;
  const auto result = network.run("identity.create_organisation", organisation("taijiang"), {"li"});
  ASSERT_TRUE(refused(result, Reason::kForbidden));
  EXPECT_NE(result.error().detail.find("network_admin@mawei"), std::string::npos) << result.error().detail;
  EXPECT_NE(result.error().detail.find("li (gulou): org_admin@gulou"), std::string::npos) << result.error().detail;
  EXPECT_NE(result.error().detail_zh.find("network_admin@mawei"), std::string::npos) << result.error().detail_zh;
}

TEST(Organisations, RefuseIdsThatExistAndForms) {
  Network network;
  const auto create = [&](const wire::CreateOrganisation& request) {
    return network.run("identity.create_organisation", request, {"root"});
  };
  EXPECT_TRUE(refused(create(organisation("gulou")), Reason::kAlreadyExists));
  for (const char* id : {"", "x", "-a", "Gulou", "a_b", "abcdefghijklmnopqrstuvwxyzabcdefg", "马尾"}) {
    EXPECT_TRUE(refused(create(organisation(id)), Reason::kInvalidValue)) << id;
  }
  auto unnamed = organisation("taijiang");
  unnamed.clear_name_zh();
  EXPECT_TRUE(refused(create(unnamed), Reason::kInvalidValue));
  auto disguised = organisation("taijiang");
  disguised.set_name_zh("台江\u202E区");
  EXPECT_TRUE(refused(create(disguised), Reason::kInvalidValue));
  disguised.set_name_zh("台江\n区");
  EXPECT_TRUE(refused(create(disguised), Reason::kInvalidValue));
  disguised.set_name_zh(" 台江");
  EXPECT_TRUE(refused(create(disguised), Reason::kInvalidValue));
}

TEST(Organisations, RefuseWrongAndTakenCreditCodes) {
  Network network;
  EXPECT_TRUE(
      refused(network.run("identity.create_organisation", organisation("taijiang", "11350102MB00000023"), {"root"}),
              Reason::kBadCheckDigit));
  EXPECT_TRUE(refused(network.run("identity.create_organisation", organisation("taijiang", "1135"), {"root"}),
                      Reason::kMalformed));
  EXPECT_TRUE(refused(
      network.run("identity.create_organisation", organisation("taijiang", std::string(testing::kMaweiCode)), {"root"}),
      Reason::kAlreadyExists));
}

TEST(Organisations, AreRenamedByTheirOwnAdministrator) {
  Network network;
  wire::UpdateOrganisation request;
  request.set_id("gulou");
  request.set_name_zh("鼓楼区政务服务中心");
  ASSERT_TRUE(succeeds(network.run("identity.update_organisation", request, {"li"})));
  const auto record = network.read<wire::Organisation>("identity", "organisation", "gulou");
  EXPECT_EQ(record.name_zh(), "鼓楼区政务服务中心");
  EXPECT_EQ(record.changed_height(), network.height());
  EXPECT_TRUE(refused(network.run("identity.update_organisation", request, {"boss"}), Reason::kForbidden));
  request.set_id("nowhere");
  EXPECT_TRUE(refused(network.run("identity.update_organisation", request, {"root"}), Reason::kNotFound));
  request.set_name_zh("");
  EXPECT_TRUE(refused(network.run("identity.update_organisation", request, {"root"}), Reason::kInvalidValue));
}

TEST(Organisations, LoseTheirRightsWhileSuspended) {
  Network network;
  wire::UpdateOrganisation update;
  update.set_id("gulou");
  update.set_name_zh("鼓楼");
  ASSERT_TRUE(succeeds(network.run("identity.suspend_organisation", state("gulou", "整改"), {"root"})));
  EXPECT_TRUE(refused(network.run("identity.update_organisation", update, {"li"}), Reason::kForbidden));
  EXPECT_EQ(network.read<wire::Organisation>("identity", "organisation", "gulou").suspension_reason(), "整改");
  EXPECT_TRUE(
      refused(network.run("identity.suspend_organisation", state("gulou", "again"), {"root"}), Reason::kWrongState));
  ASSERT_TRUE(succeeds(network.run("identity.resume_organisation", state("gulou", ""), {"root"})));
  EXPECT_TRUE(succeeds(network.run("identity.update_organisation", update, {"li"})));
  EXPECT_TRUE(refused(network.run("identity.resume_organisation", state("gulou", ""), {"root"}), Reason::kWrongState));
}

TEST(Organisations, AreSuspendedWithAReasonByTheNetworkOnly) {
  Network network;
  EXPECT_TRUE(
      refused(network.run("identity.suspend_organisation", state("gulou", ""), {"root"}), Reason::kInvalidValue));
  EXPECT_TRUE(refused(network.run("identity.suspend_organisation", state("gulou", "x"), {"li"}), Reason::kForbidden));
  EXPECT_TRUE(
      refused(network.run("identity.suspend_organisation", state("nowhere", "x"), {"root"}), Reason::kNotFound));
  EXPECT_TRUE(
      refused(network.run("identity.resume_organisation", state("gulou", "x"), {"root"}), Reason::kInvalidValue));
}

TEST(Identity, RefusesUnknownMethodsAndArguments) {
  Network network;
  EXPECT_TRUE(refused(network.run("identity.become_king", organisation("taijiang"), {"root"}), Reason::kUnknownMethod));
  const Bytes broken{0x0A, 0xFF};
  EXPECT_TRUE(refused(network.run_raw("identity.create_organisation", broken, {"root"}), Reason::kMalformed));
  Bytes unknown_field = encode(organisation("taijiang"));
  unknown_field.insert(unknown_field.end(), {0x98, 0x06, 0x01});
  EXPECT_TRUE(refused(network.run_raw("identity.create_organisation", unknown_field, {"root"}), Reason::kMalformed));
  Bytes not_utf8 = encode(organisation("taijiang"));
  not_utf8.insert(not_utf8.end(), {0x12, 0x01, 0xFF});
  EXPECT_TRUE(refused(network.run_raw("identity.create_organisation", not_utf8, {"root"}), Reason::kMalformed));
}

}  // namespace
}  // namespace chancery::contracts::identity
