#pragma once
// What the rules find in the log. A pure function of the rules that a network began with and its entries in order:
// whoever evaluates them gets the same findings, and each points at the entry that shows it.

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "contracts/supervision.pb.h"
#include "ledger.pb.h"

namespace chancery::contracts::supervision {

struct Finding {
  std::string rule;
  std::uint64_t leaf_index = 0;  ///< of the entry
  std::uint64_t height = 0;
  std::int64_t time_ms = 0;
  std::uint32_t call = 0;   ///< index within the transaction
  std::string method;       ///< "credential.issue"
  std::string account;      ///< first signer
  std::string sentence_zh;  ///< what was found, public
  std::string sentence_en;

  friend bool operator==(const Finding&, const Finding&) = default;
};

/// Not thread-safe.
class Evaluator {
 public:
  explicit Evaluator(const std::vector<wire::SupervisionRule>& rules);

  /// The next entry, in order of leaf index. Rules that it sets or retires hold from the entry after it. kMalformed
  /// when the entry can't be read.
  Result<std::vector<Finding>> take(std::uint64_t leaf_index, const wire::Entry& entry);

  /// The rules as they are now, by id.
  std::vector<wire::SupervisionRule> rules() const;
  /// How far back an entry can still matter: the longest window.
  std::int64_t memory_ms() const;

 private:
  struct Watched {
    wire::SupervisionRule rule;
    std::map<std::string, std::deque<std::int64_t>> times_ms;  ///< within the window, by group
  };
  struct Seen;

  void examine(Watched& watched, const Seen& seen, std::vector<Finding>& out);
  void count(Watched& watched, const Seen& seen, std::vector<Finding>& out);
  void learn(const wire::Call& call);

  std::map<std::string, Watched> watched_;
};

}  // namespace chancery::contracts::supervision
