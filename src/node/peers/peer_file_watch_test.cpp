#include "node/peers/peer_file_watch.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "node/files.h"
#include "node/peers/testing/peer_network.h"

namespace chancery::node {
namespace {

using testing::kNow_ms;
using testing::list_of;
using testing::network_of;
using testing::Organisation;

constexpr std::string_view kPassphrase = "a long passphrase";

class PeerFileWatchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "peers-XXXXXX";
    directory_ = mkdtemp(pattern.data());
    std::filesystem::create_directories(directory_ + "/keys");
    write_list({mawei_.peer(), gulou_.peer()});
    write_identity(mawei_.identity(network_of(1)));
    tls_ = PeerTls::create(list_of("mawei-1", {mawei_.peer(), gulou_.peer()}),
                           load_identity(directory_, kPassphrase).value(), clock_)
               .value();
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  /// Each write has a time of its own, however coarse the file system's clock is.
  void stamp(const std::string& path) {
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() + std::chrono::seconds(10 * ++stamps_));
  }
  void write_list(const std::vector<Peer>& peers) {
    ASSERT_TRUE(write_file(peers_path(directory_), list_of("mawei-1", peers).to_json()));
    stamp(peers_path(directory_));
  }
  void write_identity(const NodeIdentity& identity) {
    ASSERT_TRUE(save_identity(directory_, identity, kPassphrase, random_));
    stamp(identity_path(directory_));
  }
  crypto::Certificate shown() const { return tls_->seen().own().certificate.value(); }

  std::string directory_;
  int stamps_ = 0;
  ManualClock clock_{kNow_ms};
  SystemRandom random_;
  Organisation mawei_{"mawei"};
  Organisation gulou_{"gulou", 2};
  std::shared_ptr<PeerTls> tls_;
};

TEST_F(PeerFileWatchTest, TakesUpANewCertificateAndLeavesAWrongOneAside) {
  PeerFileWatch watch(directory_, std::string(kPassphrase), tls_, clock_);
  const NodeIdentity next = mawei_.identity(network_of(1));
  write_identity(next);
  watch.look();
  EXPECT_EQ(shown(), next.certificate);
  write_identity(gulou_.identity(network_of(1)));
  watch.look();
  EXPECT_EQ(shown(), next.certificate);
  std::filesystem::remove(identity_path(directory_));
  watch.look();
  EXPECT_EQ(shown(), next.certificate);
}

TEST_F(PeerFileWatchTest, TakesUpAnEditedListOfPeers) {
  PeerFileWatch watch(directory_, std::string(kPassphrase), tls_, clock_);
  const Organisation court("court", 3);
  write_list({mawei_.peer(), court.peer()});
  watch.look();
  EXPECT_NE(tls_->snapshot()->list.find("court-1"), nullptr);
  EXPECT_EQ(tls_->snapshot()->list.find("gulou-1"), nullptr);
  ASSERT_TRUE(write_file(peers_path(directory_), "{}"));
  stamp(peers_path(directory_));
  watch.look();
  EXPECT_NE(tls_->snapshot()->list.find("court-1"), nullptr);
}

TEST_F(PeerFileWatchTest, AnIdentityThatWasMixedUpIsRefused) {
  EXPECT_EQ(load_identity(directory_, "another passphrase").error().reason, Reason::kForbidden);
  EXPECT_EQ(load_identity(directory_ + "/none", kPassphrase).error().reason, Reason::kNotFound);
  const NodeIdentity one = mawei_.identity(network_of(1));
  const NodeIdentity other = mawei_.identity(network_of(1));
  write_identity({one.key, other.certificate});
  EXPECT_EQ(load_identity(directory_, kPassphrase).error().reason, Reason::kInvalidValue);
}

}  // namespace
}  // namespace chancery::node
