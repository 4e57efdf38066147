#pragma once
// What the `credential` commands do; the tree that names them is in credential.cpp.

#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/http_session.h"
#include "cli/terminal.h"

namespace chancery::cli {

struct CredentialOptions {
  std::string id;
  std::string ids_file;  ///< one id a line, in place of `id`
  std::uint64_t skip = 0;
  std::uint64_t limit = 0;  ///< 0: all
  std::string file;
  std::string type;
  std::string issuer;
  std::string status;
  std::string text;
  std::string as_of;
  std::string cursor;
  bool count = false;
  std::string at;
  std::string reason;
  std::string annotation;
  std::string purpose;
  std::string out;
  std::string idempotency_key;
  std::vector<std::string> fields;
  LoginOptions login;
};

/// The ids that a command is about: the one, or those of the file after `skip`, at most `limit`.
Result<std::vector<std::string>> chosen_ids(const CredentialOptions& options);
/// "/v1/credentials/<id><rest>"
std::string credential_target(std::string_view id, std::string_view rest = {});

Result<ExitCode> show_types(const CredentialOptions& options, Terminal& terminal);
Result<ExitCode> show_credential(const CredentialOptions& options, Terminal& terminal);
Result<ExitCode> list_credentials(const CredentialOptions& options, Terminal& terminal);
Result<ExitCode> credential_status(const CredentialOptions& options, Terminal& terminal);
Result<ExitCode> credential_receipt(const CredentialOptions& options, Terminal& terminal);

Result<ExitCode> define_type(const CredentialOptions& options, Terminal& terminal);
Result<ExitCode> issue_credentials(const CredentialOptions& options, Terminal& terminal);
Result<ExitCode> annotate_credential(const CredentialOptions& options, Terminal& terminal);
/// `action`: suspend, resume, revoke.
Result<ExitCode> change_credentials(const CredentialOptions& options, Terminal& terminal, std::string_view action);
/// What opens the chosen fields' commitments: chancery-fields-v1, for `verify --receipt`.
Result<ExitCode> export_fields(const CredentialOptions& options, Terminal& terminal);
Result<ExitCode> export_sd_jwt(const CredentialOptions& options, Terminal& terminal);

}  // namespace chancery::cli
