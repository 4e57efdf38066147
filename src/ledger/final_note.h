#pragma once
// Whether a checkpoint that somebody else hands over is final: signed by more than two thirds of the voting power.

#include <string_view>

#include "base/result.h"
#include "ledger/genesis.h"
#include "merkle/checkpoint.h"

namespace chancery::ledger {

/// Every line by a validator's name is checked and must hold; a validator counts once, by its key of the suite.
/// kCheckpointInvalid for another network's or a malformed checkpoint, kProofInvalid for a line that does not hold,
/// kProofUntrusted when the power does not suffice.
Result<merkle::Checkpoint> verify_final_note(std::string_view note, const Genesis& genesis);

}  // namespace chancery::ledger
