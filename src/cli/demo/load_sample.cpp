#include "cli/demo/load_sample.h"

#include <fmt/core.h>

#include "base/json_reader.h"
#include "cli/files.h"
#include "crypto/hash.h"

namespace chancery::cli::demo {
namespace {

constexpr std::string_view kLoadedFile = "/demo-loaded.json";
constexpr std::size_t kIssuedAtOnce = 100;

Result<std::vector<std::string>> issue_first(node::Services& services, const node::Session& clerk,
                                             const std::vector<Resident>& residents, Terminal& terminal) {
  std::vector<std::string> ids;
  Progress progress(terminal, {"签发居住证明", "issuing residence certificates"}, residents.size());
  for (std::size_t from = 0; from < residents.size(); from += kIssuedAtOnce) {
    std::vector<node::IssueRequest> requests;
    for (std::size_t i = from; i < std::min(from + kIssuedAtOnce, residents.size()); ++i) {
      node::IssueRequest request;
      request.type = "residence-certificate";
      request.fields = residents[i].residence_fields();
      requests.push_back(std::move(request));
    }
    const auto answers = services.credentials().issue_many(clerk, requests, fmt::format("demo-residence-{}", from));
    for (const auto& answer : answers) {
      if (!answer) return std::unexpected(answer.error());
      ids.push_back(answer->id);
    }
    progress.advance_to(ids.size());
  }
  return ids;
}

Result<std::string> deposit_example(node::Services& services, const node::Session& clerk,
                                    const std::string& directory) {
  ASSIGN_OR_RETURN(const FileDigest sm3, digest_file(register_path(directory), crypto::HashAlgorithm::kSm3));
  ASSIGN_OR_RETURN(const FileDigest sha256, digest_file(register_path(directory), crypto::HashAlgorithm::kSha256));
  node::DepositRequest request;
  request.sm3 = sm3.digest;
  request.sha256 = sha256.digest;
  request.size_bytes = sm3.size_bytes;
  request.media_type = "application/jsonl";
  request.phase = "fixed";
  request.matter = "MW-2026-0001";
  request.memo = "居民登记样例数据 / sample register";
  ASSIGN_OR_RETURN(const node::EvidenceWritten written, services.evidence().deposit(clerk, request, "demo-evidence-1"));
  return written.number;
}

Status write_loaded(const std::string& directory, const Loaded& loaded) {
  const Json document = {{"certificates", loaded.certificates},
                         {"valid_example", loaded.valid_example},
                         {"revoked_example", loaded.revoked_example},
                         {"evidence_example", loaded.evidence_example}};
  return write_file(directory + std::string(kLoadedFile), as_bytes(document.dump(2) + "\n"), Overwrite::kAllow,
                    Access::kEverybody);
}

}  // namespace

std::string register_path(const std::string& directory) {
  return directory + "/residents.jsonl";
}

Result<std::size_t> write_register(const std::string& directory) {
  ASSIGN_OR_RETURN(const std::size_t count, resident_count());
  if (exists(register_path(directory))) return count;
  ASSIGN_OR_RETURN(const std::vector<Resident> residents, make_residents(count));
  std::string lines;
  for (const Resident& resident : residents) lines += resident.residence_fields().dump() + "\n";
  TRY(write_file(register_path(directory), as_bytes(lines), Overwrite::kAllow, Access::kOwnerOnly));
  return count;
}

Result<Loaded> read_loaded(const std::string& directory) {
  ASSIGN_OR_RETURN(const std::string text, read_text(directory + std::string(kLoadedFile)));
  ASSIGN_OR_RETURN(const Json document, parse_json(text));
  JsonReader reader(document);
  Loaded loaded;
  ASSIGN_OR_RETURN(loaded.certificates, reader.required_unsigned("certificates"));
  ASSIGN_OR_RETURN(loaded.valid_example, reader.required_string("valid_example", 200));
  ASSIGN_OR_RETURN(loaded.revoked_example, reader.required_string("revoked_example", 200));
  ASSIGN_OR_RETURN(loaded.evidence_example, reader.required_string("evidence_example", 200));
  return loaded;
}

Result<Loaded> load_sample_into(node::Services& services, const Sample& sample, const Logins& logins,
                                Terminal& terminal) {
  const std::string& directory = services.node().directory();
  ASSIGN_OR_RETURN(const std::vector<Resident> residents, make_residents(kFirstCertificates));
  const Office& office = sample.offices.front();
  ASSIGN_OR_RETURN(const auto clerk,
                   services.sessions().login(office.clerks.front().account, logins.member_passphrase));
  ASSIGN_OR_RETURN(const auto head, services.sessions().login(office.clerks.back().account, logins.member_passphrase));
  Loaded loaded;
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, issue_first(services, *clerk.session, residents, terminal));
  loaded.certificates = ids.size();
  loaded.valid_example = ids.front();
  loaded.revoked_example = ids.back();
  TRY(services.credentials().revoke(*head.session, loaded.revoked_example, "holder_request", "", "demo-revoke-1"));
  ASSIGN_OR_RETURN(loaded.evidence_example, deposit_example(services, *clerk.session, directory));
  services.sessions().logout(clerk.token);
  services.sessions().logout(head.token);
  TRY(write_loaded(directory, loaded));
  return loaded;
}

}  // namespace chancery::cli::demo
