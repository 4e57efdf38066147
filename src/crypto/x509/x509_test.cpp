#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "crypto/each_algorithm.h"
#include "crypto/x509/certificate_authority.h"
#include "crypto/x509/chain.h"
#include "crypto/x509/fingerprint_words.h"

namespace chancery::crypto {
namespace {

constexpr std::int64_t kDay_ms = 86'400'000;
constexpr std::int64_t kStart_ms = 1'790'000'000'000;  // 2026-09-21

PrivateKey new_key(SignatureAlgorithm algorithm, std::uint64_t seed) {
  SeededRandom random(seed);
  return PrivateKey::generate(algorithm, random).value();
}

CertificateAuthority new_authority(SignatureAlgorithm algorithm, const std::string& name = "Mawei",
                                   std::uint64_t seed = 1) {
  SeededRandom random(seed + 100);
  return CertificateAuthority::create({name, "马尾区"}, new_key(algorithm, seed),
                                      {kStart_ms, kStart_ms + 3650 * kDay_ms}, random)
      .value();
}

const AlternativeNames kNames = {
    .dns = {"node.example"}, .ip = {"192.0.2.1", "2001:db8::1"}, .uri = {"chancery://ab/node-1"}};

Certificate new_leaf(const CertificateAuthority& authority, SignatureAlgorithm algorithm, CertificateUse use,
                     std::uint64_t seed = 7) {
  SeededRandom random(seed);
  const CertificateRequest request =
      CertificateRequest::make({"node-1", "mawei"}, kNames, new_key(algorithm, seed)).value();
  return authority.issue(request, use, {kStart_ms, kStart_ms + 90 * kDay_ms}, random).value();
}

Reason refusal_of(const Certificate& leaf, const std::vector<Certificate>& roots, std::int64_t at_ms,
                  ChainUse use = ChainUse::kPeer, const std::vector<RevocationList>& revocations = {}) {
  const Status status = verify_certificate(leaf, {roots, {}, revocations, at_ms, use});
  EXPECT_FALSE(status.has_value());
  if (status) return Reason::kInternal;
  EXPECT_FALSE(status.error().detail.empty());
  EXPECT_FALSE(status.error().detail_zh.empty());
  return status.error().reason;
}

class X509OfEachAlgorithm : public testing::TestWithParam<SignatureAlgorithm> {};

TEST_P(X509OfEachAlgorithm, IssuesFromARequestAndLeadsToTheRoot) {
  const CertificateAuthority authority = new_authority(GetParam());
  const Certificate leaf = new_leaf(authority, GetParam(), CertificateUse::kPeer);
  EXPECT_EQ(leaf.subject(), (DistinguishedName{"node-1", "mawei"}));
  EXPECT_EQ(leaf.issuer().organisation, "马尾区");
  EXPECT_EQ(leaf.alternative_names(), kNames);
  EXPECT_EQ(leaf.not_before_ms(), kStart_ms);
  EXPECT_EQ(leaf.not_after_ms(), kStart_ms + 90 * kDay_ms);
  EXPECT_EQ(leaf.serial().size(), 32U);
  EXPECT_EQ(leaf.public_key(), new_key(GetParam(), 7).public_key());
  EXPECT_FALSE(leaf.is_authority());
  EXPECT_TRUE(authority.root().is_authority());
  const std::vector<Certificate> roots = {authority.root()};
  const Status status = verify_certificate(leaf, {.roots = roots, .at_ms = kStart_ms + kDay_ms});
  EXPECT_TRUE(status.has_value()) << (status ? "" : status.error().message());
}

TEST_P(X509OfEachAlgorithm, SurvivesPemAndRefusesEveryBitThatWasTurned) {
  const CertificateAuthority authority = new_authority(GetParam());
  const Certificate leaf = new_leaf(authority, GetParam(), CertificateUse::kSeal);
  EXPECT_EQ(Certificate::from_pem(leaf.pem()).value(), leaf);
  const std::vector<Certificate> roots = {authority.root()};
  for (std::size_t byte = 0; byte < leaf.der().size(); ++byte) {
    Bytes changed = leaf.der();
    changed[byte] ^= 0x01U;
    const auto parsed = Certificate::from_der(changed);
    const bool accepted =
        parsed && verify_certificate(*parsed, {.roots = roots, .at_ms = kStart_ms, .use = ChainUse::kSignature});
    EXPECT_FALSE(accepted) << "byte " << byte;
  }
}

TEST_P(X509OfEachAlgorithm, RefusesARequestThatItsKeyDidNotSign) {
  const CertificateRequest request = CertificateRequest::make({"n", ""}, {}, new_key(GetParam(), 3)).value();
  EXPECT_EQ(CertificateRequest::from_pem(request.pem()).value().der(), request.der());
  Bytes changed = request.der();
  changed.back() ^= 1U;
  EXPECT_FALSE(CertificateRequest::from_der(changed).has_value());
}

TEST_P(X509OfEachAlgorithm, TakesTimestampsOnlyFromACertificateForTimestamps) {
  const CertificateAuthority authority = new_authority(GetParam());
  const std::vector<Certificate> roots = {authority.root()};
  const Certificate for_time = new_leaf(authority, GetParam(), CertificateUse::kTimestamp);
  EXPECT_TRUE(verify_certificate(for_time, {.roots = roots, .at_ms = kStart_ms, .use = ChainUse::kTimestamp}));
  EXPECT_EQ(refusal_of(for_time, roots, kStart_ms, ChainUse::kPeer), Reason::kCertificateUntrusted);
  const Certificate for_seals = new_leaf(authority, GetParam(), CertificateUse::kSeal);
  EXPECT_EQ(refusal_of(for_seals, roots, kStart_ms, ChainUse::kTimestamp), Reason::kCertificateUntrusted);
}

TEST_P(X509OfEachAlgorithm, TakesBackACertificate) {
  const CertificateAuthority authority = new_authority(GetParam());
  const Certificate leaf = new_leaf(authority, GetParam(), CertificateUse::kPeer);
  const Certificate other = new_leaf(authority, GetParam(), CertificateUse::kPeer, 8);
  const RevocationList list =
      authority.revoke({{leaf.serial(), kStart_ms + kDay_ms}}, 1, kStart_ms + kDay_ms, kStart_ms + 8 * kDay_ms).value();
  EXPECT_EQ(RevocationList::from_pem(list.pem()).value().revoked().size(), 1U);
  EXPECT_TRUE(list.signed_by(authority.root()));
  EXPECT_FALSE(list.signed_by(new_authority(GetParam(), "Mawei", 9).root()));
  const std::vector<Certificate> roots = {authority.root()};
  const std::vector<RevocationList> lists = {list};
  EXPECT_EQ(refusal_of(leaf, roots, kStart_ms + 2 * kDay_ms, ChainUse::kPeer, lists), Reason::kCertificateRevoked);
  EXPECT_TRUE(verify_certificate(other, {.roots = roots, .revocations = lists, .at_ms = kStart_ms + 2 * kDay_ms}));
  EXPECT_EQ(refusal_of(other, roots, kStart_ms + 9 * kDay_ms, ChainUse::kPeer, lists), Reason::kCertificateUntrusted)
      << "a list that is out of date says nothing about today";
}

INSTANTIATE_TEST_SUITE_P(All, X509OfEachAlgorithm,
                         testing::Values(SignatureAlgorithm::kEd25519, SignatureAlgorithm::kEcdsaP256Sha256,
                                         SignatureAlgorithm::kSm2Sm3),
                         algorithm_test_name);

TEST(X509Chain, SaysInWordsWhyACertificateIsRefused) {
  const auto algorithm = SignatureAlgorithm::kEcdsaP256Sha256;
  const CertificateAuthority authority = new_authority(algorithm);
  const Certificate leaf = new_leaf(authority, algorithm, CertificateUse::kPeer);
  const std::vector<Certificate> roots = {authority.root()};
  EXPECT_EQ(refusal_of(leaf, roots, kStart_ms - kDay_ms), Reason::kCertificateNotYetValid);
  EXPECT_EQ(refusal_of(leaf, roots, kStart_ms + 91 * kDay_ms), Reason::kCertificateExpired);
  EXPECT_EQ(refusal_of(leaf, {new_authority(algorithm, "Gulou", 5).root()}, kStart_ms), Reason::kCertificateUntrusted);
  EXPECT_EQ(refusal_of(leaf, {new_authority(algorithm, "Mawei", 5).root()}, kStart_ms), Reason::kCertificateUntrusted)
      << "the same name over another key";
  EXPECT_EQ(refusal_of(leaf, {}, kStart_ms), Reason::kCertificateUntrusted);
  const Certificate seal = new_leaf(authority, algorithm, CertificateUse::kSeal);
  EXPECT_EQ(refusal_of(seal, roots, kStart_ms), Reason::kCertificateUntrusted) << "a seal is no TLS server";
  const Status words = verify_certificate(leaf, {.roots = roots, .at_ms = kStart_ms + 91 * kDay_ms});
  EXPECT_EQ(words.error().detail, "\"node-1\" ended on 2026-12-20 (UTC)");
}

TEST(X509Chain, RefusesALeafThatPlaysAuthority) {
  const auto algorithm = SignatureAlgorithm::kEd25519;
  const CertificateAuthority authority = new_authority(algorithm);
  const Certificate leaf = new_leaf(authority, algorithm, CertificateUse::kPeer);
  EXPECT_EQ(CertificateAuthority::open(leaf, new_key(algorithm, 7)).error().reason, Reason::kInvalidValue);
  EXPECT_EQ(CertificateAuthority::open(authority.root(), new_key(algorithm, 7)).error().reason, Reason::kInvalidValue);
}

TEST(X509Limits, RefusesBeforeDecoding) {
  EXPECT_EQ(Certificate::from_der(Bytes(kMostCertificateBytes + 1, 0x30)).error().reason, Reason::kTooLarge);
  Bytes nested = {0x05, 0x00};
  for (int i = 0; i < 40; ++i) {
    Bytes outer = {0x30, static_cast<std::uint8_t>(nested.size())};
    append(outer, nested);
    nested = std::move(outer);
  }
  EXPECT_EQ(Certificate::from_der(nested).error().reason, Reason::kTooLarge);
  Bytes trailing = new_authority(SignatureAlgorithm::kEd25519).root().der();
  trailing.push_back(0);
  EXPECT_EQ(Certificate::from_der(trailing).error().reason, Reason::kMalformed);
  EXPECT_EQ(Certificate::from_pem("no certificate").error().reason, Reason::kMalformed);
}

TEST(X509Limits, RefusesNamesThatLie) {
  const PrivateKey key = new_key(SignatureAlgorithm::kEd25519, 1);
  for (const AlternativeNames& names :
       {AlternativeNames{.dns = {std::string("good.example\0.evil", 18)}}, AlternativeNames{.ip = {"300.1.1.1"}},
        AlternativeNames{.uri = {"chancery://ab/with space"}}, AlternativeNames{.uri = {""}},
        AlternativeNames{.uri = std::vector<std::string>(65, "chancery://ab/n")}}) {
    EXPECT_EQ(CertificateRequest::make({"n", ""}, names, key).error().reason, Reason::kInvalidValue);
  }
  EXPECT_EQ(CertificateRequest::make({"", ""}, {}, key).error().reason, Reason::kInvalidValue);
  EXPECT_EQ(CertificateRequest::make({"line\nbreak", ""}, {}, key).error().reason, Reason::kInvalidValue);
}

TEST(X509Authority, IssuesNothingBeyondItsOwnDays) {
  const CertificateAuthority authority = new_authority(SignatureAlgorithm::kEd25519);
  SeededRandom random(1);
  const auto made = authority.issue({"n", ""}, {}, new_key(SignatureAlgorithm::kEd25519, 2).public_key(),
                                    CertificateUse::kPeer, {kStart_ms, kStart_ms + 4000 * kDay_ms}, random);
  EXPECT_EQ(made.error().reason, Reason::kInvalidValue);
}

/// Files that the openssl program reads.
class OpenSslProgram : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v openssl >/dev/null") != 0) GTEST_SKIP() << "there is no openssl program";
    std::string pattern = std::filesystem::temp_directory_path() / "x509-XXXXXX";
    directory_ = mkdtemp(pattern.data());
  }
  void TearDown() override {
    if (!directory_.empty()) std::filesystem::remove_all(directory_);
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(directory_ / name) << text; }
  int run(const std::string& arguments) const {
    return std::system(("cd " + directory_.string() + " && openssl " + arguments + " >out 2>&1").c_str());
  }
  std::filesystem::path directory_;
};

