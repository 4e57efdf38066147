#pragma once
// A checkpoint's note while the validators' signatures are gathered. It is final with more than two thirds of the
// power; a validator counts once, by the key of the suite. The lines of the log keys travel along for C2SP log clients.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/genesis.h"
#include "merkle/signed_note.h"

namespace chancery::ledger {

class Cosigning {
 public:
  /// `note` was made or checked by this node: its lines are believed. A line by no validator, which is how an observer
  /// marks its own copy, goes no further.
  static Result<Cosigning> of_own(const std::string& note, const std::vector<Validator>& validators);

  /// A checkpoint's text to which nobody has signed yet.
  static Result<Cosigning> of_text(const std::string& text, const std::vector<Validator>& validators);

  /// Takes a line of a validator, once it is verified. True when it was new. kProofUntrusted when no validator has that
  /// name and key, kProofInvalid when the signature does not hold.
  Result<bool> add(const merkle::NoteSignature& line);

  /// More than two thirds of the voting power have signed.
  bool is_final() const { return signed_power_ * 3 > total_power_ * 2; }
  std::string note() const { return merkle::encode_note(note_); }

 private:
  struct Known {
    merkle::NoteVerifier verifier;
    std::uint64_t power;  ///< 0 for a log key
  };
  void count(const merkle::NoteSignature& line);
  const Known* verifier_of(const merkle::NoteSignature& line) const;

  merkle::SignedNote note_;
  std::vector<Known> known_;
  std::set<std::pair<std::string, merkle::NoteKeyId>> seen_;
  std::uint64_t signed_power_ = 0;
  std::uint64_t total_power_ = 0;
};

}  // namespace chancery::ledger
