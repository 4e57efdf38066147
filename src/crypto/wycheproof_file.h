#pragma once
// Reading test vectors in Wycheproof's JSON schemas. For tests only.

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/signature.h"

namespace chancery::crypto {

/// nullopt where the shared data is not at hand.
inline std::optional<nlohmann::json> read_vectors(const std::string& path_in_source_directory) {
  std::ifstream file(std::string(CHANCERY_SOURCE_DIR) + "/" + path_in_source_directory);
  if (!file) return std::nullopt;
  return nlohmann::json::parse(file);
}

inline std::string wycheproof_path(const std::string& name) {
  return "../shared/data/wycheproof/" + name;
}

inline Bytes hex_of(const nlohmann::json& object, const char* name) {
  auto bytes = from_hex(object.at(name).get<std::string>());
  CHANCERY_CHECK(bytes.has_value());
  return *bytes;
}

/// Calls `check(group, test)` for each test; skips the calling test where the file is absent.
template <class Check>
void for_each_vector(const std::string& path, Check check) {
  const auto file = read_vectors(path);
  if (!file) GTEST_SKIP() << "skipped: " << path << " is not here";
  std::size_t seen = 0;
  for (const nlohmann::json& group : file->at("testGroups")) {
    for (const nlohmann::json& test : group.at("tests")) {
      SCOPED_TRACE(path + " tcId " + test.at("tcId").dump() + ": " + test.at("comment").get<std::string>());
      check(group, test);
      ++seen;
    }
  }
  EXPECT_EQ(seen, file->at("numberOfTests").get<std::size_t>());
}

/// "valid" must hold, "invalid" must not; "acceptable" may do either.
inline void expect_result(const nlohmann::json& test, bool accepted) {
  const std::string result = test.at("result");
  if (result != "acceptable") {
    EXPECT_EQ(accepted, result == "valid");
  }
}

/// Runs a test once for each backend that this CPU has.
class EachBackend : public testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    if (GetParam() == Backend::kCryptoMb && !crypto_mb_available()) GTEST_SKIP() << "skipped: no crypto_mb here";
    force_backend_for_test(GetParam());
  }
  void TearDown() override { force_backend_for_test(std::nullopt); }
};
inline std::string backend_name(const testing::TestParamInfo<Backend>& info) {
  switch (info.param) {
    case Backend::kOpenSsl:
      return "OpenSsl";
    case Backend::kTables:
      return "Tables";
    case Backend::kCryptoMb:
      return "CryptoMb";
  }
  return "Unknown";
}
inline constexpr Backend kEveryBackend[] = {Backend::kOpenSsl, Backend::kTables, Backend::kCryptoMb};

}  // namespace chancery::crypto
