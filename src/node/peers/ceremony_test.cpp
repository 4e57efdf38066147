#include <gtest/gtest.h>

#include "base/json.h"
#include "node/peers/invitation.h"
#include "node/peers/testing/peer_network.h"

namespace chancery::node {
namespace {

using testing::kNow_ms;
using testing::Organisation;

struct Member {
  OrganisationFile file;
  crypto::PrivateKey key;
};

crypto::PrivateKey key_of(const std::string& purpose,
                          crypto::SignatureAlgorithm algorithm = crypto::SignatureAlgorithm::kEd25519) {
  const Digest seed = crypto::hash(crypto::HashAlgorithm::kSha256, as_bytes(purpose));
  return crypto::PrivateKey::from_secret(algorithm, seed).value();
}

OrganisationFacts facts_of(const std::string& id, std::uint64_t seed, std::string_view suite) {
  const auto algorithm = crypto::suite_by_name(suite)->signature;
  return {id,
          "机构" + id,
          "",
          "",
          id + "-1",
          key_of(id + " node", algorithm).public_key(),
          key_of(id + " log").public_key(),
          key_of(id + " engine").public_key(),
          Organisation(id, seed).authority.root(),
          id + ".example:8701",
          id + ".example:26656",
          id + "-admin",
          key_of(id + " admin", algorithm).public_key()};
}

Member member(const std::string& id, std::uint64_t seed, std::string_view suite = "gm") {
  crypto::PrivateKey key = key_of(id + " node", crypto::suite_by_name(suite)->signature);
  return {OrganisationFile::sign(facts_of(id, seed, suite), key).value(), std::move(key)};
}

InvitationPlan plan_of(std::string_view suite = "gm") {
  return {"mawei-net", "chancery.example/mawei-net", std::string(suite), kNow_ms};
}

TEST(OrganisationFile, ComesBackAndRefusesEveryChangedMember) {
  const Member gulou = member("gulou", 2);
  const std::string text = gulou.file.to_json();
  const OrganisationFile read = OrganisationFile::parse(text).value();
  EXPECT_EQ(read.to_json(), text);
  EXPECT_EQ(read.fingerprint(), gulou.file.fingerprint());
  const Json whole = Json::parse(text);
  for (const auto& [name, value] : whole["organisation"].items()) {
    Json changed = whole;
    changed["organisation"][name] = value.get<std::string>() + "1";
    EXPECT_FALSE(OrganisationFile::parse(changed.dump())) << name;
    changed = whole;
    changed["organisation"].erase(name);
    EXPECT_FALSE(OrganisationFile::parse(changed.dump())) << name;
  }
}

TEST(OrganisationFile, IsSignedByItsOwnNodeAlone) {
  EXPECT_EQ(OrganisationFile::sign(facts_of("gulou", 2, "gm"), member("mawei", 1).key).error().reason,
            Reason::kInvalidValue);
}

class InvitationOfEachSuite : public ::testing::TestWithParam<std::string> {};

TEST_P(InvitationOfEachSuite, IsTheSameGenesisInWhateverOrderTheFilesCome) {
  const Member mawei = member("mawei", 1, GetParam());
  const Member gulou = member("gulou", 2, GetParam());
  const Member court = member("court", 3, GetParam());
  const auto a = combine(plan_of(GetParam()), "mawei", {mawei.file, gulou.file, court.file}).value();
  const auto b = combine(plan_of(GetParam()), "mawei", {court.file, mawei.file, gulou.file}).value();
  EXPECT_EQ(a.network_id, b.network_id);
  ASSERT_EQ(a.validators.size(), 3U);
  EXPECT_EQ(a.validators[0].name, "court-1");
  EXPECT_EQ(a.validators[0].engine_key, key_of("court engine").public_key());
  EXPECT_NE(a.network_id, combine(plan_of(GetParam()), "gulou", {mawei.file, gulou.file, court.file})->network_id);

  const Invitation made =
      Invitation::make(plan_of(GetParam()), "mawei", {mawei.file, gulou.file, court.file}, mawei.key).value();
  const Invitation read = Invitation::parse(made.to_json()).value();
  EXPECT_EQ(read.genesis().network_id, a.network_id);
  const PeerList peers = PeerList::parse(read.peers_of("gulou")->to_json()).value();
  EXPECT_EQ(peers.own_name, "gulou-1");
  EXPECT_EQ(peers.network_id, a.network_id);
  EXPECT_EQ(peers.peers.size(), 3U);
  EXPECT_EQ(peers.own().engine_address, "gulou.example:26656");
  EXPECT_EQ(read.peers_of("stranger").error().reason, Reason::kNotFound);
}

INSTANTIATE_TEST_SUITE_P(All, InvitationOfEachSuite, ::testing::Values("gm", "intl"),
                         [](const auto& parameter) { return parameter.param; });

TEST(Invitation, RefusesAGenesisThatTheFilesDoNotMake) {
  const Member mawei = member("mawei", 1);
  const Member gulou = member("gulou", 2);
  const Json whole = Json::parse(Invitation::make(plan_of(), "mawei", {mawei.file, gulou.file}, mawei.key)->to_json());
  Json power = whole;
  power["genesis"]["validators"][0]["power"] = 2;
  EXPECT_EQ(Invitation::parse(power.dump()).error().reason, Reason::kProofInvalid);
  Json without = whole;
  without["organisations"].erase(0);
  EXPECT_EQ(Invitation::parse(without.dump()).error().reason, Reason::kProofInvalid);
  Json swapped = whole;
  swapped["founder"] = "gulou";
  EXPECT_FALSE(Invitation::parse(swapped.dump()));
  Json unsigned_one = whole;
  unsigned_one["signature"] = std::string(128, '0');
  EXPECT_EQ(Invitation::parse(unsigned_one.dump()).error().reason, Reason::kBadSignature);
}

TEST(Invitation, RefusesSharedKeysNamesAndAddresses) {
  const Member mawei = member("mawei", 1);
  for (int what = 0; what < 6; ++what) {
    OrganisationFacts facts = facts_of("gulou", 2, "gm");
    if (what == 0) facts.engine_key = key_of("mawei engine").public_key();
    if (what == 1) facts.log_key = key_of("mawei log").public_key();
    if (what == 2) facts.node = "mawei-1";
    if (what == 3) facts.address = "mawei.example:8701";
    if (what == 4) facts.tls_root = Organisation("mawei", 1).authority.root();
    if (what == 5) facts.administrator = "mawei-admin";
    const auto file = OrganisationFile::sign(facts, member("gulou", 2).key).value();
    EXPECT_EQ(combine(plan_of(), "mawei", {mawei.file, file}).error().reason, Reason::kInvalidValue) << what;
  }
  EXPECT_EQ(combine(plan_of("intl"), "mawei", {mawei.file}).error().reason, Reason::kInvalidValue);
  EXPECT_EQ(combine(plan_of(), "gulou", {mawei.file}).error().reason, Reason::kInvalidValue);
}

}  // namespace
}  // namespace chancery::node
