#include "api/http/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "api/client.h"

namespace chancery::api::http {
namespace {

using namespace std::chrono_literals;

/// Counts to three, waiting once in between.
class ThreePieces final : public BodySource {
 public:
  Step next(std::string& out) override {
    if (++count_ == 2) {
      std::thread([wake = wake_] { wake(); }).detach();
      return Step::kWait;
    }
    out = "piece " + std::to_string(count_) + "\n";
    return count_ >= 4 ? Step::kEnd : Step::kData;
  }
  void set_wake(std::function<void()> wake) override { wake_ = std::move(wake); }

 private:
  int count_ = 0;
  std::function<void()> wake_;
};

/// Says one thing and then waits for ever.
class Endless final : public BodySource {
 public:
  Step next(std::string& out) override {
    if (!said_) out = "once\n";
    said_ = true;
    return Step::kWait;
  }

 private:
  bool said_ = false;
};

class TestDispatcher final : public Dispatcher {
 public:
  TestDispatcher() {
    add("GET", "/hello", [](const auto& request, const Reply& reply) {
      reply.send({200, "text/plain", "hello " + std::string(request->query("name").value_or("you"))});
    });
    add("POST", "/echo",
        [](const auto& request, const Reply& reply) { reply.send({200, "text/plain", request->body}); });
    add("GET", "/later", [this](const auto&, const Reply& reply) {
      ++asked_later;
      std::thread([this, reply] {
        std::this_thread::sleep_for(20ms);
        reply.send({200, "text/plain", "later"});
        reply.send({200, "text/plain", "twice"});
        ++answered_later;
      }).detach();
    });
    add("GET", "/never", [this](const auto&, const Reply& reply) {
      kept.push_back(reply);
      ++kept_count;
    });
    add("GET", "/dropped", [](const auto&, const Reply&) {});
    add("GET", "/pieces", [](const auto&, const Reply& reply) {
      Response response(200, "text/plain", {});
      response.stream = std::make_unique<ThreePieces>();
      reply.send(std::move(response));
    });
    add("GET", "/endless", [](const auto&, const Reply& reply) {
      Response response(200, "text/plain", {});
      response.stream = std::make_unique<Endless>();
      reply.send(std::move(response));
    });
    add("GET", "/split", [](const auto&, const Reply& reply) {
      Response response(200, "text/plain", "x");
      response.set("X-Bad", "a\r\nSet-Cookie: b=c");
      reply.send(std::move(response));
    });
  }

  ~TestDispatcher() override {
    while (answered_later != asked_later) std::this_thread::sleep_for(1ms);
  }

  Admission admit(const Request& head) override {
    auto match = router_.match(head.method, head.target.segments);
    Admission admission{.route = match.route, .parameters = std::move(match.parameters), .answer = nullptr};
    if (match.route == nullptr) admission.answer = std::make_unique<Response>(404, "text/plain", "nothing here");
    return admission;
  }
  void handle(const Route& route, std::shared_ptr<const Request> request, Reply reply) override {
    route.handler(request, reply);
  }
  Response refuse(const Request&, const Error& error, int status) override {
    return {status, "text/plain", error.detail};
  }
  void finish(const Request&, const Route*, Response&, std::int64_t) override { ++finished; }

  std::vector<Reply> kept;
  std::atomic<int> kept_count = 0;  // read this one first: it orders what another thread put into kept
  std::atomic<int> finished = 0;
  std::atomic<int> asked_later = 0;
  std::atomic<int> answered_later = 0;

 private:
  void add(std::string method, std::string pattern, Handler handler) {
    router_.add({.method = std::move(method),
                 .pattern = std::move(pattern),
                 .handler = std::move(handler),
                 .body_limit_bytes = 1'000});
  }
  Router router_;
};

class ServerTest : public ::testing::Test {
 protected:
  void start(ServerOptions options = {}) {
    options.port = 0;
    auto started = Server::start(options, dispatcher_, clock_);
    ASSERT_TRUE(started) << started.error().message();
    server_ = std::move(*started);
  }
  Client client() { return std::move(*Client::create("127.0.0.1:" + std::to_string(server_->port()))); }

  /// Sends bytes as they are and reads until the other side closes.
  std::string raw(std::string_view bytes) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server_->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
    std::string out;
    std::array<char, 4096> buffer{};
    while (true) {
      const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);
      if (count <= 0) break;
      out.append(buffer.data(), static_cast<std::size_t>(count));
    }
    ::close(socket);
    return out;
  }

