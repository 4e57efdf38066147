#pragma once
// Two checkpoints of one height that differ, both signed with validators' keys: proof that somebody lies, or signs with
// one key in two places. Kept as a file that verifies with nothing but the trust file:
//   { "format": "chancery-conflict-v1", "height": 12, "validators": ["net/a"], "found_ms": ..., "ours": "<signed
//   note>",
//     "theirs": "<signed note>" }

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "ledger/genesis.h"

namespace chancery::ledger {

struct ConflictingCheckpoints {
  std::uint64_t height = 0;
  /// Who signed `theirs` with the key of the suite, by name, sorted; never empty.
  std::vector<std::string> validators;
  std::string ours;    ///< signed note
  std::string theirs;  ///< signed note of the same origin and height, with another text

  Json to_json(std::int64_t found_ms) const;
};

/// nullopt unless both are checkpoints of one origin and height whose texts differ, and a validator's signature by the
/// key of the suite holds for the second. kMalformed or kCheckpointInvalid when one is no checkpoint.
Result<std::optional<ConflictingCheckpoints>> find_conflict(std::string_view ours, std::string_view theirs,
                                                            const std::vector<Validator>& validators);

}  // namespace chancery::ledger
