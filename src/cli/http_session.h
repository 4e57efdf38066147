#pragma once
// A command's talk with a node: JSON over HTTP, a login for the length of one command, problems as errors.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "api/client.h"
#include "base/result.h"
#include "cli/key_files.h"
#include "cli/terminal.h"

namespace chancery::cli {

/// "https://node" and what a reverse proxy adds are not ours: plain HTTP to the node.
class HttpSession {
 public:
  static Result<HttpSession> connect(std::string_view server);
  ~HttpSession();
  HttpSession(HttpSession&& other) noexcept
      : client_(std::move(other.client_)), logged_in_(std::exchange(other.logged_in_, false)) {}
  HttpSession& operator=(HttpSession&&) = delete;

  /// Everything after it is signed by this account's key on the node. Ended by the destructor.
  Status login(std::string_view account, std::string_view passphrase);
  /// A session that exists already; the destructor leaves it.
  void use_token(std::string_view token);

  /// Errors: kUnavailable, or the problem that the node answers with (its code is looked up in the one table).
  Result<nlohmann::json> get(const std::string& target);
  Result<std::string> get_text(const std::string& target, std::string_view accept = "*/*");
  /// With a fresh Idempotency-Key, or `idempotency_key` where it is not empty.
  Result<nlohmann::json> post(const std::string& target, const nlohmann::json& body,
                              std::string_view idempotency_key = {});
  Result<std::string> post_bytes(const std::string& target, std::string_view content_type, std::string_view body,
                                 std::string_view idempotency_key = {});
  api::Client& client() { return client_; }

 private:
  explicit HttpSession(api::Client client) : client_(std::move(client)) {}
  api::Client client_;
  bool logged_in_ = false;
};

/// `text` with everything but unreserved characters as %XX (RFC 3986 section 2.3).
std::string percent_encoded(std::string_view text);

/// --as ACCOUNT and the passphrase, for commands that sign on the node.
struct LoginOptions {
  std::string account;
  PassphraseSource passphrase;

  void add_to(Command& command);
  /// Uses CHANCERY_TOKEN when no account is given; kUsage when there is neither.
  Result<HttpSession> open(Terminal& terminal) const;
};

}  // namespace chancery::cli
