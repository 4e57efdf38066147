#include "cli/key_files.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/random.h"
#include "cli/files.h"

namespace chancery::cli {
namespace {

constexpr std::size_t kKeyFileLimit_bytes = 64U << 10;
constexpr std::string_view kSuffix = ".p8";

}  // namespace

void PassphraseSource::add_to(Command& command) {
  command.option("--passphrase-file", file, "FILE",
                 {"口令所在的文件；默认取 CHANCERY_PASSPHRASE，再没有则询问",
                  "File with the passphrase; else CHANCERY_PASSPHRASE, else asked for"});
}

Result<std::string> PassphraseSource::get(Terminal& terminal) const {
  if (!file.empty()) {
    ASSIGN_OR_RETURN(std::string text, read_text(file, 4096));
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text;
  }
  if (const char* value = std::getenv("CHANCERY_PASSPHRASE"); value != nullptr) return std::string(value);
  return terminal.ask_passphrase({"口令：", "Passphrase: "});
}

bool is_account_name(std::string_view name) {
  if (name.empty() || name.size() > 64 || name.front() == '.') return false;
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

std::string key_file_path(const std::string& directory, std::string_view account) {
  return directory + "/" + std::string(account) + std::string(kSuffix);
}

Result<crypto::PrivateKey> load_key(const std::string& directory, std::string_view account,
                                    std::string_view passphrase) {
  if (!is_account_name(account)) return fail(Reason::kInvalidValue, "an account name has 1 to 64 of [a-z0-9._-]");
  ASSIGN_OR_RETURN(const std::string pem, read_text(key_file_path(directory, account), kKeyFileLimit_bytes));
  return crypto::PrivateKey::from_pkcs8_pem(pem, passphrase);
}

Status save_key(const std::string& directory, std::string_view account, const crypto::PrivateKey& key,
                std::string_view passphrase) {
  if (!is_account_name(account)) return fail(Reason::kInvalidValue, "an account name has 1 to 64 of [a-z0-9._-]");
  TRY(make_directories(directory, Access::kOwnerOnly));
  SystemRandom random;
  ASSIGN_OR_RETURN(const std::string pem, key.to_pkcs8_pem(passphrase, random));
  return write_file(key_file_path(directory, account), as_bytes(pem), Overwrite::kRefuse, Access::kOwnerOnly);
}

Result<crypto::PrivateKey> ensure_key(const std::string& path, crypto::SignatureAlgorithm algorithm,
                                      std::string_view passphrase, Random& random) {
  if (exists(path)) {
    ASSIGN_OR_RETURN(const std::string pem, read_text(path, kKeyFileLimit_bytes));
    return crypto::PrivateKey::from_pkcs8_pem(pem, passphrase);
  }
  ASSIGN_OR_RETURN(crypto::PrivateKey key, crypto::PrivateKey::generate(algorithm, random));
  ASSIGN_OR_RETURN(const std::string pem, key.to_pkcs8_pem(passphrase, random));
  TRY(write_file(path, as_bytes(pem), Overwrite::kRefuse, Access::kOwnerOnly));
  return key;
}

Result<std::vector<std::string>> list_keys(const std::string& directory) {
  std::vector<std::string> accounts;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (entry.path().extension() == kSuffix) accounts.push_back(entry.path().stem().string());
  }
  if (error) return fail(Reason::kNotFound, "cannot read " + directory + ": " + error.message());
  std::ranges::sort(accounts);
  return accounts;
}

}  // namespace chancery::cli