TEST_F(OpenSslProgram, AcceptsOurCertificatesOfEachAlgorithm) {
  for (const auto algorithm :
       {SignatureAlgorithm::kEd25519, SignatureAlgorithm::kEcdsaP256Sha256, SignatureAlgorithm::kSm2Sm3}) {
    const CertificateAuthority authority = new_authority(algorithm);
    const Certificate leaf = new_leaf(authority, algorithm, CertificateUse::kPeer);
    write("root.pem", authority.root().pem());
    write("other.pem", new_authority(algorithm, "Gulou", 5).root().pem());
    write("leaf.pem", leaf.pem());
    const bool sm2 = algorithm == SignatureAlgorithm::kSm2Sm3;
    const std::string check = "verify -x509_strict -attime " + std::to_string(kStart_ms / 1000 + 60) +
                              (sm2 ? " -vfyopt distid:1234567812345678" : "") + " -purpose sslserver -CAfile ";
    EXPECT_EQ(run(check + "root.pem leaf.pem"), 0) << to_string(algorithm);
    EXPECT_NE(run(check + "other.pem leaf.pem"), 0) << to_string(algorithm);
    const RevocationList list =
        authority.revoke({{leaf.serial(), kStart_ms}}, 1, kStart_ms, kStart_ms + 86'400'000).value();
    write("list.pem", list.pem());
    if (!sm2) {  // the program cannot be told the identifier for lists
      EXPECT_EQ(run("crl -in list.pem -CAfile root.pem -noout"), 0) << to_string(algorithm);
      EXPECT_NE(run(check + "root.pem -crl_check -CRLfile list.pem leaf.pem"), 0) << to_string(algorithm);
    }
  }
}

