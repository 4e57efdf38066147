#include "node/peers/peer_tls.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/json.h"
#include "node/peers/testing/peer_network.h"

namespace chancery::node {
namespace {

using testing::kNow_ms;
using testing::list_of;
using testing::network_of;
using testing::Organisation;

/// mawei-1 serves; gulou-1 calls.
class PeerTlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    server_tls_ =
        PeerTls::create(list_of("mawei-1", {mawei_.peer(), gulou_.peer()}), mawei_.identity(network_of(1)), clock_)
            .value();
    PeerServerOptions options;
    options.address = "127.0.0.1";
    options.request_timeout_ms = 300;
    options.handshake_timeout_ms = 1'000;
    server_ = PeerServer::start(options, server_tls_, clock_).value();
    server_->handle(
        "POST", "/peer/v1/echo",
        [](const PeerRequest& request) {
          return PeerResponse{200, "text/plain", request.peer + ":" + request.body + ":" + request.query};
        },
        1'000);
    server_->handle("GET", "/peer/v1/chunks/*", [](const PeerRequest& request) {
      return PeerResponse{200, "application/octet-stream", request.path.substr(16)};
    });
    server_->handle("GET", "/peer/v1/large",
                    [](const PeerRequest&) { return PeerResponse{200, "text/plain", std::string(1U << 20, 'x')}; });
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(server_->port()); }
  PeerList callers_list(const Digest& network = network_of(1)) const {
    return list_of("gulou-1", {mawei_.peer(address()), gulou_.peer()}, network);
  }
  std::shared_ptr<PeerTls> caller(const NodeIdentity& identity) const {
    return PeerTls::create(callers_list(), identity, clock_).value();
  }
  Result<PeerResponse> echo(PeerClient& client, std::string_view body = "hello") const {
    return client.call("mawei-1", "POST", "/peer/v1/echo?a=1", body);
  }

  ManualClock clock_{kNow_ms};
  Organisation mawei_{"mawei"};
  Organisation gulou_{"gulou", 2};
  std::shared_ptr<PeerTls> server_tls_;
  std::unique_ptr<PeerServer> server_;
};

TEST_F(PeerTlsTest, CarriesRequestsOfAnAuthenticatedPeer) {
  PeerClient client(caller(gulou_.identity(network_of(1))));
  for (int i = 0; i < 3; ++i) {
    const auto answer = echo(client);
    ASSERT_TRUE(answer.has_value()) << answer.error().message();
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "gulou-1:hello:a=1");
    EXPECT_EQ(answer->content_type, "text/plain");
  }
  EXPECT_EQ(server_->connections(), 1U) << "connections are kept";
  EXPECT_EQ(client.call("mawei-1", "GET", "/peer/v1/chunks/abc/7").value().body, "abc/7");
  EXPECT_EQ(client.call("mawei-1", "GET", "/peer/v1/nothing").value().status, 404);
  EXPECT_EQ(client.call("mawei-1", "GET", "/peer/v1/echo").value().status, 405);
  EXPECT_EQ(client.call("court-1", "GET", "/").error().reason, Reason::kNotFound);
  EXPECT_EQ(client.probe("mawei-1", clock_).value(), server_tls_->seen().own().certificate.value());
}

TEST_F(PeerTlsTest, RefusesACallerWhoseCertificateHasExpired) {
  const auto old = gulou_.identity(network_of(1), kNow_ms, 1);
  clock_.advance_ms(2 * kDay_ms);
  PeerClient late(caller(old));
  const auto refused = echo(late);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().reason, Reason::kPeerRefused) << refused.error().message();
  EXPECT_NE(refused.error().detail.find("expired"), std::string::npos) << refused.error().detail;
}

TEST_F(PeerTlsTest, RefusesAServerWhoseCertificateHasExpiredOrIsNotYetValid) {
  PeerClient client(caller(gulou_.identity(network_of(1))));
  clock_.advance_ms((kNodeValidityDays + 1) * kDay_ms);
  EXPECT_EQ(echo(client).error().reason, Reason::kCertificateExpired);
  clock_.set_ms(kNow_ms - kDay_ms / 2);
  EXPECT_EQ(echo(client).error().reason, Reason::kCertificateNotYetValid);
}

