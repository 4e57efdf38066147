#include "cli/demo/logins.h"

#include "base/json.h"
#include "base/json_reader.h"
#include "cli/files.h"

namespace chancery::cli::demo {
namespace {

constexpr std::string_view kFile = "/demo-logins.json";
constexpr std::size_t kLettersOfPassphrase = 10;

/// Letters that nobody confuses when reading them off a screen: 10 of them are 49 bits.
std::string easy_letters(Random& random) {
  constexpr std::string_view kLetters = "abcdefghjkmnpqrstuvwxyz23456789";
  std::string out;
  for (std::size_t i = 0; i < kLettersOfPassphrase; ++i) out += kLetters[random.below(kLetters.size())];
  return out;
}

}  // namespace

Result<Logins> read_logins(const std::string& directory) {
  ASSIGN_OR_RETURN(const std::string text, read_text(directory + std::string(kFile)));
  ASSIGN_OR_RETURN(const Json document, parse_json(text));
  JsonReader reader(document);
  Logins logins;
  ASSIGN_OR_RETURN(logins.node_passphrase, reader.required_string("node_passphrase", 100, 8));
  ASSIGN_OR_RETURN(logins.member_passphrase, reader.required_string("member_passphrase", 100, 8));
  ASSIGN_OR_RETURN(logins.suite, reader.required_string("suite", 16, 1));
  TRY(reader.refuse_unknown_members());
  return logins;
}

Result<Logins> make_logins(const std::string& directory, std::string_view suite, Random& random) {
  TRY(make_directories(directory, Access::kOwnerOnly));
  Logins logins{easy_letters(random), easy_letters(random), std::string(suite)};
  const Json document = {{"node_passphrase", logins.node_passphrase},
                         {"member_passphrase", logins.member_passphrase},
                         {"suite", logins.suite}};
  TRY(write_file(directory + std::string(kFile), as_bytes(document.dump(2) + "\n"), Overwrite::kRefuse,
                 Access::kOwnerOnly));
  return logins;
}

}  // namespace chancery::cli::demo
