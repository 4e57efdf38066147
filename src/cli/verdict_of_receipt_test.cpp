#include "cli/verdict_of_receipt.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/random.h"
#include "cli/bench/signed_load.h"
#include "cli/disclosure_check.h"
#include "cli/files.h"
#include "node/node_files.h"

namespace chancery::cli {
namespace {

/// A network's trust file, made once; nothing here needs its node.
const ledger::TrustFile& some_trust() {
  static const ledger::TrustFile trust = [] {
    const std::string directory = (std::filesystem::temp_directory_path() / "chancery-verdict-test").string();
    std::filesystem::remove_all(directory);
    const Status made = bench::make_load_network({directory}, "intl", "a test passphrase");
    EXPECT_TRUE(made.has_value());
    const auto text = read_text(node::trust_path(directory));
    const auto parsed = ledger::TrustFile::parse(text.value());
    std::filesystem::remove_all(directory);
    return parsed.value();
  }();
  return trust;
}

FileVerdict only_verdict(std::string_view content) {
  const auto verdicts = verify_content(as_bytes(content), some_trust(), {});
  EXPECT_EQ(verdicts.size(), 1U);
  return verdicts.front();
}

TEST(VerifyContent, RefusesWhatIsNoReceiptWithAStepThatSaysSo) {
  for (const char* content : {"", "   \n", "{", "{}", "[]", "null", "{\"format\":\"something\"}", "hello", "\xff\xfe",
                              "{\"format\":\"chancery-receipt-v1\"}", "{\"format\":\"chancery-batch-receipt-v1\"}",
                              "{\"format\":\"chancery-batch-receipts-v1\"}\n{}\n"}) {
    const FileVerdict verdict = only_verdict(content);
    EXPECT_FALSE(verdict.passed) << content;
    EXPECT_TRUE(verdict.failure.has_value()) << content;
    ASSERT_FALSE(verdict.steps.empty()) << content;
    EXPECT_FALSE(verdict.steps.back().ok) << content;
    EXPECT_FALSE(verdict.steps.back().text_zh.empty()) << content;
  }
}

TEST(VerifyContent, NeverAcceptsRandomBytes) {
  SeededRandom random(7);
  for (int round = 0; round < 500; ++round) {
    const Bytes bytes = random.bytes(random.below(300));
    EXPECT_FALSE(verify_content(bytes, some_trust(), {}).front().passed);
  }
}

TEST(VerifyContent, SaysInJsonWhatItSaysInWords) {
  const nlohmann::json json = only_verdict("{}").to_json();
  EXPECT_FALSE(json.at("passed").get<bool>());
  EXPECT_FALSE(json.at("steps").empty());
  EXPECT_TRUE(json.contains("failure"));
}

TEST(VerifyFields, NeedsTheReceiptOfTheRecord) {
  const std::string fields =
      R"({"format":"chancery-fields-v1","credential":"a","hash":"sha256","fields_root":"","count":1,
    "fields":[{"name":"n","value":1,"salt":"AAAAAAAAAAAAAAAAAAAAAA==","index":0,"proof":[]}]})";
  const FileVerdict verdict = verify_fields(fields, {}, some_trust());
  EXPECT_FALSE(verdict.passed);
  EXPECT_EQ(verdict.steps.back().name, "receipt");
}

TEST(VerifySdJwt, NeedsTheIssuersKey) {
  EXPECT_TRUE(looks_like_sd_jwt("eyJ.e30.AA~"));
  const FileVerdict verdict = verify_sd_jwt("eyJ.e30.AA~", {}, some_trust());
  EXPECT_FALSE(verdict.passed);
  EXPECT_EQ(verdict.failure, Reason::kProofUntrusted);
}

}  // namespace
}  // namespace chancery::cli
