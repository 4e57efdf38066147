#pragma once
// What a rule may say.

#include "base/result.h"
#include "contracts/supervision.pb.h"

namespace chancery::contracts::supervision {

/// kInvalidValue, kTooLarge. changed_height must be 0.
Status check_rule(const wire::SupervisionRule& rule);

}  // namespace chancery::contracts::supervision
