#include <fmt/core.h>

#include "base/json.h"
#include "cli/commands/credential_actions.h"
#include "cli/files.h"
#include "cli/show.h"

namespace chancery::cli {
namespace {

/// The node takes 1,000 at once; smaller portions show progress.
constexpr std::size_t kIssuedAtOnce = 250;

/// A JSON object of fields, an array of them, or (.jsonl) one object a line.
Result<Json> read_fields(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, read_text(path));
  if (!path.ends_with(".jsonl")) return parse_json(text, {.max_bytes = kFileLimit_bytes});
  Json out = Json::array();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) {
      ASSIGN_OR_RETURN(Json line, parse_json(std::string_view(text).substr(at, end - at)));
      out.push_back(std::move(line));
    }
    at = end + 1;
  }
  return out;
}

Json issue_request(const CredentialOptions& options, const Json& fields) {
  Json request = {{"type", options.type}, {"fields", fields}};
  if (!options.id.empty()) request["id"] = options.id;
  if (!options.issuer.empty()) request["issuer"] = options.issuer;
  return request;
}

/// "<key>-<suffix>", or empty where no key was given: then each request gets its own.
std::string part_key(const std::string& key, std::string_view suffix) {
  return key.empty() ? std::string() : fmt::format("{}-{}", key, suffix);
}

Result<ExitCode> issue_many(HttpSession& session, const CredentialOptions& options, const Json& all,
                            Terminal& terminal) {
  if (all.empty()) return fail(Reason::kInvalidValue, "the array of fields is empty", "字段数组为空");
  Progress progress(terminal, {"签发", "issuing"}, all.size());
  Json results = Json::array();
  std::size_t failed = 0;
  for (std::size_t from = 0; from < all.size(); from += kIssuedAtOnce) {
    Json requests = Json::array();
    for (std::size_t i = from; i < std::min(from + kIssuedAtOnce, all.size()); ++i)
      requests.push_back(issue_request(options, all[i]));
    ASSIGN_OR_RETURN(const Json answer, session.post("/v1/credentials/batch", {{"credentials", requests}},
                                                     part_key(options.idempotency_key, std::to_string(from))));
    failed += answer.value("failed", std::size_t{0});
    for (const Json& result : answer.value("results", Json::array())) results.push_back(result);
    progress.advance_to(results.size());
  }
  if (terminal.json()) {
    terminal.print_json({{"issued", results.size() - failed}, {"failed", failed}, {"results", results}});
  } else {
    terminal.print(fmt::format("{}: {}, {}: {}", terminal.pick({"已签发", "issued"}), results.size() - failed,
                               terminal.pick({"失败", "failed"}), failed));
  }
  return failed == 0 ? ExitCode::kOk : ExitCode::kFailed;
}

}  // namespace

Result<ExitCode> define_type(const CredentialOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::string text, read_text(options.file));
  ASSIGN_OR_RETURN(const Json body, parse_json(text));
  ASSIGN_OR_RETURN(HttpSession session, options.login.open(terminal));
  ASSIGN_OR_RETURN(const Json answer, session.post("/v1/credential-types", body, options.idempotency_key));
  show(terminal, answer);
  return ExitCode::kOk;
}

Result<ExitCode> issue_credentials(const CredentialOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const Json fields, read_fields(options.file));
  ASSIGN_OR_RETURN(HttpSession session, options.login.open(terminal));
  if (fields.is_array()) return issue_many(session, options, fields, terminal);
  ASSIGN_OR_RETURN(const Json answer,
                   session.post("/v1/credentials", issue_request(options, fields), options.idempotency_key));
  show(terminal, answer);
  return ExitCode::kOk;
}

Result<ExitCode> annotate_credential(const CredentialOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, options.login.open(terminal));
  ASSIGN_OR_RETURN(const Json answer, session.post(credential_target(options.id, "/annotate"),
                                                   {{"text", options.annotation}}, options.idempotency_key));
  show(terminal, answer);
  return ExitCode::kOk;
}

Result<ExitCode> change_credentials(const CredentialOptions& options, Terminal& terminal, std::string_view action) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, chosen_ids(options));
  ASSIGN_OR_RETURN(HttpSession session, options.login.open(terminal));
  Json body = Json::object();
  if (!options.reason.empty()) body["reason"] = options.reason;
  const std::string rest = fmt::format("/{}", action);
  if (options.ids_file.empty()) {
    ASSIGN_OR_RETURN(const Json answer,
                     session.post(credential_target(ids.front(), rest), body, options.idempotency_key));
    show(terminal, answer);
    return ExitCode::kOk;
  }
  Progress progress(terminal, {"办理", "working"}, ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    TRY(session.post(credential_target(ids[i], rest), body, part_key(options.idempotency_key, std::to_string(i))));
    progress.advance_to(i + 1);
  }
  if (terminal.json()) terminal.print_json({{"changed", ids.size()}});
  return ExitCode::kOk;
}

Result<ExitCode> export_fields(const CredentialOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, options.login.open(terminal));
  const Json body = {{"fields", options.fields}, {"purpose", options.purpose}};
  ASSIGN_OR_RETURN(const std::string proofs,
                   session.post_bytes(credential_target(options.id, "/field-proofs"), "application/json", body.dump()));
  return deliver(terminal, options.out, proofs);
}

Result<ExitCode> export_sd_jwt(const CredentialOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, options.login.open(terminal));
  const Json body = {{"fields", options.fields}, {"purpose", options.purpose}};
  ASSIGN_OR_RETURN(const std::string token,
                   session.post_bytes(credential_target(options.id, "/sd-jwt"), "application/json", body.dump()));
  return deliver(terminal, options.out, token);
}

}  // namespace chancery::cli
