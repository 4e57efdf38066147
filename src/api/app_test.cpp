#include "api/app.h"

#include <set>
#include <thread>

#include "api/dispatcher.h"
#include "api/openapi_document.h"
#include "api/testing/running_app.h"
#include "ledger.pb.h"

namespace chancery::api {
namespace {

using testing::RunningApp;

/// One node for all tests that leave it as they found it: making one takes a second of stretching passphrases.
class AppTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { shared_ = std::make_unique<RunningApp>(); }
  static void TearDownTestSuite() { shared_.reset(); }
  static Json json(const Result<ClientResponse>& answer) {
    EXPECT_TRUE(answer) << answer.error().message();
    auto parsed = parse_json(answer ? answer->body : "", {.max_bytes = 64U << 20});
    EXPECT_TRUE(parsed) << (answer ? answer->body : "");
    return parsed ? std::move(*parsed) : Json();
  }
  static Json issue(Client& issuer, std::string_view key, std::string_view remark) {
    const Json body = {{"type", "residence"}, {"fields", {{"holder_id", "H-1"}, {"remark", remark}}}};
    return json(
        issuer.post("/v1/credentials", "application/json", body.dump(), {{"Idempotency-Key", std::string(key)}}));
  }
  static std::unique_ptr<RunningApp> shared_;
  RunningApp& running_ = *shared_;
};
std::unique_ptr<RunningApp> AppTest::shared_;

/// A node of its own.
class FreshAppTest : public AppTest {
 protected:
  RunningApp running_;
};

TEST_F(AppTest, EveryDocumentedOperationHasARouteAndTheOtherWayRound) {
  ApiOptions options;
  Api api(running_.node(), running_.services(), options);
  const RouteDispatcher dispatcher(api);
  std::set<std::string> routes;
  for (const auto& route : dispatcher.router().routes()) {
    std::string pattern = route.pattern;
    if (const auto dots = pattern.find("...}"); dots != std::string::npos) pattern.erase(dots, 3);
    const bool of_the_api = pattern.starts_with("/v1/") || pattern.starts_with("/log/") || pattern == "/livez" ||
                            pattern == "/readyz" || pattern == "/metrics" || pattern.starts_with("/tsa");
    const bool twin = pattern.ends_with("receipt.json") || pattern.ends_with("receipt.cbor");
    if (of_the_api && !twin) routes.insert(route.method + " " + pattern);
  }
  std::set<std::string> documented;
  for (const auto& [path, item] : openapi_document().at("paths").items()) {
    for (const auto& [method, operation] : item.items()) {
      std::string name = method;
      for (char& c : name) c = static_cast<char>(c - 'a' + 'A');
      documented.insert(name + " " + path);
    }
  }
  EXPECT_EQ(routes, documented);
}

TEST_F(AppTest, EverySignedOperationAsksForAnIdempotencyKeyOrOnlyReads) {
  // They send a purpose in their body, or end something: repeated, they do the same again and harm nothing.
  const std::set<std::string> posts_without_key = {"searchCredentialsByHolder",
                                                   "readCredentialFields",
                                                   "readAnnotationTexts",
                                                   "getFieldProofs",
                                                   "getSdJwt",
                                                   "eraseCredentialFields",
                                                   "logout"};
  for (const auto& [path, item] : openapi_document().at("paths").items()) {
    for (const auto& [method, operation] : item.items()) {
      if (!operation.contains("security")) continue;
      const bool has_key = operation.contains("parameters") &&
                           operation.at("parameters").dump().find("IdempotencyKey") != std::string::npos;
      const auto id = operation.at("operationId").get<std::string>();
      EXPECT_NE(has_key, method == "get" || posts_without_key.contains(id)) << id;
    }
  }
}

TEST_F(AppTest, IssuesProvesAndVerifies) {
  Client issuer = running_.issuer();
  const Json issued = issue(issuer, "k1", "first");
  ASSERT_TRUE(issued.contains("credential")) << issued.dump();
  const auto id = issued.at("credential").at("id").get<std::string>();
  Client reader = running_.client();
  const auto receipt = reader.get("/v1/credentials/" + id + "/receipt");
  ASSERT_EQ(receipt->status, 200) << receipt->body;
  EXPECT_EQ(json(reader.post("/v1/verify", "application/json", receipt->body)).at("passed"), true);
  const auto trust = ledger::TrustFile::parse(reader.get("/v1/trust")->body);
  ASSERT_TRUE(trust) << trust.error().message();
  EXPECT_TRUE(ledger::verify_receipt_bytes(as_bytes(receipt->body), *trust).passed) << "offline, from the files alone";
}

TEST_F(FreshAppTest, RepeatsTheFirstAnswerAfterARestart) {
  Json first;
  {
    Client issuer = running_.issuer();
    first = issue(issuer, "same-key", "first");
    ASSERT_TRUE(first.contains("transaction")) << first.dump();
  }
  running_.restart();
  Client issuer = running_.issuer();
  EXPECT_EQ(issue(issuer, "same-key", "first").at("transaction"), first.at("transaction"));
  EXPECT_EQ(issue(issuer, "same-key", "other").at("code"), "state.idempotency_mismatch");
}

TEST_F(AppTest, StampsForClientsOfRfc3161) {
  Client client = running_.client();
  // TimeStampReq of version 1: a SHA-256 imprint of 32 zero bytes, and the certificate is wanted.
  std::string query("\x30\x37\x02\x01\x01\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20", 22);
  query += std::string(32, '\0') + "\x01\x01\xff";
  const auto granted = client.post("/tsa", "application/timestamp-query", query);
  ASSERT_EQ(granted->status, 200) << granted->body;
  EXPECT_EQ(granted->header("content-type"), "application/timestamp-reply");
  EXPECT_NE(granted->body.find(std::string("\x30\x03\x02\x01\x00", 5)), std::string::npos) << "status granted";
  const auto refused = client.post("/tsa", "application/timestamp-query", "junk");
  EXPECT_EQ(refused->status, 200);
  EXPECT_NE(refused->body.find(std::string("\x03\x02\x02\x04", 4)), std::string::npos) << "badDataFormat";
  EXPECT_EQ(client.post("/tsa", "text/plain", query)->status, 415);
  EXPECT_EQ(client.post("/tsa", "application/timestamp-query", std::string(5000, 'x'))->status, 413);
  EXPECT_TRUE(client.get("/tsa/roots.pem")->body.starts_with("-----BEGIN CERTIFICATE-----"));
}

TEST_F(AppTest, RefusesAWriteWithoutAnIdempotencyKey) {
  Client issuer = running_.issuer();
  const auto answer = issuer.post("/v1/credentials", "application/json", R"({"type":"residence","fields":{}})");
  EXPECT_EQ(answer->status, 400);
  EXPECT_EQ(answer->header("content-type"), "application/problem+json");
}

TEST_F(AppTest, TakesBinaryBatchesAndAnswersEachTransaction) {
  wire::TransactionBatch batch;
  for (int i = 0; i < 500; ++i) {
    batch.add_transactions(to_string(running_.network().issue("B-" + std::to_string(i), running_.now_ms())));
  }
  batch.add_transactions("not a transaction");
  Client client = running_.client();
  const auto answer = client.post("/v1/transactions/batch", "application/x-protobuf", batch.SerializeAsString());
  ASSERT_EQ(answer->status, 200) << answer->body;
  wire::TransactionBatchResult result;
  ASSERT_TRUE(result.ParseFromString(answer->body));
  ASSERT_EQ(result.outcomes_size(), 501);
  for (int i = 0; i < 500; ++i) {
    EXPECT_EQ(result.outcomes(i).stage(), "final");
    EXPECT_EQ(result.outcomes(i).reason(), "");
  }
  EXPECT_EQ(result.outcomes(500).stage(), "refused");
}

TEST_F(AppTest, GivesTheSameTransactionTheSameAnswer) {
  const std::string transaction = to_string(running_.network().issue("C-1", running_.now_ms()));
  Client client = running_.client();
  const auto first = client.post("/v1/transactions", "application/x-protobuf", transaction);
  ASSERT_EQ(first->status, 200) << first->body;
  EXPECT_EQ(client.post("/v1/transactions", "application/x-protobuf", transaction)->body, first->body);
}

TEST_F(AppTest, AnswersEarlyWhenAsked) {
  Client client = running_.client();
  const auto answer =
      client.post("/v1/transactions", "application/x-protobuf",
                  to_string(running_.network().issue("D-1", running_.now_ms())), {{"Prefer", "respond-async"}});
  EXPECT_EQ(answer->status, 202);
  EXPECT_EQ(json(answer).at("stage"), "received");
}

TEST_F(FreshAppTest, StreamsEveryEventOnceAcrossReconnections) {
  Client client = running_.client();
  for (int i = 0; i < 30; ++i) {
    const auto answer = client.post("/v1/transactions", "application/x-protobuf",
                                    to_string(running_.network().issue("C-" + std::to_string(i), running_.now_ms())));
    ASSERT_EQ(answer->status, 200) << answer->body;
  }
  std::vector<std::string> subjects;
  std::string last = "0:0";
  while (subjects.size() < 30) {
    int in_this_connection = 0;
    const auto stream = running_.client().events(
        "/v1/events?type=credential.issued", {{"Last-Event-ID", last}}, [&](const ClientEvent& event) {
          subjects.push_back(parse_json(event.data)->at("subject").get<std::string>());
          last = event.id;
          return ++in_this_connection < 7 && subjects.size() < 30;
        });
    ASSERT_TRUE(stream) << stream.error().message();
    ASSERT_EQ(stream->status, 200) << stream->body;
  }
  for (std::size_t i = 0; i < subjects.size(); ++i) EXPECT_EQ(subjects[i], "C-" + std::to_string(i));
}

TEST_F(FreshAppTest, WakesAWaitingStream) {
  std::atomic<bool> seen = false;
  std::thread listener([&] {
    (void)running_.client().events("/v1/events?from=1", {}, [&](const ClientEvent& event) {
      seen = event.type == "credential.issued";
      return false;
    });
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_FALSE(seen);
  (void)running_.client().post("/v1/transactions", "application/x-protobuf",
                               to_string(running_.network().issue("C-1", running_.now_ms())));
  listener.join();
  EXPECT_TRUE(seen);
}

TEST_F(AppTest, ShowsTheVerdictInOneWordWithoutScript) {
  Client issuer = running_.issuer();
  const auto id = issue(issuer, "verdict-1", "first").at("credential").at("id").get<std::string>();
  Client reader = running_.client();
  const auto zh = reader.get("/credential/" + id);
  EXPECT_NE(zh->body.find("真实有效"), std::string::npos);
  EXPECT_EQ(zh->body.find("<script"), std::string::npos);
  EXPECT_NE(zh->header("content-security-policy").find("default-src 'self'"), std::string_view::npos);
  const auto revoked =
      issuer.post("/v1/credentials/" + id + "/revoke", "application/json", "{}", {{"Idempotency-Key", "verdict-2"}});
  EXPECT_EQ(revoked->status, 200) << revoked->body;
  EXPECT_NE(reader.get("/credential/" + id)->body.find("已撤销"), std::string::npos);
  EXPECT_EQ(reader.get("/credential/none-such")->status, 404);
}

TEST_F(AppTest, EscapesHostileNumbersOnEveryPage) {
  Client reader = running_.client();
  const std::string hostile = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27";
  for (const std::string path : {"/credential/", "/evidence/", "/transaction/", "/block/", "/organisation/", "/type/",
                                 "/problems/", "/search?q=", "/record/a/b/", "/"}) {
    const auto answer = reader.get(path + hostile, {{"Accept", "text/html"}});
    ASSERT_TRUE(answer);
    EXPECT_GE(answer->status, 400) << path;
    EXPECT_LT(answer->status, 500) << path;
    EXPECT_EQ(answer->body.find("<script"), std::string::npos) << path;
  }
}

TEST_F(AppTest, CountsRequestsByRouteAndNeverByPath) {
  Client client = running_.client();
  (void)client.get("/v1/credentials/350104199001011234");
  const auto metrics = client.get("/metrics")->body;
  EXPECT_NE(metrics.find("chancery_http_requests_total{"), std::string::npos);
  EXPECT_NE(metrics.find("route=\"/v1/credentials/{id}\""), std::string::npos);
  EXPECT_EQ(metrics.find("350104199001011234"), std::string::npos);
}

TEST_F(FreshAppTest, LeavesNothingHangingWhenItStops) {
  Client client = running_.client();
  ASSERT_EQ(client.get("/livez")->status, 200);
  running_.app().stop();
  EXPECT_FALSE(client.get("/livez"));
}

}  // namespace
}  // namespace chancery::api