TEST_F(OpenSslProgram, MakesRequestsThatWeTake) {
  for (const std::string kind : {"ED25519", "EC -pkeyopt ec_paramgen_curve:P-256", "SM2"}) {
    const bool sm2 = kind == "SM2";
    ASSERT_EQ(run("genpkey -algorithm " + kind + " -out key.pem"), 0);
    ASSERT_EQ(run("req -new -key key.pem -subj /O=mawei/CN=node-9 -addext subjectAltName=DNS:a.example,IP:192.0.2.9 "
                  "-out request.pem" +
                  std::string(sm2 ? " -sm3 -sigopt distid:1234567812345678" : "")),
              0)
        << kind;
    std::ifstream file(directory_ / "request.pem");
    const std::string pem((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const auto request = CertificateRequest::from_pem(pem);
    ASSERT_TRUE(request.has_value()) << kind << ": " << request.error().message();
    EXPECT_EQ(request->subject().common_name, "node-9");
    EXPECT_EQ(request->alternative_names().ip, std::vector<std::string>{"192.0.2.9"});
  }
}

TEST(FingerprintWords, AreDifferentForEveryByteAtEvenAndOddPlaces) {
  for (const Language language : {Language::kEn, Language::kZhCn}) {
    std::set<std::string> even;
    std::set<std::string> odd;
    for (unsigned byte = 0; byte < 256; ++byte) {
      Digest digest{};
      digest.fill(static_cast<std::uint8_t>(byte));
      const auto words = fingerprint_words(digest, language);
      ASSERT_EQ(words.size(), kFingerprintWords);
      even.insert(words[0]);
      odd.insert(words[1]);
    }
    EXPECT_EQ(even.size(), 256U);
    EXPECT_EQ(odd.size(), 256U);
    for (const std::string& word : even) EXPECT_FALSE(odd.contains(word)) << word;
  }
}

TEST(FingerprintWords, NeverChange) {
  const Digest digest = digest_from_hex("000f10ff7a8b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5").value();
  EXPECT_EQ(fingerprint_text(digest, Language::kEn),
            "redhill silverisland bluehill sunnyisland · pinkwind quietpepper goldsnow paperharbour · "
            "blackroad amberisland pinkhill quietpanda · newwood bravedragon coldstone gentlemonkey");
  EXPECT_EQ(fingerprint_text(digest, Language::kZhCn),
            "红山 银岛 蓝山 晴岛 · 粉风 静椒 金雪 纸港 · 黑路 木岛 粉山 静熊 · 新林 勇龙 冷石 柔猴");
  EXPECT_TRUE(fingerprint_matches(digest, fingerprint_text(digest, Language::kEn)));
  EXPECT_TRUE(fingerprint_matches(digest, fingerprint_text(digest, Language::kZhCn)));
  EXPECT_FALSE(fingerprint_matches(digest, "redhill"));
}

}  // namespace
}  // namespace chancery::crypto
