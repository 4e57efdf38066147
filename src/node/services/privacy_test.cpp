// Personal data in clear is nowhere but in the answer to somebody who may see it: a planted marker is looked for in
// every file that a node writes.

#include <sstream>

#include "base/log.h"
#include "node/services/testing/desk_fixture.h"

namespace chancery::node {
namespace {

class PrivacyTest : public testing::DeskTest {};

std::string file_text(const std::filesystem::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

TEST_P(PrivacyTest, NoMarkerOfAPersonalFieldIsInAnyFile) {
  const std::string log_path = directory_ / "node.log";
  ASSERT_TRUE(open_log({.level = LogLevel::kDebug, .path = log_path}));
  const std::string marker = "MARKER7F3C";
  IssueRequest request = residence(marker + "NAME");
  request.fields["address"] = marker + "ADDRESS";
  const std::string id_number = request.fields["id_number"].get<std::string>();
  request.holder_reference = id_number;
  auto& desk = services_->credentials();
  const std::string id = issued(request, "k1").id;
  ASSERT_TRUE(desk.annotate(*wang_, id, marker + "NOTE", "", ""));
  ASSERT_TRUE(desk.fields(*wang_, id, {}, "复核"));
  ASSERT_TRUE(desk.sd_jwt(*wang_, id, {"name"}, {}, "出证"));
  ASSERT_TRUE(desk.new_version(*wang_, id, residence(marker + "SECOND"), "", ""));
  IssueRequest bad = residence(marker + "BAD");
  bad.fields["extra"] = marker + "EXTRA";
  const auto refused = desk.issue(*wang_, bad, "");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message().find(marker), std::string::npos);
  log_error("test.refused", refused.error());
  ASSERT_TRUE(services_->follow_to_head());
  stop();
  ASSERT_TRUE(open_log({}));

  std::size_t files = 0;
  for (const auto& item : std::filesystem::recursive_directory_iterator(directory_.path())) {
    if (!item.is_regular_file()) continue;
    ++files;
    const std::string text = file_text(item.path());
    EXPECT_EQ(text.find(marker), std::string::npos) << item.path();
    EXPECT_EQ(text.find(id_number), std::string::npos) << item.path();
    EXPECT_EQ(text.find(to_base64(as_bytes(marker)).substr(0, 12)), std::string::npos) << item.path();
  }
  EXPECT_GT(files, 10U);
}

INSTANTIATE_TEST_SUITE_P(Suites, PrivacyTest, ::testing::Values("intl", "gm"),
                         [](const auto& suite) { return suite.param; });

}  // namespace
}  // namespace chancery::node
