#include "ledger/conflicting_checkpoints.h"

#include <set>

#include "merkle/checkpoint.h"
#include "merkle/signed_note.h"

namespace chancery::ledger {

Json ConflictingCheckpoints::to_json(std::int64_t found_ms) const {
  return {{"format", "chancery-conflict-v1"},
          {"height", height},
          {"validators", validators},
          {"found_ms", found_ms},
          {"ours", ours},
          {"theirs", theirs}};
}

Result<std::optional<ConflictingCheckpoints>> find_conflict(std::string_view ours, std::string_view theirs,
                                                            const std::vector<Validator>& validators) {
  ASSIGN_OR_RETURN(const merkle::SignedNote our_note, merkle::parse_note(ours));
  ASSIGN_OR_RETURN(const merkle::SignedNote their_note, merkle::parse_note(theirs));
  if (our_note.text == their_note.text) return std::nullopt;
  ASSIGN_OR_RETURN(const merkle::Checkpoint our_checkpoint, merkle::parse_checkpoint(our_note.text));
  ASSIGN_OR_RETURN(const merkle::Checkpoint their_checkpoint, merkle::parse_checkpoint(their_note.text));
  if (our_checkpoint.origin != their_checkpoint.origin || our_checkpoint.height != their_checkpoint.height) {
    return std::nullopt;
  }
  std::set<std::string> signers;
  for (const Validator& validator : validators) {
    ASSIGN_OR_RETURN(
        const auto verifier,
        merkle::NoteVerifier::make(validator.name, merkle::note_algorithm(validator.key.algorithm), validator.key));
    if (merkle::verify_note_signature(their_note, verifier)) signers.insert(validator.name);
  }
  if (signers.empty()) return std::nullopt;
  ConflictingCheckpoints out;
  out.height = our_checkpoint.height;
  out.validators.assign(signers.begin(), signers.end());
  out.ours = ours;
  out.theirs = theirs;
  return out;
}

}  // namespace chancery::ledger