TEST_F(PeerTlsTest, RefusesACallerOfAnotherRoot) {
  const Organisation impostor("gulou", 77);
  PeerList list = callers_list();
  list.peers[1].root = impostor.authority.root();
  PeerClient client(PeerTls::create(list, impostor.identity(network_of(1)), clock_).value());
  EXPECT_EQ(echo(client).error().reason, Reason::kPeerRefused);
}

TEST_F(PeerTlsTest, RefusesAServerOfAnotherRoot) {
  PeerList list = callers_list();
  list.peers[0].root = Organisation("mawei", 77).authority.root();
  PeerClient client(PeerTls::create(list, gulou_.identity(network_of(1)), clock_).value());
  EXPECT_EQ(echo(client).error().reason, Reason::kCertificateUntrusted);
}

TEST_F(PeerTlsTest, RefusesAnotherNetworkOnBothSides) {
  PeerClient client(PeerTls::create(callers_list(network_of(2)), gulou_.identity(network_of(2)), clock_).value());
  EXPECT_EQ(echo(client).error().reason, Reason::kCertificateWrongName);
  const auto there = gulou_.identity(network_of(2)).certificate;
  EXPECT_EQ(authenticate_peer(callers_list(), there, {}, kNow_ms).error().reason, Reason::kCertificateWrongName);
}

TEST_F(PeerTlsTest, RefusesAnotherNodeThanTheOneThatWasCalled) {
  const Organisation court("court", 3);
  PeerList list = callers_list();
  list.peers.push_back(court.peer(address()));  // mawei-1 answers there
  PeerClient client(PeerTls::create(list, gulou_.identity(network_of(1)), clock_).value());
  EXPECT_EQ(client.call("court-1", "GET", "/peer/v1/hello").error().reason, Reason::kCertificateWrongName);
}

TEST_F(PeerTlsTest, RefusesACertificateThatOneOrganisationIssuedForTheNodeOfAnother) {
  SystemRandom random;
  Peer claimed = mawei_.peer();
  const auto forged = issue_identity(gulou_.authority, network_of(1), claimed, kNow_ms, 30, random).value().certificate;
  EXPECT_EQ(authenticate_peer(callers_list(), forged, {}, kNow_ms).error().reason, Reason::kCertificateUntrusted);
}

TEST_F(PeerTlsTest, RefusesANodeThatIsNotInTheList) {
  const Organisation court("court", 3);
  const PeerList list = list_of("court-1", {mawei_.peer(address()), court.peer()});
  PeerClient client(PeerTls::create(list, court.identity(network_of(1)), clock_).value());
  EXPECT_EQ(client.call("mawei-1", "GET", "/peer/v1/hello").error().reason, Reason::kPeerRefused);
}

