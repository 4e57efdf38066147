#pragma once
// What the program ends with. Scripts rely on these numbers; docs/cli.md lists them and they never change.

#include "base/result.h"

namespace chancery::cli {

enum class ExitCode : int {
  kOk = 0,
  kFailed = 1,              ///< Something went wrong that has no number of its own.
  kUsage = 2,               ///< The command line is wrong; nothing was done.
  kVerificationFailed = 3,  ///< What was checked is not what it claims to be.
  kAuthentication = 4,      ///< Not logged in, wrong passphrase, or not permitted.
  kNotFound = 5,
  kUnavailable = 6,  ///< The node is away, busy or read-only: try again.
  kConflict = 7,     ///< It exists already, or the state does not allow it.
};

inline constexpr int kExitCodes = 8;

/// The code for a reason of the one table (base/reason_codes.def).
ExitCode exit_code_of(Reason reason);
/// One sentence for docs/cli.md and the man page.
std::string_view meaning(ExitCode code, Language language);

}  // namespace chancery::cli
