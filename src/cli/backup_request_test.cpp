#include "cli/backup_request.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "cli/files.h"
#include "tests/support/temporary_directory.h"

namespace chancery::cli {
namespace {

TEST(BackupRequest, IsAnsweredAlsoWhenItCannotBeReadSoThatNobodyWaitsForAnHour) {
  const test::TemporaryDirectory node;
  std::filesystem::create_directory(node / "backup-request");
  answer_backup_request(node.path(), [](const std::string&) -> Status {
    ADD_FAILURE() << "nothing was asked for";
    return {};
  });
  const auto answer = read_text(node / "backup-answer");
  ASSERT_TRUE(answer);
  EXPECT_NE(*answer, "ok");
  EXPECT_FALSE(exists(node / "backup-request"));
}

TEST(BackupRequest, ThatIsNotThereIsNotAnswered) {
  const test::TemporaryDirectory node;
  answer_backup_request(node.path(), [](const std::string&) -> Status { return {}; });
  EXPECT_FALSE(exists(node / "backup-answer"));
}

}  // namespace
}  // namespace chancery::cli