TEST_F(PeerTlsTest, BoundsBodiesBothWays) {
  PeerClientOptions options;
  options.body_limit_bytes = 1'000;
  PeerClient client(caller(gulou_.identity(network_of(1))), options);
  EXPECT_EQ(echo(client, std::string(1'001, 'x')).value().status, 413);
  EXPECT_EQ(echo(client, std::string(100'000, 'x')).value().status, 413);
  EXPECT_EQ(echo(client, std::string(500, 'x')).value().status, 200);
  EXPECT_EQ(client.call("mawei-1", "GET", "/peer/v1/large").error().reason, Reason::kTooLarge);
}

TEST_F(PeerTlsTest, EndsWithACallerThatGoesOnSendingAfterARefusal) {
  // More than the server drains: bytes are still under way when it closes. stop() returns once every connection is
  // gone.
  PeerClient client(caller(gulou_.identity(network_of(1))));
  (void)echo(client, std::string(16U << 20, 'x'));
  server_->stop();
  EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(PeerTlsTest, GivesUpOnAPeerThatIsSlowOrSpeaksNoTls) {
  namespace asio = boost::asio;
  asio::io_context io;
  asio::ip::tcp::acceptor silent(io, {asio::ip::make_address("127.0.0.1"), 0});
  PeerList list = callers_list();
  list.peers[0].address = "127.0.0.1:" + std::to_string(silent.local_endpoint().port());
  PeerClientOptions options;
  options.connect_timeout_ms = 200;
  PeerClient client(PeerTls::create(list, gulou_.identity(network_of(1)), clock_).value(), options);
  EXPECT_EQ(echo(client).error().reason, Reason::kPeerUnreachable) << "it connects and says nothing";
  options.connect_timeout_ms = 5'000;
  PeerClient patient(PeerTls::create(list, gulou_.identity(network_of(1)), clock_).value(), options);
  std::thread plain([&] {
    auto first = silent.accept();  // of the impatient client
    auto second = silent.accept();
    boost::system::error_code ignored;
    asio::write(second, asio::buffer(std::string("HTTP/1.1 400 Bad Request\r\n\r\n")), ignored);
    std::array<char, 4096> sink{};
    while (second.read_some(asio::buffer(sink), ignored) > 0) {
    }
  });
  EXPECT_EQ(echo(patient).error().reason, Reason::kPeerNotTls);
  plain.join();
  const std::string closed = list.peers[0].address;
  silent.close();
  EXPECT_EQ(echo(patient).error().reason, Reason::kPeerUnreachable) << closed;
}

TEST_F(PeerTlsTest, TimesOutACallAndLetsTheServerGoOn) {
  const auto go = std::make_shared<std::atomic<bool>>(false);
  server_->handle("GET", "/peer/v1/slow", [go](const PeerRequest&) {
    while (!*go) std::this_thread::yield();
    return PeerResponse{};
  });
  PeerClient client(caller(gulou_.identity(network_of(1))));
  EXPECT_EQ(client.call("mawei-1", "GET", "/peer/v1/slow", {}, 100).error().reason, Reason::kTimeout);
  EXPECT_TRUE(echo(client).has_value());
  *go = true;
}

TEST_F(PeerTlsTest, ReplacesAKeptConnectionThatTheServerDropped) {
  PeerClient client(caller(gulou_.identity(network_of(1))));
  ASSERT_TRUE(echo(client));
  PeerServerOptions options;
  options.address = "127.0.0.1";
  options.port = server_->port();
  server_.reset();
  server_ = PeerServer::start(options, server_tls_, clock_).value();
  server_->handle("POST", "/peer/v1/echo", [](const PeerRequest&) { return PeerResponse{204}; });
  const auto answer = echo(client);
  ASSERT_TRUE(answer.has_value()) << answer.error().message();
  EXPECT_EQ(answer->status, 204);
}

TEST_F(PeerTlsTest, ChangesCertificatesOnBothSidesWithoutAFailedRequest) {
  const auto tls = caller(gulou_.identity(network_of(1)));
  PeerClient client(tls);
  std::atomic<bool> stop = false;
  std::atomic<int> good = 0;
  std::vector<std::string> failures(3);
  std::vector<std::thread> callers;
  for (std::string& failure : failures) {
    callers.emplace_back([&] {
      while (!stop && failure.empty()) {
        const auto answer = echo(client);
        if (answer && answer->status == 200) {
          ++good;
        } else {
          failure = answer ? std::to_string(answer->status) : answer.error().message();
        }
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    const int before = good;
    ASSERT_TRUE(server_tls_->rotate(mawei_.identity(network_of(1))));
    ASSERT_TRUE(tls->rotate(gulou_.identity(network_of(1))));
    while (good < before + 10 && std::ranges::all_of(failures, &std::string::empty)) std::this_thread::yield();
  }
  stop = true;
  for (auto& thread : callers) thread.join();
  for (const std::string& failure : failures) EXPECT_EQ(failure, "");
  EXPECT_GE(good, 200);
  EXPECT_EQ(client.probe("mawei-1", clock_).value(), server_tls_->seen().own().certificate.value());
  EXPECT_EQ(server_tls_->generation(), 21U);
}

TEST_F(PeerTlsTest, RefusesToRotateToACertificateThatPeersWouldRefuse) {
  EXPECT_EQ(server_tls_->rotate(gulou_.identity(network_of(1))).error().reason, Reason::kCertificateWrongName);
  EXPECT_EQ(server_tls_->rotate(mawei_.identity(network_of(2))).error().reason, Reason::kCertificateWrongName);
  EXPECT_EQ(server_tls_->rotate(Organisation("mawei", 9).identity(network_of(1))).error().reason,
            Reason::kCertificateUntrusted);
  EXPECT_EQ(server_tls_->generation(), 1U);
}

TEST_F(PeerTlsTest, SeesThatTwoClocksAreApart) {
  PeerClient client(caller(gulou_.identity(network_of(1))));
  const ManualClock late(kNow_ms + 3'600'000);
  const auto probed = client.probe("mawei-1", late);
  ASSERT_FALSE(probed.has_value());
  EXPECT_EQ(probed.error().reason, Reason::kPeerClockOff);
  EXPECT_EQ(probed.error().detail, "its clock is -3600 s ahead of ours");
}

TEST_F(PeerTlsTest, OnePeerCannotTakeTheRoomOfAll) {
  server_.reset();
  PeerServerOptions options;
  options.address = "127.0.0.1";
  options.max_connections_per_peer = 2;
  server_ = PeerServer::start(options, server_tls_, clock_).value();
  const auto tls = caller(gulou_.identity(network_of(1)));
  PeerClient first(tls);
  PeerClient second(tls);
  PeerClient third(tls);
  EXPECT_TRUE(first.call("mawei-1", "GET", "/peer/v1/hello"));
  EXPECT_TRUE(second.call("mawei-1", "GET", "/peer/v1/hello"));
  EXPECT_FALSE(third.call("mawei-1", "GET", "/peer/v1/hello"));
}

/// The openssl program as the other side.
class OpenSslPeer : public PeerTlsTest {
 protected:
  void SetUp() override {
    if (std::system("command -v openssl >/dev/null") != 0) GTEST_SKIP() << "there is no openssl program";
    // The program has no other clock than the machine's.
    clock_.set_ms(SystemClock().now_ms());
    PeerTlsTest::SetUp();
    std::string pattern = std::filesystem::temp_directory_path() / "peer-XXXXXX";
    directory_ = mkdtemp(pattern.data());
    SystemRandom random;
    const NodeIdentity identity =
        issue_identity(gulou_.authority, network_of(1), gulou_.peer(), clock_.now_ms(), 30, random).value();
    write("key.pem", identity.key.to_pkcs8_pem("a passphrase", random).value());
    write("leaf.pem", identity.certificate.pem());
    write("root.pem", mawei_.authority.root().pem());
    write("ask", "GET /peer/v1/hello HTTP/1.1\r\nHost: mawei-1\r\nConnection: close\r\n\r\n");
  }
  void TearDown() override {
    if (!directory_.empty()) std::filesystem::remove_all(directory_);
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(directory_ / name) << text; }
  std::string s_client(const std::string& arguments) const {
    const std::string command = "cd " + directory_.string() + " && openssl s_client -ign_eof -connect " + address() +
                                " -CAfile root.pem " + arguments + " <ask >out 2>&1";
    EXPECT_NE(std::system(command.c_str()), -1);
    std::ifstream file(directory_ / "out");
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  std::filesystem::path directory_;
};

TEST_F(OpenSslPeer, IsLetInWithACertificateAndSeesTls13) {
  const std::string said =
      s_client("-cert leaf.pem -key key.pem -pass pass:'a passphrase' -verify_return_error -verify_ip 127.0.0.1");
  EXPECT_NE(said.find("TLSv1.3"), std::string::npos) << said;
  EXPECT_NE(said.find("Verify return code: 0 (ok)"), std::string::npos) << said;
  EXPECT_NE(said.find("\"node\":\"mawei-1\""), std::string::npos) << said;
}

TEST_F(OpenSslPeer, IsRefusedWithoutACertificate) {
  const std::string said = s_client("");
  EXPECT_EQ(said.find("\"node\""), std::string::npos) << said;
  EXPECT_NE(said.find("certificate required"), std::string::npos) << said;
}

TEST_F(OpenSslPeer, IsRefusedBelowTls13) {
  const std::string said = s_client("-tls1_2 -cert leaf.pem -key key.pem -pass pass:'a passphrase'");
  EXPECT_EQ(said.find("\"node\""), std::string::npos) << said;
  EXPECT_NE(said.find("protocol version"), std::string::npos) << said;
}

}  // namespace
}  // namespace chancery::node
