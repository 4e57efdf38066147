// Signs, stamps and judges beside other programs. Keys come from seeds; nothing here is secret.
//   cms_peer make FOLDER         writes signatures and timestamps, sound and tampered ones, and a list of them
//   cms_peer judge FOLDER        judges each line of FOLDER/cases.txt; last line "N passed, N failed"
// A line of cases.txt, files relative to the folder, CONTENT is "-" where the file holds it itself:
//   accept|refuse  cms|token|response  p256|ed25519|sm2  FILE  ROOT.pem  CONTENT

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "documents/cms/cms_fixture.h"
#include "documents/tsa/timestamp.h"

namespace chancery::documents {
namespace {

namespace fs = std::filesystem;
using crypto::SignatureAlgorithm;

/// All sides judge as of this moment: fixtures are of one year.
constexpr std::int64_t kNow_ms = kFixtureStart_ms + kFixtureDay_ms;

const Bytes kContent = to_bytes("Notice 2026-17: the office is closed on 1 October.\n");
const Bytes kOtherContent = to_bytes("Notice 2026-17: the office is closed on 8 October.\n");

void write(const fs::path& path, BytesView content) {
  std::ofstream file(path, std::ios::binary);
  file.write(as_text(content).data(), static_cast<std::streamsize>(content.size()));
  CHANCERY_CHECK(file.good());
}

Bytes read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return to_bytes(std::string(std::istreambuf_iterator<char>(file), {}));
}

/// One algorithm's files in one folder, listed as they are written.
class Maker {
 public:
  Maker(fs::path folder, std::string name, SignatureAlgorithm algorithm, std::ofstream& cases)
      : folder_(std::move(folder)), name_(std::move(name)), algorithm_(algorithm), cases_(cases) {}

  void make_all() {
    make_signatures();
    make_timestamps();
  }

 private:
  void add(bool accept, std::string_view kind, const std::string& file, std::string_view root, BytesView bytes,
           std::string_view content) {
    write(folder_ / (name_ + "-" + file), bytes);
    cases_ << (accept ? "accept " : "refuse ") << kind << ' ' << name_ << ' ' << name_ << '-' << file << ' ' << name_
           << '-' << root << ' ' << content << '\n';
  }

  /// The file itself, one with its last byte turned (which is the signature's), one with a byte of `inside` turned.
  void add_with_tampered(std::string_view kind, const std::string& file, std::string_view root, const Bytes& bytes,
                         std::string_view content, BytesView inside) {
    add(true, kind, file, root, bytes, content);
    add(false, kind, "other-root-" + file, "stranger.pem", bytes, content);
    Bytes broken = bytes;
    broken.back() ^= 1U;
    add(false, kind, "broken-" + file, root, broken, content);
    Bytes changed = bytes;
    const auto found = std::ranges::search(changed, inside);
    if (found.empty()) return;
    found.front() ^= 1U;
    add(false, kind, "changed-" + file, root, changed, content);
  }

  void make_signatures() {
    const Signer signer = make_signer(algorithm_);
    const Signer stranger = make_signer(algorithm_, crypto::CertificateUse::kSeal, 2);
    write(folder_ / (name_ + "-root.pem"), as_bytes(signer.root.pem()));
    write(folder_ / (name_ + "-stranger.pem"), as_bytes(stranger.root.pem()));
    write(folder_ / (name_ + "-signer.pem"), as_bytes(signer.certificate.pem()));
    const auto sign = [&](const SignPlan& plan) {
      return sign_cms(kContent, signer.certificate, signer.key, plan).value();
    };
    add_with_tampered("cms", "attached.p7s", "root.pem", sign({.signing_time_ms = kNow_ms}), "-", kContent);
    add_with_tampered("cms", "plain.p7s", "root.pem", sign({.with_attributes = false}), "-", kContent);
    const Bytes detached = sign({.detached = true});
    add_with_tampered("cms", "detached.p7s", "root.pem", detached, "content", {});
    add(false, "cms", "other-content-detached.p7s", "root.pem", detached, "other-content");
    if (algorithm_ != SignatureAlgorithm::kSm2Sm3) return;
    add_with_tampered("cms", "gm.p7s", "root.pem", sign({.gm_types = true}), "-", kContent);
    add_with_tampered("cms", "gm-plain.p7s", "root.pem", sign({.gm_types = true, .with_attributes = false}), "-",
                      kContent);
  }

