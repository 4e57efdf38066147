#pragma once
// Key files on disk: <directory>/<account>.p8, encrypted PKCS#8 in PEM. A node keeps its members' keys the same way.

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/command.h"
#include "crypto/signature.h"

namespace chancery::cli {

/// Where a passphrase comes from: --passphrase-file, then CHANCERY_PASSPHRASE, then the terminal. Never an argument:
/// other users of a machine can read those.
struct PassphraseSource {
  std::string file;

  void add_to(Command& command);
  Result<std::string> get(Terminal& terminal) const;
};

/// Letters that an account may have, [a-z0-9._-], 1 to 64: also keeps file names inside their directory.
bool is_account_name(std::string_view name);
std::string key_file_path(const std::string& directory, std::string_view account);
Result<crypto::PrivateKey> load_key(const std::string& directory, std::string_view account,
                                    std::string_view passphrase);
/// kAlreadyExists rather than overwriting a key.
Status save_key(const std::string& directory, std::string_view account, const crypto::PrivateKey& key,
                std::string_view passphrase);
/// The key in this file, or a new one that is written there: making a directory can be repeated after a crash.
Result<crypto::PrivateKey> ensure_key(const std::string& path, crypto::SignatureAlgorithm algorithm,
                                      std::string_view passphrase, Random& random);
/// Accounts that have a key file, sorted.
Result<std::vector<std::string>> list_keys(const std::string& directory);

}  // namespace chancery::cli
