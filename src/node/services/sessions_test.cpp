#include "node/services/sessions.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temporary_directory.h"

namespace chancery::node {
namespace {

class SessionsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(sessions_.create_key("wang", "a long passphrase", crypto::SignatureAlgorithm::kEd25519));
  }
  test::TemporaryDirectory directory_;
  ManualClock clock_{1'790'000'000'000};
  SystemRandom random_;
  Sessions sessions_{directory_.path(), clock_, random_};
};

TEST_F(SessionsTest, OpensWithTheRightPassphraseAndSigns) {
  const auto login = sessions_.login("wang", "a long passphrase");
  ASSERT_TRUE(login) << login.error().message();
  EXPECT_EQ(login->token.size(), 43U);
  const auto session = sessions_.find(login->token);
  ASSERT_TRUE(session);
  EXPECT_EQ((*session)->account(), "wang");
  EXPECT_TRUE((*session)->key().sign(as_bytes("text")));
}

TEST_F(SessionsTest, SaysTheSameForAnUnknownAccountAndAWrongPassphrase) {
  const auto unknown = sessions_.login("nobody", "a long passphrase");
  const auto wrong = sessions_.login("wang", "another passphrase");
  EXPECT_EQ(unknown.error().reason, Reason::kUnauthenticated);
  EXPECT_EQ(wrong.error().reason, Reason::kUnauthenticated);
  EXPECT_EQ(unknown.error().detail, wrong.error().detail);
}

TEST_F(SessionsTest, LocksAnAccountAfterFiveFailuresForFiveMinutes) {
  for (unsigned i = 0; i < kLoginFailuresAllowed; ++i) {
    EXPECT_EQ(sessions_.login("wang", "wrong wrong").error().reason, Reason::kUnauthenticated);
  }
  EXPECT_EQ(sessions_.login("wang", "a long passphrase").error().reason, Reason::kLockedOut);
  clock_.advance_ms(kLockOut_ms - 1);
  EXPECT_EQ(sessions_.login("wang", "a long passphrase").error().reason, Reason::kLockedOut);
  clock_.advance_ms(1);
  EXPECT_TRUE(sessions_.login("wang", "a long passphrase"));
}

TEST_F(SessionsTest, ASuccessForgivesEarlierFailures) {
  for (int round = 0; round < 3; ++round) {
    for (unsigned i = 0; i + 1 < kLoginFailuresAllowed; ++i) (void)sessions_.login("wang", "wrong wrong");
    EXPECT_TRUE(sessions_.login("wang", "a long passphrase"));
  }
}

TEST_F(SessionsTest, LocksAnUnknownAccountTooSoThatItTellsNothing) {
  for (unsigned i = 0; i < kLoginFailuresAllowed; ++i) (void)sessions_.login("nobody", "wrong wrong");
  EXPECT_EQ(sessions_.login("nobody", "wrong wrong").error().reason, Reason::kLockedOut);
}

TEST_F(SessionsTest, EndsAfterAnIdleHalfHour) {
  const auto login = sessions_.login("wang", "a long passphrase");
  clock_.advance_ms(kSessionIdle_ms - 1);
  EXPECT_TRUE(sessions_.find(login->token));
  clock_.advance_ms(kSessionIdle_ms - 1);
  EXPECT_TRUE(sessions_.find(login->token));
  clock_.advance_ms(kSessionIdle_ms);
  EXPECT_EQ(sessions_.find(login->token).error().reason, Reason::kUnauthenticated);
}

TEST_F(SessionsTest, EndsAfterTwelveHoursHoweverBusy) {
  const auto login = sessions_.login("wang", "a long passphrase");
  for (std::int64_t t = 0; t + kSessionIdle_ms / 2 < kSessionLife_ms; t += kSessionIdle_ms / 2) {
    ASSERT_TRUE(sessions_.find(login->token)) << t;
    clock_.advance_ms(kSessionIdle_ms / 2);
  }
  clock_.advance_ms(kSessionIdle_ms / 2);
  EXPECT_FALSE(sessions_.find(login->token));
}

TEST_F(SessionsTest, LogoutEndsOneSessionOrAllOfAnAccount) {
  const auto first = sessions_.login("wang", "a long passphrase");
  const auto second = sessions_.login("wang", "a long passphrase");
  sessions_.logout(first->token);
  EXPECT_FALSE(sessions_.find(first->token));
  EXPECT_TRUE(sessions_.find(second->token));
  sessions_.logout_account("wang");
  EXPECT_FALSE(sessions_.find(second->token));
}

TEST_F(SessionsTest, AChangedPassphraseReplacesTheOldOne) {
  const auto session = sessions_.login("wang", "a long passphrase");
  ASSERT_TRUE(sessions_.change_passphrase("wang", "a long passphrase", "a newer passphrase"));
  EXPECT_FALSE(sessions_.find(session->token));
  EXPECT_FALSE(sessions_.login("wang", "a long passphrase"));
  EXPECT_TRUE(sessions_.login("wang", "a newer passphrase"));
}

TEST_F(SessionsTest, KeepsKeysEncryptedAndNeverReplacesOne) {
  std::ifstream file(directory_ / "wang.p8");
  const std::string pem((std::istreambuf_iterator<char>(file)), {});
  EXPECT_NE(pem.find("BEGIN ENCRYPTED PRIVATE KEY"), std::string::npos);
  EXPECT_EQ(sessions_.create_key("wang", "a long passphrase", crypto::SignatureAlgorithm::kEd25519).error().reason,
            Reason::kAlreadyExists);
}

TEST_F(SessionsTest, ADiscardedKeyMakesRoomForAnother) {
  ASSERT_TRUE(sessions_.discard_key("wang"));
  EXPECT_FALSE(sessions_.has_key("wang"));
  EXPECT_FALSE(sessions_.login("wang", "a long passphrase"));
  EXPECT_TRUE(sessions_.discard_key("wang"));
  EXPECT_TRUE(sessions_.create_key("wang", "another passphrase", crypto::SignatureAlgorithm::kEd25519));
}

TEST_F(SessionsTest, RefusesNamesThatWouldLeaveTheDirectoryOrMeetTheNodesKeys) {
  for (const char* name : {"", "..", "../x", "a/b", "Wang", "node", "node-log", "desk", ".hidden"}) {
    EXPECT_EQ(sessions_.create_key(name, "a long passphrase", crypto::SignatureAlgorithm::kEd25519).error().reason,
              Reason::kInvalidValue)
        << name;
    EXPECT_FALSE(sessions_.login(name, "a long passphrase")) << name;
  }
  EXPECT_EQ(sessions_.create_key("li", "short", crypto::SignatureAlgorithm::kEd25519).error().reason,
            Reason::kInvalidValue);
}

}  // namespace
}  // namespace chancery::node
