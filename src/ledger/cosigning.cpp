#include "ledger/cosigning.h"

#include <fmt/format.h>

namespace chancery::ledger {

Result<Cosigning> Cosigning::of_text(const std::string& text, const std::vector<Validator>& validators) {
  Cosigning out;
  out.note_.text = text;
  for (const Validator& validator : validators) {
    out.total_power_ += validator.power;
    ASSIGN_OR_RETURN(auto by_key, merkle::NoteVerifier::make(
                                      validator.name, merkle::note_algorithm(validator.key.algorithm), validator.key));
    ASSIGN_OR_RETURN(auto by_log_key,
                     merkle::NoteVerifier::make(validator.name, merkle::NoteAlgorithm::kEd25519, validator.log_key));
    out.known_.push_back({std::move(by_key), validator.power});
    if (by_log_key.key_id != out.known_.back().verifier.key_id) out.known_.push_back({std::move(by_log_key), 0});
  }
  return out;
}

Result<Cosigning> Cosigning::of_own(const std::string& note, const std::vector<Validator>& validators) {
  ASSIGN_OR_RETURN(merkle::SignedNote parsed, merkle::parse_note(note));
  ASSIGN_OR_RETURN(Cosigning out, of_text(parsed.text, validators));
  for (merkle::NoteSignature& line : parsed.signatures) {
    if (out.verifier_of(line) == nullptr) continue;
    out.count(line);
    out.note_.signatures.push_back(std::move(line));
  }
  return out;
}

const Cosigning::Known* Cosigning::verifier_of(const merkle::NoteSignature& line) const {
  for (const Known& known : known_) {
    if (known.verifier.name == line.name && known.verifier.key_id == line.key_id) return &known;
  }
  return nullptr;
}

void Cosigning::count(const merkle::NoteSignature& line) {
  const Known* known = verifier_of(line);
  if (known != nullptr && seen_.emplace(line.name, line.key_id).second) signed_power_ += known->power;
}

Result<bool> Cosigning::add(const merkle::NoteSignature& line) {
  const Known* known = verifier_of(line);
  if (known == nullptr)
    return fail(Reason::kProofUntrusted, fmt::format("\"{}\" is no validator with that key", line.name));
  if (seen_.contains({line.name, line.key_id})) return false;
  TRY(merkle::verify_signature_line(note_.text, line, known->verifier));
  count(line);
  note_.signatures.push_back(line);
  return true;
}

}  // namespace chancery::ledger
