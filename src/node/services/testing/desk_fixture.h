#pragma once
// A node of two offices with its services, for tests of the desks. It can be stopped and started again.

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "base/national_ids.h"
#include "contracts/identity/default_permissions.h"
#include "node/node_files.h"
#include "node/services.h"
#include "node/services/testing/cheap_key_file.h"
#include "tests/support/small_network.h"
#include "tests/support/temporary_directory.h"

namespace chancery::node::testing {

inline constexpr std::string_view kNodePassphrase = "node passphrase";

/// The system's clock, which a test can put forward.
class ShiftedClock final : public Clock {
 public:
  std::int64_t now_ms() const override { return system_.now_ms() + shift_ms_.load(); }
  std::int64_t monotonic_us() const override { return system_.monotonic_us() + shift_ms_.load() * 1'000; }
  void advance_ms(std::int64_t by) { shift_ms_ += by; }

 private:
  SystemClock system_;
  std::atomic<std::int64_t> shift_ms_ = 0;
};

inline Json account_json(std::string_view id, std::string_view organisation, const crypto::PublicKey& key,
                         const std::vector<std::string>& roles) {
  Json grants = Json::array();
  for (const std::string& role : roles) grants.push_back({{"role", role}, {"organisation", organisation}});
  return {{"id", id},
          {"kind", "member"},
          {"organisation", organisation},
          {"assurance", 4},
          {"keys", Json::array({{{"algorithm", crypto::to_string(key.algorithm)}, {"public_key", to_hex(key.bytes)}}})},
          {"roles", grants}};
}

class DeskTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    SeededRandom seeded(17);
    uscc_ = synthetic_unified_credit_code(seeded);
    const auto algorithm = crypto::suite_by_name(GetParam())->signature;
    clerk_key_ = *crypto::PrivateKey::generate(algorithm, random_);
    other_key_ = *crypto::PrivateKey::generate(algorithm, random_);
    network_ = std::make_unique<test::SmallNetwork>(GetParam(), 7, contracts());
    std::filesystem::create_directories(directory_ / "keys");
    write(genesis_path(directory_.path()), network_->genesis().document.dump());
    write(node_key_path(directory_.path()), cheap_key_file(network_->node_key(), kNodePassphrase));
    write(node_log_key_path(directory_.path()), cheap_key_file(network_->log_key(), kNodePassphrase));
    write(directory_ / "keys/desk.p8", cheap_key_file(network_->log_key(), kNodePassphrase));
    start();
    wang_ = std::make_shared<const Session>("wang", *clerk_key_, clock_.now_ms());
    chen_ = std::make_shared<const Session>("chen", *other_key_, clock_.now_ms());
  }
  void TearDown() override { stop(); }

  void start() {
    auto node =
        Node::open({.directory = directory_.path(), .passphrase = std::string(kNodePassphrase), .scrub_per_second = 0},
                   clock_, random_);
    ASSERT_TRUE(node) << node.error().message();
    node_ = std::move(*node);
    auto services = Services::open(*node_, {.passphrase = std::string(kNodePassphrase), .follow = false});
    ASSERT_TRUE(services) << services.error().message();
    services_ = std::move(*services);
  }
  void stop() {
    if (services_) services_->stop();
    services_.reset();
    if (node_) node_->stop();
    node_.reset();
  }
  void restart() {
    stop();
    start();
  }
  IssueRequest residence(const std::string& name = "陈小榕") {
    IssueRequest out;
    out.type = "residence";
    out.fields = {{"name", name}, {"id_number", synthetic_citizen_number(random_)}, {"address", "马尾区新港路 1 号"}};
    return out;
  }
  CredentialWritten issued(const IssueRequest& request, std::string_view key = "") {
    auto written = services_->credentials().issue(*wang_, request, key);
    EXPECT_TRUE(written) << written.error().message();
    return written ? *written : CredentialWritten{};
  }
  std::size_t blobs_on_disk() const {
    std::size_t count = 0;
    for (const auto& item : std::filesystem::recursive_directory_iterator(directory_ / "blobs")) {
      count += item.path().extension() == ".blob" ? 1 : 0;
    }
    return count;
  }

  test::TemporaryDirectory directory_;
  ShiftedClock clock_;
  SystemRandom random_;
  std::string uscc_;
  std::optional<crypto::PrivateKey> clerk_key_;
  std::optional<crypto::PrivateKey> other_key_;
  std::unique_ptr<test::SmallNetwork> network_;
  std::unique_ptr<Node> node_;
  std::unique_ptr<Services> services_;
  SessionPointer wang_;  ///< issues for mawei
  SessionPointer chen_;  ///< of another office

 private:
  static void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

  Json contracts() const {
    const Json schema = {{"type", "object"},
                         {"required", {"name", "id_number"}},
                         {"additionalProperties", false},
                         {"properties",
                          {{"name", {{"type", "string"}, {"maxLength", 50}}},
                           {"id_number", {{"type", "string"}, {"format", "cn-citizen-id"}}},
                           {"address", {{"type", "string"}}}}}};
    const Json plain = {{"id", "residence"},        {"name_zh", "居住证明"},
                        {"name_en", "Residence"},   {"issuers", {"mawei"}},
                        {"schema", schema},         {"vct", "urn:test:residence"},
                        {"id_scheme", "plain"},     {"gbt_type_code", ""},
                        {"retention", "permanent"}, {"validity", {{"default_days", 365}}}};
    Json national = plain;
    national["id"] = "licence";
    national["name_zh"] = "经营许可";
    national["id_scheme"] = "gbt36904";
    national["gbt_type_code"] = uscc_ + "001";
    return {
        {"identity",
         {{"organisations",
           Json::array({{{"id", "mawei"}, {"name_zh", "马尾区政务服务中心"}, {"name_en", "Mawei"}, {"uscc", uscc_}},
                        {{"id", "gulou"}, {"name_zh", "鼓楼区政务服务中心"}, {"name_en", "Gulou"}}})},
          {"accounts", Json::array({account_json("wang", "mawei", clerk_key_->public_key(), {"issuer", "org_admin"}),
                                    account_json("chen", "gulou", other_key_->public_key(), {"issuer"})})},
          {"permissions", contracts::identity::default_permissions("mawei")}}},
        {"credential", {{"types", Json::array({plain, national})}}}};
  }
};

}  // namespace chancery::node::testing
