#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/clock.h"
#include "base/json.h"
#include "cli/all_commands.h"
#include "cli/disclosure_check.h"
#include "cli/files.h"
#include "cli/moment.h"
#include "cli/signature_check.h"
#include "cli/verdict_of_receipt.h"

namespace chancery::cli {
namespace {

struct VerifyOptions {
  std::vector<std::string> files;
  std::string trust = std::getenv("CHANCERY_TRUST") != nullptr ? std::getenv("CHANCERY_TRUST") : "";
  std::string credential;
  std::string at;
  std::string expect;
  std::string receipt;
  std::string issuer_key;
  std::string roots;
  std::string content;
};

/// The parsed form of what the command line names.
struct Basis {
  std::optional<ledger::TrustFile> trust;  ///< receipts and what belongs to them
  SignatureSupport signatures;             ///< with roots when signatures and timestamps can be judged
  CredentialQuestion question;
  DisclosureSupport support;
};

bool is_receipt(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name.ends_with(".receipt.json") || name.ends_with(".receipt.cbor") || name.ends_with(".receipts.ndjson");
}

/// Directories stand for the receipts below them.
Result<std::vector<std::string>> expand(const std::vector<std::string>& arguments) {
  std::vector<std::string> files;
  for (const std::string& argument : arguments) {
    std::error_code error;
    if (!std::filesystem::is_directory(argument, error)) {
      files.push_back(argument);
      continue;
    }
    const std::size_t before = files.size();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argument, error)) {
      if (entry.is_regular_file() && is_receipt(entry.path())) files.push_back(entry.path().string());
    }
    if (error) return fail(Reason::kNotFound, fmt::format("cannot read {}: {}", argument, error.message()));
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end());
  }
  if (files.empty()) return fail(Reason::kNotFound, "there is no receipt", "没有找到凭证文件");
  return files;
}

void print_one(Terminal& terminal, const std::string& file, const FileVerdict& verdict) {
  terminal.print(file);
  for (const ledger::VerificationStep& step : verdict.steps) {
    terminal.print_marked(step.ok ? Mark::kOk : Mark::kFailed, terminal.pick({step.text_zh, step.text_en}));
  }
  const std::string_view word = verdict.passed ? terminal.pick({"结论：验证通过", "verdict: verified"})
                                               : terminal.pick({"结论：验证不通过", "verdict: NOT verified"});
  terminal.print_marked(verdict.passed ? Mark::kOk : Mark::kFailed, word);
}

Result<Basis> read_basis(const VerifyOptions& options) {
  Basis basis;
  if (!options.trust.empty()) {
    ASSIGN_OR_RETURN(const std::string trust_text, read_text(options.trust));
    ASSIGN_OR_RETURN(basis.trust, ledger::TrustFile::parse(trust_text));
  }
  basis.question = {options.credential, {}, options.expect};
  if (!options.at.empty()) {
    ASSIGN_OR_RETURN(basis.question.at, parse_moment(options.at));
  }
  basis.support.now_ms = SystemClock().now_ms();
  if (!options.receipt.empty()) {
    ASSIGN_OR_RETURN(basis.support.receipt, read_file(options.receipt));
  }
  if (!options.issuer_key.empty()) {
    ASSIGN_OR_RETURN(const std::string key_text, read_text(options.issuer_key));
    ASSIGN_OR_RETURN(basis.support.issuer_key, parse_json(key_text));
  }
  basis.signatures.now_ms = basis.support.now_ms;
  basis.signatures.at_ms = basis.question.at.time_ms;
  if (!options.roots.empty()) {
    ASSIGN_OR_RETURN(const std::string pem, read_text(options.roots));
    ASSIGN_OR_RETURN(basis.signatures.roots, read_roots(pem));
  }
  if (!options.content.empty()) {
    ASSIGN_OR_RETURN(basis.signatures.content, read_file(options.content));
  }
  return basis;
}

Result<std::vector<FileVerdict>> verify_file(BytesView content, const Basis& basis) {
  if (looks_like_signature(content)) {
    if (basis.signatures.roots.empty()) {
      return fail(Reason::kUsage, "--root is needed: the root certificates that are trusted",
                  "需要 --root：受信任的根证书");
    }
    return std::vector{verify_signature_file(content, basis.signatures)};
  }
  if (!basis.trust) {
    return fail(Reason::kUsage, "--trust is needed: the network's trust file", "需要 --trust：网络的信任文件");
  }
  const std::string_view text = as_text(content);
  if (looks_like_sd_jwt(text)) return std::vector{verify_sd_jwt(text, basis.support, *basis.trust)};
  if (names_format(text, kFieldsFormat)) return std::vector{verify_fields(text, basis.support, *basis.trust)};
  return verify_content(content, *basis.trust, basis.question);
}

