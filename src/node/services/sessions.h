#pragma once
// Logins of accounts whose keys this node keeps: keys/<account>.p8, PKCS#8 encrypted under the member's passphrase.
// The decrypted key lives in the session alone and is wiped with it; of the token only its hash is kept.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/signature.h"

namespace chancery::node {

inline constexpr std::int64_t kSessionIdle_ms = 30 * 60 * 1000;
inline constexpr std::int64_t kSessionLife_ms = 12 * 60 * 60 * 1000;
inline constexpr unsigned kLoginFailuresAllowed = 5;
inline constexpr std::int64_t kLockOut_ms = 5 * 60 * 1000;
inline constexpr std::size_t kMaxSessions = 10'000;

/// A logged-in account. Shared by the requests that are in flight; gone with the last of them after logout.
class Session {
 public:
  Session(std::string account, crypto::PrivateKey key, std::int64_t created_ms)
      : account_(std::move(account)), key_(std::move(key)), created_ms_(created_ms) {}
  const std::string& account() const { return account_; }
  const crypto::PrivateKey& key() const { return key_; }
  std::int64_t created_ms() const { return created_ms_; }
  /// Latest end; the idle limit may end it earlier.
  std::int64_t expires_ms() const { return created_ms_ + kSessionLife_ms; }

 private:
  std::string account_;
  crypto::PrivateKey key_;
  std::int64_t created_ms_;
};
using SessionPointer = std::shared_ptr<const Session>;

/// Thread-safe.
class Sessions {
 public:
  Sessions(std::string keys_directory, const Clock& clock, Random& random);
  ~Sessions();

  struct Login {
    std::string token;  ///< 43 characters of base64url (32 random bytes); shown once
    SessionPointer session;
  };
  /// kUnauthenticated for an unknown account or a wrong passphrase, with the same words and after the same work;
  /// kLockedOut for 5 minutes after 5 failures in a row; kOverloaded when too many sessions or logins are open.
  Result<Login> login(std::string_view account, std::string_view passphrase);
  /// The session of a token, whose idle time starts afresh. kUnauthenticated when unknown or timed out.
  Result<SessionPointer> find(std::string_view token);
  void logout(std::string_view token);
  /// Ends all sessions of an account (its key was revoked, its passphrase changed).
  void logout_account(std::string_view account);

  /// Makes a key and keeps it under `passphrase` (8 to 1,024 bytes). kAlreadyExists when the account has one here.
  /// The account must still be told of its public key by an identity transaction.
  Result<crypto::PublicKey> create_key(std::string_view account, std::string_view passphrase,
                                       crypto::SignatureAlgorithm algorithm);
  /// Deletes the key file of an account that the ledger refused: nobody can have used it. Success when there is none.
  Status discard_key(std::string_view account);
  /// Keeps a key that was made elsewhere.
  Status import_key(std::string_view account, const crypto::PrivateKey& key, std::string_view passphrase);
  /// kUnauthenticated when `old_passphrase` is wrong (counted like a failed login).
  Status change_passphrase(std::string_view account, std::string_view old_passphrase, std::string_view new_passphrase);
  bool has_key(std::string_view account) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::node
