#include "node/services/sessions.h"

#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>

#include "base/bytes.h"
#include "crypto/hash.h"
#include "node/files.h"

namespace chancery::node {

namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kKeyFileBytes = 16U << 10;
constexpr std::size_t kMaxAccountBytes = 64;
constexpr std::size_t kMinPassphraseBytes = 8;
constexpr std::size_t kMaxPassphraseBytes = 1'024;
/// Opening a key file takes 16 MiB and a twentieth of a second on purpose: no more than these at a time.
constexpr int kConcurrentLogins = 4;
/// Accounts whose failures are remembered; the oldest are forgotten first.
constexpr std::size_t kRememberedFailures = 10'000;
/// Files of the node itself in the same directory.
constexpr std::string_view kReserved[] = {"node", "node-log", "desk"};

Digest token_hash(std::string_view token) {
  return crypto::domain_hash(crypto::HashAlgorithm::kSha256, "chancery/session-token/1", {as_bytes(token)});
}

bool is_account_name(std::string_view account) {
  if (account.empty() || account.size() > kMaxAccountBytes || account.front() == '.') return false;
  for (const std::string_view reserved : kReserved) {
    if (account == reserved) return false;
  }
  for (const char c : account) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-')) return false;
  }
  return true;
}

std::unexpected<Error> wrong_login() {
  return fail(Reason::kUnauthenticated, "the account or the passphrase is wrong", "账户或口令不正确");
}

struct Failures {
  unsigned in_a_row = 0;
  std::int64_t last_ms = 0;
  std::int64_t locked_until_ms = 0;
};

struct Open {
  SessionPointer session;
  std::int64_t used_ms = 0;
};

}  // namespace

struct Sessions::State {
  std::string directory;
  const Clock* clock = nullptr;
  Random* random = nullptr;

  std::mutex mutex;
  std::map<Digest, Open> open;
  std::map<std::string, Failures, std::less<>> failures;
  std::once_flag decoy_made;
  std::string decoy_pem;  ///< a key file that no passphrase of a client opens
  std::atomic<int> logins = 0;

  std::string path_of(std::string_view account) const { return fmt::format("{}/{}.p8", directory, account); }

  bool is_over(const Open& entry, std::int64_t now_ms) const {
    return now_ms >= entry.used_ms + kSessionIdle_ms || now_ms >= entry.session->expires_ms();
  }

  Status check_locked(std::string_view account) {
    const std::lock_guard lock(mutex);
    const auto found = failures.find(account);
    if (found == failures.end() || clock->now_ms() >= found->second.locked_until_ms) return {};
    const std::int64_t wait_s = (found->second.locked_until_ms - clock->now_ms() + 999) / 1'000;
    return fail(Reason::kLockedOut, fmt::format("wait {} s", wait_s), fmt::format("请在 {} 秒后再试", wait_s));
  }

  void count_failure(std::string_view account) {
    const std::lock_guard lock(mutex);
    if (failures.size() >= kRememberedFailures) forget_oldest();
    Failures& entry = failures[std::string(account)];
    entry.last_ms = clock->now_ms();
    if (++entry.in_a_row < kLoginFailuresAllowed) return;
    entry.in_a_row = 0;
    entry.locked_until_ms = entry.last_ms + kLockOut_ms;
  }

  void forget_oldest() {
    auto oldest = failures.begin();
    for (auto it = failures.begin(); it != failures.end(); ++it) {
      if (it->second.last_ms < oldest->second.last_ms) oldest = it;
    }
    failures.erase(oldest);
  }

  void make_decoy() {
    const auto decoy = crypto::PrivateKey::generate(crypto::SignatureAlgorithm::kEd25519, *random);
    CHANCERY_CHECK(decoy.has_value());
    const auto pem = decoy->to_pkcs8_pem(to_hex(random->bytes(kTokenBytes)), *random);
    CHANCERY_CHECK(pem.has_value());
    decoy_pem = *pem;
  }

  /// Opens an account's key. Takes the same time whether the account has a file or not.
  Result<crypto::PrivateKey> open_key(std::string_view account, std::string_view passphrase) {
    std::call_once(decoy_made, [this] { make_decoy(); });
    const auto pem = is_account_name(account) ? read_file(path_of(account), kKeyFileBytes)
                                              : Result<std::string>(fail(Reason::kNotFound));
    if (!pem.has_value() && pem.error().reason != Reason::kNotFound) return std::unexpected(pem.error());
    auto key = crypto::PrivateKey::from_pkcs8_pem(pem.has_value() ? *pem : decoy_pem, passphrase);
    if (!key.has_value() && key.error().reason == Reason::kMalformed) {
      return fail(Reason::kCorrupt, fmt::format("the key file of {} can't be read", account));
    }
    if (!pem.has_value() || !key.has_value()) return wrong_login();
    return key;
  }

  Result<crypto::PrivateKey> open_key_counted(std::string_view account, std::string_view passphrase) {
    if (passphrase.empty() || passphrase.size() > kMaxPassphraseBytes || account.size() > kMaxAccountBytes) {
      return wrong_login();
    }
    TRY(check_locked(account));
    if (logins.fetch_add(1) >= kConcurrentLogins) {
      logins.fetch_sub(1);
      return fail(Reason::kOverloaded, "too many logins at the same time", "同时登录人数过多");
    }
    auto key = open_key(account, passphrase);
    logins.fetch_sub(1);
    if (!key.has_value()) {
      if (key.error().reason == Reason::kUnauthenticated) count_failure(account);
      return key;
    }
    const std::lock_guard lock(mutex);
    if (const auto found = failures.find(account); found != failures.end()) failures.erase(found);
    return key;
  }
};

