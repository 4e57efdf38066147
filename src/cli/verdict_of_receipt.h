#pragma once
// Offline verification of one file's content, whatever kind of receipt it holds, and what a credential's record in it
// says about a moment.

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "cli/moment.h"
#include "ledger/receipt.h"

namespace chancery::cli {

/// "What was the status of this credential then?" Empty id: nothing is asked.
struct CredentialQuestion {
  std::string id;
  Moment at;           ///< Not given: at the receipt's checkpoint.
  std::string expect;  ///< Empty: any status is an answer.
};

struct FileVerdict {
  std::string kind;  ///< The file's "format", or "unknown".
  bool passed = false;
  std::optional<Reason> failure;
  std::vector<ledger::VerificationStep> steps;
  std::uint64_t height = 0;  ///< Of the checkpoint.
  std::int64_t time_ms = 0;  ///< Block time of the checkpoint.
  std::string transaction;   ///< Id in hex; empty for a pure state receipt.
  std::string status;        ///< Answer to the question, when one was asked.

  nlohmann::json to_json() const;
};

/// The JSON object in `text` has this "format".
bool names_format(std::string_view text, std::string_view format);

/// One verdict a receipt; an NDJSON file of batch receipts holds many. Never empty, never throws, never aborts on
/// input.
std::vector<FileVerdict> verify_content(BytesView content, const ledger::TrustFile& trust,
                                        const CredentialQuestion& question);

}  // namespace chancery::cli