Result<ExitCode> run(const VerifyOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const Basis basis, read_basis(options));
  ASSIGN_OR_RETURN(const std::vector<std::string> files, expand(options.files));
  constexpr std::size_t kShownInFull = 20;
  const bool many = files.size() > kShownInFull;
  std::optional<Progress> progress;
  if (many) progress.emplace(terminal, Words{"核验", "verifying"}, files.size());
  nlohmann::json results = nlohmann::json::array();
  std::size_t passed = 0;
  std::size_t checked = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    ASSIGN_OR_RETURN(const Bytes content, read_file(files[i]));
    ASSIGN_OR_RETURN(const std::vector<FileVerdict> verdicts, verify_file(content, basis));
    for (const FileVerdict& verdict : verdicts) {
      ++checked;
      if (verdict.passed) ++passed;
      if (terminal.json()) {
        nlohmann::json one = verdict.to_json();
        one["file"] = files[i];
        if (!many || !verdict.passed) results.push_back(std::move(one));
      } else if (!many || !verdict.passed) {
        print_one(terminal, files[i], verdict);
      }
    }
    if (progress) progress->advance_to(i + 1);
  }
  progress.reset();
  if (terminal.json()) {
    terminal.print_json({{"files", results}, {"passed", passed}, {"failed", checked - passed}});
  } else if (many || checked > 1) {
    terminal.print(fmt::format("{}: {}, {}: {}", terminal.pick({"通过", "verified"}), passed,
                               terminal.pick({"不通过", "not verified"}), checked - passed));
  }
  return passed == checked ? ExitCode::kOk : ExitCode::kVerificationFailed;
}

}  // namespace

void add_verify(CommandTree& tree) {
  Command& verify = tree.root().sub("verify", {"离线核验凭证，逐步说明", "Check receipts offline, step by step"});
  const auto options = std::make_shared<VerifyOptions>();
  verify.positional("FILE", options->files,
                    {"凭证（JSON、CBOR）、批量凭证、字段证明、SD-JWT、签名（.p7s）、时间戳（.tst、.tsr），或目录",
                     "Receipt (JSON, CBOR), batch receipt, field proofs, SD-JWT, signature (.p7s), timestamp (.tst, "
                     ".tsr), or a directory"});
  verify.option("--trust", options->trust, "FILE",
                {"网络的信任文件（CHANCERY_TRUST）", "Trust file of the network (CHANCERY_TRUST)"});
  verify.option("--credential", options->credential, "ID",
                {"说明该证照在 --at 时的状态", "Say what this credential's status was --at a moment"});
  verify.option("--at", options->at, "HEIGHT|DATE",
                {"区块高度，或 2026-09-23，或带时刻", "Height, or 2026-09-23, or with a time"});
  verify.option("--expect", options->expect, "STATUS",
                {"状态不是它则不通过：valid、revoked 等", "Fail unless the status is this: valid, revoked, ..."});
  verify.option(
      "--receipt", options->receipt, "FILE",
      {"字段证明或 SD-JWT 所指证照的凭证", "Receipt of the credential that field proofs or an SD-JWT speak of"});
  verify.option("--issuer-key", options->issuer_key, "FILE",
                {"SD-JWT 签发方公钥（JWK）", "Issuer's key for an SD-JWT (JWK)"});
  verify.option(
      "--root", options->roots, "FILE",
      {"签名与时间戳所信任的根证书（PEM）", "Root certificates that are trusted for signatures and timestamps (PEM)"});
  verify.option("--content", options->content, "FILE",
                {"被签名或加盖时间戳的原文件", "The file that was signed or stamped"});
  verify.example("verify certificate.receipt.json --trust trust.json", {"核验一份凭证", "Check one receipt"});
  verify.example("verify receipts/ --trust trust.json --json", {"核验目录中的全部凭证", "Check a directory of them"});
  verify.run([options](Terminal& terminal) { return run(*options, terminal); });
}

}  // namespace chancery::cli