Sessions::Sessions(std::string keys_directory, const Clock& clock, Random& random) : state_(std::make_unique<State>()) {
  state_->directory = std::move(keys_directory);
  state_->clock = &clock;
  state_->random = &random;
  std::error_code ignored;
  std::filesystem::create_directories(state_->directory, ignored);
}

Sessions::~Sessions() = default;

Result<Sessions::Login> Sessions::login(std::string_view account, std::string_view passphrase) {
  ASSIGN_OR_RETURN(crypto::PrivateKey key, state_->open_key_counted(account, passphrase));
  const std::string token = to_base64url(state_->random->bytes(kTokenBytes));
  const std::int64_t now_ms = state_->clock->now_ms();
  const auto session = std::make_shared<const Session>(std::string(account), std::move(key), now_ms);
  const std::lock_guard lock(state_->mutex);
  std::erase_if(state_->open, [&](const auto& entry) { return state_->is_over(entry.second, now_ms); });
  if (state_->open.size() >= kMaxSessions) return fail(Reason::kOverloaded, "too many sessions are open");
  state_->open.emplace(token_hash(token), Open{session, now_ms});
  return Login{token, session};
}

Result<SessionPointer> Sessions::find(std::string_view token) {
  const std::int64_t now_ms = state_->clock->now_ms();
  const Digest hash = token_hash(token);
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->open.find(hash);
  if (found == state_->open.end()) return fail(Reason::kUnauthenticated, "there is no such session", "会话不存在");
  if (state_->is_over(found->second, now_ms)) {
    state_->open.erase(found);
    return fail(Reason::kUnauthenticated, "the session has timed out", "会话已超时");
  }
  found->second.used_ms = now_ms;
  return found->second.session;
}

void Sessions::logout(std::string_view token) {
  const Digest hash = token_hash(token);
  const std::lock_guard lock(state_->mutex);
  state_->open.erase(hash);
}

void Sessions::logout_account(std::string_view account) {
  const std::lock_guard lock(state_->mutex);
  std::erase_if(state_->open, [&](const auto& entry) { return entry.second.session->account() == account; });
}

Result<crypto::PublicKey> Sessions::create_key(std::string_view account, std::string_view passphrase,
                                               crypto::SignatureAlgorithm algorithm) {
  ASSIGN_OR_RETURN(const crypto::PrivateKey key, crypto::PrivateKey::generate(algorithm, *state_->random));
  TRY(import_key(account, key, passphrase));
  return key.public_key();
}

Status Sessions::import_key(std::string_view account, const crypto::PrivateKey& key, std::string_view passphrase) {
  if (!is_account_name(account)) {
    return fail(Reason::kInvalidValue, "an account id has 1 to 64 of a-z 0-9 . _ - and is none of the node's own names",
                "账户名应为 1 至 64 个小写字母、数字、点、下划线或连字符");
  }
  if (passphrase.size() < kMinPassphraseBytes || passphrase.size() > kMaxPassphraseBytes) {
    return fail(Reason::kInvalidValue,
                fmt::format("the passphrase must have {} to {} bytes", kMinPassphraseBytes, kMaxPassphraseBytes),
                "口令长度不符合要求");
  }
  ASSIGN_OR_RETURN(const std::string pem, key.to_pkcs8_pem(passphrase, *state_->random));
  const std::lock_guard lock(state_->mutex);
  if (std::filesystem::exists(state_->path_of(account))) {
    return fail(Reason::kAlreadyExists, fmt::format("{} has a key here already", account), "该账户在本节点已有密钥");
  }
  return write_file(state_->path_of(account), pem);
}

Status Sessions::discard_key(std::string_view account) {
  if (!is_account_name(account)) return {};
  const std::lock_guard lock(state_->mutex);
  std::error_code error;
  std::filesystem::remove(state_->path_of(account), error);
  if (error) return fail(Reason::kStorageFailed, fmt::format("the key file of {} can't be deleted", account));
  return {};
}

Status Sessions::change_passphrase(std::string_view account, std::string_view old_passphrase,
                                   std::string_view new_passphrase) {
  if (new_passphrase.size() < kMinPassphraseBytes || new_passphrase.size() > kMaxPassphraseBytes) {
    return fail(Reason::kInvalidValue, "the new passphrase must have 8 to 1,024 bytes", "新口令长度不符合要求");
  }
  ASSIGN_OR_RETURN(const crypto::PrivateKey key, state_->open_key_counted(account, old_passphrase));
  ASSIGN_OR_RETURN(const std::string pem, key.to_pkcs8_pem(new_passphrase, *state_->random));
  TRY(write_file(state_->path_of(account), pem));
  logout_account(account);
  return {};
}

bool Sessions::has_key(std::string_view account) const {
  return is_account_name(account) && std::filesystem::exists(state_->path_of(account));
}

}  // namespace chancery::node
