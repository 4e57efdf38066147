#pragma once
// Alerts: what the rules of supervision find in the log, followed by this node. An alert is an opinion about entries
// that everybody has; its proof is the receipt of the entry. Whoever evaluates the same log gets the same alerts, so
// the files can be deleted at any time: they are made again from the first entry.
//
//   alerts/alerts.jsonl   one line an alert, in the order of the log
//   alerts/position.json  {"leaf": <entries done>, "rules": ["<base64 of SupervisionRule>", ...]}

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "contracts/supervision/evaluation.h"
#include "ledger/ledger.h"

namespace chancery::node {

struct Alert {
  std::uint64_t number = 0;  ///< from 1, in the order of the log
  contracts::supervision::Finding finding;
};

/// Thread-safe; catch_up belongs to one thread.
class Supervision {
 public:
  /// kStorageFailed; kCorrupt when the files are not ours.
  static Result<std::unique_ptr<Supervision>> open(const std::string& directory, const ledger::Ledger& ledger);
  ~Supervision();

  /// Evaluates up to `max_entries` more final entries.
  Status catch_up(std::uint64_t max_entries);
  /// Entries that have been evaluated.
  std::uint64_t position() const;

  struct Page {
    std::vector<Alert> items;  ///< newest first
    std::uint64_t before = 0;  ///< where the next page begins; 0: there is none
    std::uint64_t total = 0;
  };
  /// Alerts with numbers below `before` (0: from the newest), at most `limit`, of one rule or of all (empty).
  Page list(std::uint64_t before, std::size_t limit, std::string_view rule) const;
  /// kNotFound.
  Result<Alert> find(std::uint64_t number) const;

 private:
  Supervision();
  struct State;
  std::unique_ptr<State> state_;
};

/// kForbidden unless the account is active and holds a live role that may see alerts and looks at personal data:
/// regulator, audit_admin, security_admin or network_admin.
Status require_overseer(const ledger::Ledger& ledger, std::int64_t now_ms, std::string_view account);

}  // namespace chancery::node
