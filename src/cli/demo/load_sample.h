#pragma once
// Puts the sample's life on a fresh demo network: residents' register, first certificates, a revocation, evidence.

#include "base/result.h"
#include "cli/demo/logins.h"
#include "cli/demo/sample.h"
#include "cli/terminal.h"
#include "node/services.h"

namespace chancery::cli::demo {

/// How many certificates a first start issues: enough to look at, ready in seconds.
inline constexpr std::size_t kFirstCertificates = 300;

struct Loaded {
  std::size_t certificates = 0;
  std::string valid_example;    ///< id of a certificate that is valid
  std::string revoked_example;  ///< id of one that is revoked
  std::string evidence_example;
};

/// residents.jsonl in the node's directory: a line of fields for each of the 10,000. Returns their number.
Result<std::size_t> write_register(const std::string& directory);
std::string register_path(const std::string& directory);

/// Works through the desks with the clerks' own keys. May be repeated: every step has its idempotency key.
Result<Loaded> load_sample_into(node::Services& services, const Sample& sample, const Logins& logins,
                                Terminal& terminal);
/// What a former start loaded, or kNotFound.
Result<Loaded> read_loaded(const std::string& directory);

}  // namespace chancery::cli::demo
