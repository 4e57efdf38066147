#pragma once
// What a verifier of documents found, step by step, so that a person can be told why and not only whether.

#include <string_view>
#include <vector>

#include "base/result.h"

namespace chancery::documents {

enum class CheckStep {
  kStructure,  ///< the bytes are what the format says
  kDigest,     ///< the content is the one that was signed
  kSignature,  ///< the signature value holds for the signer's key
  kChain,      ///< the signer's certificate leads to a trusted root and was made for this
  kValidity,   ///< at the time in question the certificate was valid and not taken back
  kRequest,    ///< a timestamp answers the request that was made: nonce and policy
  kCoverage,   ///< an evidence record covers the content
  kSequence,   ///< the timestamps of an evidence record follow each other without a gap
};

/// "structure", "digest", ... as they stand in the API.
std::string_view to_string(CheckStep step);
/// A short sentence for people.
std::string_view title(CheckStep step, Language language);

enum class CheckOutcome { kPassed, kFailed, kNotReached };

struct CheckedStep {
  CheckStep step;
  CheckOutcome outcome = CheckOutcome::kNotReached;
  Error error = {};  ///< Says something only when the step failed.
};

/// Steps in the order in which they were looked at. A step that needs a failed one is kNotReached.
class CheckReport {
 public:
  /// Writes the step down; true when it passed.
  bool record(CheckStep step, const Status& status);
  void not_reached(CheckStep step) { steps_.push_back({.step = step}); }
  /// The steps of another report, after those that are here.
  void append(const CheckReport& other);

  const std::vector<CheckedStep>& steps() const { return steps_; }
  /// At least one step, and all passed.
  bool accepted() const;
  /// Success, or the first step's error.
  Status status() const;

 private:
  std::vector<CheckedStep> steps_;
};

}  // namespace chancery::documents