  SystemClock clock_;
  TestDispatcher dispatcher_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, AnswersManyRequestsOnOneConnection) {
  start();
  Client connection = client();
  for (int i = 0; i < 50; ++i) {
    const auto answer = connection.get("/hello?name=" + std::to_string(i));
    ASSERT_TRUE(answer) << answer.error().message();
    EXPECT_EQ(answer->body, "hello " + std::to_string(i));
  }
  EXPECT_EQ(server_->connections(), 1U);
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  start();
  Client connection = client();
  ASSERT_TRUE(connection.send("GET", "/later", {}, {}));
  ASSERT_TRUE(connection.send("GET", "/hello?name=b", {}, {}));
  ASSERT_TRUE(connection.send("POST", "/echo", {}, "c"));
  EXPECT_EQ(connection.receive()->body, "later");
  EXPECT_EQ(connection.receive()->body, "hello b");
  EXPECT_EQ(connection.receive()->body, "c");
}

TEST_F(ServerTest, TakesTheFirstOfTwoAnswers) {
  start();
  Client connection = client();
  EXPECT_EQ(connection.get("/later")->body, "later");
  EXPECT_EQ(connection.get("/hello")->body, "hello you");
  while (dispatcher_.answered_later == 0) std::this_thread::sleep_for(1ms);
}

TEST_F(ServerTest, NeverLeavesAForgottenRequestHanging) {
  start();
  EXPECT_EQ(client().get("/dropped")->status, 500);
}

TEST_F(ServerTest, SaysSoWhenAnAnswerTakesTooLong) {
  ServerOptions options;
  options.answer_timeout_ms = 30;
  start(options);
  EXPECT_EQ(client().get("/never")->status, 504);
  ASSERT_EQ(dispatcher_.kept_count, 1);
  dispatcher_.kept.front().send({200, "text/plain", "too late"});
}

TEST_F(ServerTest, DoesNotTakeALateAnswerForTheNextRequests) {
  ServerOptions options;
  options.answer_timeout_ms = 300;
  start(options);
  Client connection = client();
  EXPECT_EQ(connection.get("/never")->status, 504);
  ASSERT_EQ(dispatcher_.kept_count, 1);
  ASSERT_TRUE(connection.send("GET", "/later", {}, {}));
  dispatcher_.kept.front().send({200, "text/plain", "too late"});
  EXPECT_EQ(connection.receive()->body, "later");
  while (dispatcher_.answered_later == 0) std::this_thread::sleep_for(1ms);
}

TEST_F(ServerTest, AnswersHeadWithoutABody) {
  start();
  Client connection = client();
  const auto answer = connection.request("HEAD", "/hello");
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->header("content-length"), "9");
  EXPECT_TRUE(answer->body.empty());
  EXPECT_EQ(connection.get("/hello")->body, "hello you");
}

TEST_F(ServerTest, StreamsPieces) {
  start();
  std::string all;
  const auto answer = client().stream("/pieces", {}, [&](std::string_view piece) {
    all += piece;
    return true;
  });
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(all, "piece 1\npiece 3\npiece 4\n");
}

TEST_F(ServerTest, RefusesALargeBodyByItsHeader) {
  start();
  const std::string answer = raw("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 413 ")) << answer;
}

TEST_F(ServerTest, RefusesALargeChunkedBody) {
  start();
  const std::string chunk = "200\r\n" + std::string(512, 'x') + "\r\n";
  const std::string answer =
      raw("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk + chunk);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 413 ")) << answer;
}

TEST_F(ServerTest, AsksForABodyThatWaitsForPermission) {
  start();
  const std::string answer =
      raw("POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")) << answer;
}

TEST_F(ServerTest, CutsOffASlowHeader) {
  ServerOptions options;
  options.header_timeout_ms = 50;
  start(options);
  EXPECT_EQ(raw("GET /hello HTTP/1.1\r\nHost:"), "");
  EXPECT_EQ(client().get("/hello")->status, 200);
}

TEST_F(ServerTest, CutsOffASlowBody) {
  ServerOptions options;
  options.body_timeout_ms = 50;
  start(options);
  EXPECT_EQ(raw("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"), "");
}

TEST_F(ServerTest, RefusesAHugeHeader) {
  start();
  EXPECT_TRUE(raw("GET /hello HTTP/1.1\r\nHost: a\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n")
                  .starts_with("HTTP/1.1 431 "));
}

TEST_F(ServerTest, ClosesAfterAMalformedRequest) {
  start();
  const std::string answer =
      raw("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nGET /hello");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << answer;
  EXPECT_EQ(answer.find("HTTP/1.1", 10), std::string::npos) << "the rest must not be taken for a request";
}

TEST_F(ServerTest, DoesNotReadTheBodyOfARefusedRequestAsTheNextOne) {
  start();
  const std::string answer =
      raw("POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 34\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n  ");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 404 ")) << answer;
  EXPECT_EQ(answer.find("hello"), std::string::npos);
}

TEST_F(ServerTest, LetsNoValueStartAHeaderOfItsOwn) {
  start();
  EXPECT_EQ(client().get("/split")->header("set-cookie"), "");
}

TEST_F(ServerTest, SpeaksToOldClients) {
  start();
  const std::string answer = raw("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(answer.ends_with("hello you")) << answer;
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
}

TEST_F(ServerTest, TurnsAwayConnectionsBeyondTheLimit) {
  ServerOptions options;
  options.max_connections = 1;
  start(options);
  Client first = client();
  EXPECT_EQ(first.get("/hello")->status, 200);
  EXPECT_EQ(client().get("/hello")->status, 503);
  EXPECT_EQ(first.get("/hello")->status, 200);
}

TEST_F(ServerTest, FinishesWhatIsInFlightWhenItStops) {
  start();
  std::string body;
  std::thread caller([&] { body = client().get("/later")->body; });
  while (server_->connections() == 0) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(5ms);
  server_->stop();
  caller.join();
  EXPECT_EQ(body, "later");
  while (dispatcher_.answered_later == 0) std::this_thread::sleep_for(1ms);
}

TEST_F(ServerTest, EndsStreamsWhenItStops) {
  start();
  std::atomic<bool> begun = false;
  std::thread caller([&] {
    (void)client().stream("/endless", {}, [&](std::string_view) {
      begun = true;
      return true;
    });
  });
  while (!begun) std::this_thread::sleep_for(1ms);
  const auto before = std::chrono::steady_clock::now();
  server_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 2s);
  caller.join();
}

TEST_F(ServerTest, AnAnswerAfterTheStopGoesNowhere) {
  ServerOptions options;
  options.stop_timeout_ms = 20;
  start(options);
  std::thread caller([&] { EXPECT_FALSE(client().get("/never")); });
  while (dispatcher_.kept_count == 0) std::this_thread::sleep_for(1ms);
  server_->stop();
  server_.reset();
  caller.join();
  dispatcher_.kept.front().send({200, "text/plain", "anybody there?"});
}

}  // namespace
}  // namespace chancery::api::http
