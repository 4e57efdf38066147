#pragma once
// CometBFT as a child process: started, watched, started again when it dies, stopped with its parent.

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"

namespace chancery::consensus {

/// The oldest CometBFT of the 0.38 line that is safe: CSA-2026-001 is fixed in it.
inline constexpr int kOldestCometPatch = 21;

/// The program: $CHANCERY_COMETBFT, beside this program, on the PATH, or below third_party/download/bin of a checkout.
/// kNotFound with what to do about it; kInvalidValue when its version is not 0.38.21 or later in that line.
Result<std::string> find_cometbft();

class CometProcess {
 public:
  /// `before_start` is called before every start, to write the directory; its error is kept as last_error() and stops
  /// the supervision, except kUnavailable, after which it is asked again a little later.
  static std::unique_ptr<CometProcess> start(std::string program, std::string home,
                                             std::function<Status()> before_start);
  ~CometProcess();
  /// SIGTERM, and SIGKILL ten seconds later. Not started again.
  void stop();

  bool running() const;
  std::uint64_t starts() const;
  /// What CometBFT last complained about; empty when nothing.
  std::string last_error() const;

 private:
  CometProcess();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::consensus