  void make_timestamps() {
    const Signer signer = make_signer(algorithm_, crypto::CertificateUse::kTimestamp, 3);
    const Signer stranger = make_signer(algorithm_, crypto::CertificateUse::kTimestamp, 4);
    write(folder_ / (name_ + "-tsa-root.pem"), as_bytes(signer.root.pem()));
    write(folder_ / (name_ + "-tsa.pem"), as_bytes(signer.certificate.pem()));
    const crypto::HashAlgorithm hash =
        algorithm_ == SignatureAlgorithm::kSm2Sm3 ? crypto::HashAlgorithm::kSm3 : crypto::HashAlgorithm::kSha256;
    const TimestampRequest request{.imprint = {hash, crypto::hash(hash, kContent)},
                                   .policy = "",
                                   .nonce = Bytes{0x17, 0x2a},
                                   .wants_certificate = true};
    const TimestampAuthority authority{signer.certificate, signer.key, {}, "1.2.3.4.1", {.seconds = 1}};
    const Bytes response = answer_timestamp_request(authority, to_der(request), {kNow_ms, Bytes{7}}).value();
    const BytesView imprint(request.imprint.digest);
    add_with_tampered("response", "stamp.tsr", "tsa-root.pem", response, "content", imprint);
    add(false, "response", "other-content.tsr", "tsa-root.pem", response, "other-content");
    add_with_tampered("token", "stamp.tst", "tsa-root.pem", token_of_response(response).value(), "content", imprint);
    // A certificate that is for seals must not stamp.
    const Signer seal = make_signer(algorithm_, crypto::CertificateUse::kSeal, 3);
    write(folder_ / (name_ + "-seal-root.pem"), as_bytes(seal.root.pem()));
    const TimestampAuthority wrong{seal.certificate, seal.key, {}, "1.2.3.4.1", {.seconds = 1}};
    add(false, "response", "by-a-seal.tsr", "seal-root.pem",
        answer_timestamp_request(wrong, to_der(request), {kNow_ms, Bytes{8}}).value(), "content");
  }

  fs::path folder_;
  std::string name_;
  SignatureAlgorithm algorithm_;
  std::ofstream& cases_;
};

int make(const fs::path& folder) {
  fs::create_directories(folder);
  write(folder / "content", kContent);
  write(folder / "other-content", kOtherContent);
  write(folder / "at", as_bytes(std::to_string(kNow_ms / 1000)));
  std::ofstream cases(folder / "cases.txt");
  Maker(folder, "p256", SignatureAlgorithm::kEcdsaP256Sha256, cases).make_all();
  Maker(folder, "ed25519", SignatureAlgorithm::kEd25519, cases).make_all();
  Maker(folder, "sm2", SignatureAlgorithm::kSm2Sm3, cases).make_all();
  return 0;
}

struct Case {
  std::string expected, kind, algorithm, file, root, content;
};

Status judge_signature(const Case& one, const fs::path& folder, std::int64_t at_ms) {
  ASSIGN_OR_RETURN(const crypto::Certificate root,
                   crypto::Certificate::from_pem(as_text(BytesView(read(folder / one.root)))));
  const Bytes content = one.content == "-" ? Bytes() : read(folder / one.content);
  CmsQuestion question{.roots = {&root, 1}, .at_ms = at_ms};
  if (one.content != "-") question.content = content;
  return verify_cms(read(folder / one.file), question).status();
}

Status judge_timestamp(const Case& one, const fs::path& folder, std::int64_t at_ms) {
  ASSIGN_OR_RETURN(const crypto::Certificate root,
                   crypto::Certificate::from_pem(as_text(BytesView(read(folder / one.root)))));
  Bytes token = read(folder / one.file);
  if (one.kind == "response") {
    ASSIGN_OR_RETURN(token, token_of_response(token));
  }
  ASSIGN_OR_RETURN(const TstInfo info, read_timestamp_token(token));
  const MessageImprint imprint{info.imprint.algorithm, hash(info.imprint.algorithm, read(folder / one.content))};
  return verify_timestamp(token, {.imprint = imprint, .roots = {&root, 1}, .at_ms = at_ms}).report.status();
}

int judge(const fs::path& folder) {
  const std::int64_t at_ms = std::stoll(std::string(as_text(BytesView(read(folder / "at"))))) * 1000;
  std::ifstream cases(folder / "cases.txt");
  int passed = 0;
  int failed = 0;
  for (std::string line; std::getline(cases, line);) {
    std::istringstream words(line);
    Case one;
    words >> one.expected >> one.kind >> one.algorithm >> one.file >> one.root >> one.content;
    const Status verdict =
        one.kind == "cms" ? judge_signature(one, folder, at_ms) : judge_timestamp(one, folder, at_ms);
    const bool right = verdict.has_value() == (one.expected == "accept");
    ++(right ? passed : failed);
    std::printf("%s %s: %s\n", right ? "ok   " : "WRONG", line.c_str(),
                verdict ? "accepted" : verdict.error().message().c_str());
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace
}  // namespace chancery::documents

int main(int argc, char** argv) {
  const std::string operation = argc == 3 ? argv[1] : "";
  if (operation == "make") return chancery::documents::make(argv[2]);
  if (operation == "judge") return chancery::documents::judge(argv[2]);
  std::fputs("usage: cms_peer make|judge FOLDER\n", stderr);
  return 2;
}
