#pragma once
// The passphrases of a demo node, made at its first start and kept beside it for its owner: nothing is built in.
//   <directory>/demo-logins.json: { "node_passphrase", "member_passphrase", "suite" }, readable by the owner only.

#include <string>

#include "base/random.h"
#include "base/result.h"

namespace chancery::cli::demo {

struct Logins {
  std::string node_passphrase;
  std::string member_passphrase;
  std::string suite;
};

/// What is there, or kNotFound.
Result<Logins> read_logins(const std::string& directory);
/// Makes and stores them.
Result<Logins> make_logins(const std::string& directory, std::string_view suite, Random& random);

}  // namespace chancery::cli::demo
