// The Wycheproof files about JSON Web Signatures and Keys.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "documents/jose/compact_jws.h"

namespace chancery::documents {
namespace {

namespace fs = std::filesystem;

const std::string kFolder = std::string(CHANCERY_SOURCE_DIR) + "/../shared/data/wycheproof/";

Json read_json(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return parse_json(text, {.max_bytes = 16U << 20}).value();
}

/// What a verifier does that has this key or key set: the outcome for a token that may be of any form.
Status verify(const Json& key_or_set, const Json& token) {
  if (!token.is_string()) return fail(Reason::kMalformed, "not the compact serialization");
  std::vector<Jwk> keys;
  if (key_or_set.contains("keys")) {
    ASSIGN_OR_RETURN(keys, parse_jwk_set(key_or_set));
  } else {
    ASSIGN_OR_RETURN(Jwk jwk, parse_jwk(key_or_set));
    keys.push_back(std::move(jwk));
  }
  if (keys.empty()) return fail(Reason::kUnsupported, "no key that we have");
  ASSIGN_OR_RETURN(const CompactJws jws, parse_compact_jws(token.get_ref<const std::string&>()));
  for (const Jwk& key : keys) {
    if (key.kid == jws.header_text("kid")) return verify_compact_jws(jws, key.key);
  }
  return fail(Reason::kProofUntrusted, "no key of that kid");
}

struct Tally {
  int agreed = 0;
  int refused_as_unsupported = 0;  ///< Valid for others, refused by us by choice: HMAC, RSA, P-521, encryption.
};

void run(const std::string& file, Tally& tally) {
  const Json document = read_json(kFolder + file);
  for (const Json& group : document["testGroups"]) {
    const Json& key = group.contains("public") ? group["public"] : group["private"];
    for (const Json& test : group["tests"]) {
      const bool is_jws = test.contains("jws");
      const Status status = is_jws ? verify(key, test["jws"]) : verify(key, test["jwe"]);
      const std::string name = file + " " + test["tcId"].dump() + " " + test["comment"].get<std::string>();
      const bool ours = is_jws && key.value("kty", "") == "EC" && key.value("crv", "") == "P-256";
      if (test["result"] == "valid" && !ours) {
        EXPECT_FALSE(status) << name;
        ++tally.refused_as_unsupported;
      } else {
        EXPECT_EQ(status.has_value(), test["result"] == "valid") << name;
        ++tally.agreed;
      }
    }
  }
}

TEST(WycheproofJose, AgreesOnSignaturesAndKeys) {
  if (!fs::exists(kFolder)) GTEST_SKIP() << "skipped: no " << kFolder;
  Tally tally;
  for (const char* file : {"json_web_signature_test.json", "json_web_key_test.json", "json_web_crypto_test.json"}) {
    run(file, tally);
  }
  std::printf("%d agreed, %d valid ones refused as unsupported\n", tally.agreed, tally.refused_as_unsupported);
  EXPECT_GT(tally.agreed, 300);
}

}  // namespace
}  // namespace chancery::documents
