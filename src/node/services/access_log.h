#pragma once
// Who looked at personal data, when, at what, and why. One JSON line a look, each bound to the one before it by a hash,
// so that a line can't be changed or dropped unnoticed. A look that can't be recorded does not happen.
//
//   access/access.jsonl: {"hash":"<hex>","previous":"<hex>","time_ms":...,"account":"...","action":"read",
//                         "subject":"credential/<id>","purpose":"...","fields":["name",...]}
//   hash = domain_hash(suite, "chancery/access/1", { previous, line without hash })

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/hash.h"

namespace chancery::node {

struct Access {
  std::int64_t time_ms = 0;
  std::string account;
  std::string action;   ///< "read", "export", "disclose", "erase"
  std::string subject;  ///< "credential/<id>": never personal data
  std::string purpose;  ///< what the reader gave as the reason, at most 200 characters; personal numbers are masked
  std::vector<std::string> fields;  ///< names of the fields that were given out
};

/// Thread-safe.
class AccessLog {
 public:
  /// Checks the chain of what is there; kCorrupt names the line. A last line that a crash cut off is dropped.
  static Result<std::unique_ptr<AccessLog>> open(const std::string& directory, crypto::HashAlgorithm hash,
                                                 const Clock& clock);
  ~AccessLog();

  /// Durable when it returns success. The time is taken here.
  Status record(Access access);
  /// Newest first, of one subject or of all (empty), at most `limit`.
  Result<std::vector<Access>> list(std::string_view subject, std::size_t limit) const;
  /// Recomputes the chain from the first line.
  Status verify() const;

 private:
  AccessLog();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::node
