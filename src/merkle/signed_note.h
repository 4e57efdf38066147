#pragma once
// Signed notes, C2SP signed-note: text, an empty line, one line a signature. A signature is bound to the exact bytes of
// the text, never to a parsed form of it.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/signature.h"

namespace chancery::merkle {

inline constexpr std::size_t kMaxNoteBytes = 64 * 1024;
inline constexpr std::size_t kMaxNoteSignatures = 100;

using NoteKeyId = std::array<std::uint8_t, 4>;

/// What a signature line says. The algorithm is not in it: it follows from the verifier with the same name and key id.
struct NoteSignature {
  std::string name;
  NoteKeyId key_id;
  Bytes signature;

  bool operator==(const NoteSignature&) const = default;
};

struct SignedNote {
  std::string text;  ///< Ends in a newline.
  std::vector<NoteSignature> signatures;
};

/// How a key signs a note (the signature types of C2SP signed-note).
enum class NoteAlgorithm : std::uint8_t {
  kEd25519 = 1,       ///< Type 0x01.
  kEcdsaP256 = 2,     ///< Type 0x02: DER signature over SHA-256 of the text; key id from the SPKI alone.
  kSm2Sm3 = 3,        ///< Type 0xff, identifier "sm2-sm3/v1"; 64 bytes r | s; public key as 65 bytes.
  kCosignatureV1 = 4  ///< Type 0x04, C2SP tlog-cosignature: Ed25519 with a timestamp in seconds.
};

/// Plain note signatures by this kind of key (kEd25519, kEcdsaP256 or kSm2Sm3).
NoteAlgorithm note_algorithm(crypto::SignatureAlgorithm algorithm);

struct NoteVerifier {
  std::string name;  ///< Not empty; no Unicode space, no plus sign.
  NoteAlgorithm algorithm = NoteAlgorithm::kEd25519;
  crypto::PublicKey key;
  NoteKeyId key_id;

  /// Computes the key id. kInvalidValue for a bad name, or a key that cannot sign so.
  static Result<NoteVerifier> make(std::string name, NoteAlgorithm algorithm, crypto::PublicKey key);
  /// "<name>+<hex key id>+<base64 of type | key>". The key id must be right.
  static Result<NoteVerifier> parse(std::string_view vkey);
  std::string to_string() const;

  bool operator==(const NoteVerifier&) const = default;
};

/// A signature line for `text` by `key`, of the plain kind for that key. kInvalidValue for a bad name or text.
Result<NoteSignature> sign_note(std::string_view text, std::string_view name, const crypto::PrivateKey& key);
/// A cosignature/v1 (Ed25519 keys only) made at `time_s`, seconds since 1970.
Result<NoteSignature> cosign_note(std::string_view text, std::string_view name, const crypto::PrivateKey& key,
                                  std::int64_t time_s);

/// Within the limits above; valid UTF-8 without control characters; at least one signature; canonical base64.
/// kTooLarge or kMalformed otherwise. Nothing is verified yet.
Result<SignedNote> parse_note(std::string_view note);
/// parse_note(encode_note(x)) == x, and the reverse, byte for byte.
std::string encode_note(const SignedNote& note);

/// Looks for signatures by this verifier's name and key id and checks every one of them. kProofUntrusted when there is
/// none, kProofInvalid when one does not hold.
Status verify_note_signature(const SignedNote& note, const NoteVerifier& verifier);
/// One signature over a text; the name and key id must be the verifier's. kProofUntrusted or kProofInvalid otherwise.
Status verify_signature_line(std::string_view text, const NoteSignature& line, const NoteVerifier& verifier);
/// The time in a cosignature/v1, in seconds; kMalformed when it is none.
Result<std::int64_t> cosignature_time_s(const NoteSignature& line);

}  // namespace chancery::merkle
