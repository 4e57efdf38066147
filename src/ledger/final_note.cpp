#include "ledger/final_note.h"

#include <algorithm>

#include "ledger/cosigning.h"

namespace chancery::ledger {

Result<merkle::Checkpoint> verify_final_note(std::string_view note, const Genesis& genesis) {
  const auto parsed = merkle::parse_note(note);
  auto checkpoint = parsed ? merkle::parse_checkpoint(parsed->text) : std::unexpected(parsed.error());
  if (!checkpoint) return fail(Reason::kCheckpointInvalid, checkpoint.error().detail);
  if (checkpoint->origin != genesis.origin || checkpoint->hash_algorithm != genesis.suite->hash ||
      checkpoint->validators_hash != genesis.validators_hash()) {
    return fail(Reason::kCheckpointInvalid, "the checkpoint is of another network or of other validators");
  }
  ASSIGN_OR_RETURN(Cosigning cosigning, Cosigning::of_text(parsed->text, genesis.validators));
  for (const merkle::NoteSignature& line : parsed->signatures) {
    if (std::ranges::find(genesis.validators, line.name, &Validator::name) == genesis.validators.end()) continue;
    TRY(cosigning.add(line));
  }
  if (!cosigning.is_final()) {
    return fail(Reason::kProofUntrusted, "not more than two thirds of the power have signed the checkpoint");
  }
  return checkpoint;
}

}  // namespace chancery::ledger
