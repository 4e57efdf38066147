#include "node/light_client_sockets.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <map>

#include "base/json.h"
#include "tests/support/small_network.h"
#include "tests/support/temporary_directory.h"

namespace chancery::node {
namespace {

const std::string kHash(64, 'a');
const std::string kOtherHash(64, 'b');

std::string commit_with(const std::string& hash) {
  return Json{{"result", {{"signed_header", {{"commit", {{"block_id", {{"hash", hash}}}}}}}}}}.dump();
}

/// Each peer answers with a text of its own; a peer without one is not reached.
class ScriptedPeers final : public PeerTransport {
 public:
  std::map<std::string, std::string> answers;
  std::vector<std::string> bodies;

  Result<std::string> post(const std::string& peer, const std::string& path, const std::string& body) override {
    EXPECT_EQ(path, kLightClientPath);
    bodies.push_back(body);
    const auto found = answers.find(peer);
    if (found == answers.end()) return fail(Reason::kPeerUnreachable, peer);
    return found->second;
  }
};

class LightClient : public testing::Test {
 protected:
  LightClient() : genesis_(test::SmallNetwork("intl", 1).genesis()) {
    const ledger::Validator first = genesis_.validators.front();
    genesis_.validators.clear();
    for (const char* name : {"a", "b", "c", "d"}) {
      genesis_.validators.push_back(first);
      genesis_.validators.back().name = name;
    }
    sockets_ = *LightClientSockets::start(directory_.path(), peers_, {"a", "b", "c", "d"});
  }

  Result<consensus::CometStateSync> find() {
    return find_trusted_block(genesis_, peers_, {"a", "b", "c", "d", "observer"}, 42, *sockets_);
  }

  test::TemporaryDirectory directory_;
  ledger::Genesis genesis_;
  ScriptedPeers peers_;
  std::unique_ptr<LightClientSockets> sockets_;
};

TEST_F(LightClient, TrustsAHeaderThatMoreThanAThirdOfThePowerNames) {
  peers_.answers = {{"b", commit_with(kHash)}, {"c", commit_with(kOtherHash)}, {"d", commit_with(kHash)}};
  const auto found = find();
  ASSERT_TRUE(found.has_value()) << found.error().message();
  EXPECT_EQ(found->trust_hash, kHash);
  EXPECT_EQ(found->trust_height, 42U);
  EXPECT_EQ(found->servers, (std::vector<std::string>{sockets_->server_of("b"), sockets_->server_of("d")}));
}

TEST_F(LightClient, OneValidatorOrManyObserversAreNotEnough) {
  peers_.answers = {{"a", commit_with(kHash)}, {"observer", commit_with(kHash)}};
  EXPECT_EQ(find().error().reason, Reason::kUnavailable);
  peers_.answers = {{"a", commit_with(kHash)}, {"b", commit_with(kOtherHash)}, {"c", "{}"}, {"d", "no json"}};
  EXPECT_EQ(find().error().reason, Reason::kUnavailable);
  genesis_.validators.front().power = 100;  // more than a third, but alone: CometBFT wants a witness beside it
  EXPECT_EQ(find().error().reason, Reason::kUnavailable);
}

TEST_F(LightClient, AHashThatIsNoneIsNotBelieved) {
  const std::string injected = "aa\"\nrpc_servers = \"http://elsewhere.example";
  peers_.answers = {{"a", commit_with(injected)}, {"b", commit_with(injected)}, {"c", commit_with(injected)}};
  EXPECT_EQ(find().error().reason, Reason::kUnavailable);
}

std::string ask(const std::string& server, const std::string& body) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = server.substr(std::string("unix://").size());
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  EXPECT_EQ(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  const std::string request =
      "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
      body;
  EXPECT_EQ(::send(socket, request.data(), request.size(), MSG_NOSIGNAL), static_cast<ssize_t>(request.size()));
  std::string out;
  char piece[1024];
  for (ssize_t got = 0; (got = ::recv(socket, piece, sizeof(piece), 0)) > 0;) {
    out.append(piece, static_cast<std::size_t>(got));
  }
  ::close(socket);
  return out;
}

TEST_F(LightClient, EachSocketLeadsToItsPeer) {
  peers_.answers = {{"c", "the answer of c"}};
  const std::string answer = ask(sockets_->server_of("c"), R"({"method":"commit"})");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nthe answer of c")) << answer;
  EXPECT_EQ(peers_.bodies, std::vector<std::string>{R"({"method":"commit"})"});
  EXPECT_TRUE(ask(sockets_->server_of("a"), "{}").starts_with("HTTP/1.1 502"));
  EXPECT_EQ(sockets_->server_of("nobody"), "");
}

TEST_F(LightClient, ARequestThatIsTooLongIsNotPassedOn) {
  ask(sockets_->server_of("c"), std::string(5'000, 'x'));
  EXPECT_TRUE(peers_.bodies.empty());
}

}  // namespace
}  // namespace chancery::node
