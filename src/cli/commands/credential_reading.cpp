#include <fmt/core.h>

#include "base/json.h"
#include "cli/commands/credential_actions.h"
#include "cli/files.h"
#include "cli/show.h"

namespace chancery::cli {
namespace {

constexpr std::string_view kPage = "limit=100";

std::string list_query(const CredentialOptions& options) {
  std::string query = fmt::format("/v1/credentials?{}", kPage);
  for (const auto& [name, value] : {std::pair<std::string_view, const std::string&>{"type", options.type},
                                    {"issuer", options.issuer},
                                    {"status", options.status},
                                    {"text", options.text}}) {
    if (!value.empty()) query += fmt::format("&{}={}", name, percent_encoded(value));
  }
  if (!options.as_of.empty()) {
    const bool is_height = options.as_of.find_first_not_of("0123456789") == std::string::npos;
    query += fmt::format("&{}={}", is_height ? "as_of_height" : "as_of", percent_encoded(options.as_of));
  }
  return query;
}

/// Walks all pages of one height: the cursor is bound to it.
Result<ExitCode> count_all(HttpSession& session, const std::string& query, Terminal& terminal) {
  std::uint64_t count = 0;
  std::uint64_t height = 0;
  std::string cursor;
  do {
    ASSIGN_OR_RETURN(const Json page,
                     session.get(cursor.empty() ? query : query + "&cursor=" + percent_encoded(cursor)));
    count += page.value("items", Json::array()).size();
    height = page.value("height", std::uint64_t{0});
    cursor = page.value("next_cursor", std::string());
  } while (!cursor.empty());
  if (terminal.json()) {
    terminal.print_json({{"count", count}, {"height", height}});
  } else {
    terminal.print(fmt::format("{}", count));
  }
  return ExitCode::kOk;
}

/// Identifiers have letters, digits and . _ - only: safe as file names.
Result<ExitCode> fetch_receipts(HttpSession& session, const CredentialOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, chosen_ids(options));
  if (options.out.empty()) return fail(Reason::kUsage, "--ids needs --out DIR", "--ids 需要 --out 目录");
  TRY(make_directories(options.out, Access::kEverybody));
  Progress progress(terminal, {"下载凭证", "fetching receipts"}, ids.size());
  std::string path;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    ASSIGN_OR_RETURN(const std::string content, session.get_text(credential_target(ids[i], "/receipt.json")));
    path = fmt::format("{}/{}.receipt.json", options.out, percent_encoded(ids[i]));
    TRY(write_file(path, as_bytes(content), Overwrite::kAllow, Access::kEverybody, Durability::kLater));
    progress.advance_to(i + 1);
  }
  if (terminal.json()) {
    terminal.print_json({{"receipts", ids.size()},
                         {"directory", options.out},
                         {"last_id", ids.empty() ? "" : ids.back()},
                         {"last_file", path}});
  }
  return ExitCode::kOk;
}

}  // namespace

std::string credential_target(std::string_view id, std::string_view rest) {
  return fmt::format("/v1/credentials/{}{}", percent_encoded(id), rest);
}

Result<std::vector<std::string>> chosen_ids(const CredentialOptions& options) {
  if (options.ids_file.empty()) {
    if (options.id.empty()) return fail(Reason::kUsage, "give an ID or --ids FILE", "请给出编号或 --ids 文件");
    return std::vector<std::string>{options.id};
  }
  ASSIGN_OR_RETURN(const std::string text, read_text(options.ids_file));
  std::vector<std::string> ids;
  std::uint64_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string id = text.substr(at, end - at);
    at = end + 1;
    if (id.empty() || number++ < options.skip) continue;
    if (options.limit != 0 && ids.size() == options.limit) break;
    ids.push_back(id);
  }
  return ids;
}

Result<ExitCode> show_types(const CredentialOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, HttpSession::connect(terminal.options().server));
  if (!options.id.empty()) {
    ASSIGN_OR_RETURN(const Json answer, session.get("/v1/credential-types/" + percent_encoded(options.id)));
    show(terminal, answer);
    return ExitCode::kOk;
  }
  ASSIGN_OR_RETURN(const Json answer, session.get(fmt::format("/v1/credential-types?{}", kPage)));
  show_items(terminal, answer, {"id", "name", "issued"});
  return ExitCode::kOk;
}

Result<ExitCode> show_credential(const CredentialOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, HttpSession::connect(terminal.options().server));
  ASSIGN_OR_RETURN(const Json answer, session.get(credential_target(options.id)));
  show(terminal, answer);
  return ExitCode::kOk;
}

Result<ExitCode> list_credentials(const CredentialOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, HttpSession::connect(terminal.options().server));
  std::string query = list_query(options);
  if (options.count) return count_all(session, query, terminal);
  if (!options.cursor.empty()) query += "&cursor=" + percent_encoded(options.cursor);
  ASSIGN_OR_RETURN(const Json answer, session.get(query));
  show_items(terminal, answer, {"id", "type", "issuer", "status", "issued_at"});
  return ExitCode::kOk;
}

Result<ExitCode> credential_status(const CredentialOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, HttpSession::connect(terminal.options().server));
  const std::string query = options.at.empty() ? "/status" : "/status?at=" + percent_encoded(options.at);
  ASSIGN_OR_RETURN(Json answer, session.get(credential_target(options.id, query)));
  if (!options.out.empty()) {
    const std::string text = answer.value("receipt", Json()).dump();
    TRY(write_file(options.out, as_bytes(text), Overwrite::kAllow, Access::kEverybody));
  }
  answer.erase("receipt");
  show(terminal, answer);
  return ExitCode::kOk;
}

Result<ExitCode> credential_receipt(const CredentialOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, HttpSession::connect(terminal.options().server));
  if (!options.ids_file.empty()) return fetch_receipts(session, options, terminal);
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, chosen_ids(options));
  const bool cbor = options.out.ends_with(".cbor");
  ASSIGN_OR_RETURN(const std::string content,
                   session.get_text(credential_target(ids.front(), cbor ? "/receipt.cbor" : "/receipt.json")));
  return deliver(terminal, options.out, content);
}

}  // namespace chancery::cli
