#include "merkle/signed_note.h"

#include <fmt/format.h>

#include <algorithm>

#include "merkle/note_key.h"

namespace chancery::merkle {

namespace {

constexpr std::string_view kLineStart = "\u2014 ";  // Em dash, space.
constexpr std::size_t kTimestampBytes = 8;

/// A text that a note may hold: UTF-8 without control characters but newlines, ending in one.
Status check_text(std::string_view text) {
  if (text.empty() || text.back() != '\n') return fail(Reason::kMalformed, "a note's text must end in a newline");
  const bool clean =
      std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\n'; });
  if (!clean) return fail(Reason::kMalformed, "a note must not hold control characters");
  if (!is_utf8(text)) return fail(Reason::kMalformed, "a note must be valid UTF-8");
  return {};
}

Result<NoteSignature> parse_line(std::string_view line) {
  if (!line.starts_with(kLineStart)) return fail(Reason::kMalformed, "a signature line must start with an em dash");
  line.remove_prefix(kLineStart.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos)
    return fail(Reason::kMalformed, "a signature line must have a name and a signature");
  NoteSignature signature{.name = std::string(line.substr(0, space)), .key_id = {}, .signature = {}};
  if (!is_note_key_name(signature.name)) return fail(Reason::kMalformed, "a signature line has a bad key name");
  const auto bytes = from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() <= signature.key_id.size()) {
    return fail(Reason::kMalformed, "a signature must be base64 of a key id and at least one byte");
  }
  std::copy_n(bytes->begin(), signature.key_id.size(), signature.key_id.begin());
  signature.signature.assign(bytes->begin() + static_cast<std::ptrdiff_t>(signature.key_id.size()), bytes->end());
  return signature;
}

/// C2SP tlog-cosignature, "Ed25519 signed message".
std::string cosigned_text(std::string_view text, std::uint64_t time_s) {
  return fmt::format("cosignature/v1\ntime {}\n{}", time_s, text);
}

bool holds(std::string_view text, BytesView signature, const NoteVerifier& verifier) {
  switch (verifier.algorithm) {
    case NoteAlgorithm::kEd25519:
    case NoteAlgorithm::kSm2Sm3:
      return crypto::verify(verifier.key, as_bytes(text), signature);
    case NoteAlgorithm::kEcdsaP256: {
      const auto pair = crypto::der_to_p1363(signature);
      return pair && crypto::verify(verifier.key, as_bytes(text), *pair);
    }
    case NoteAlgorithm::kCosignatureV1: {
      if (signature.size() <= kTimestampBytes) return false;
      const std::uint64_t time_s = read_u64_be(signature);
      if (time_s > static_cast<std::uint64_t>(INT64_MAX)) return false;
      return crypto::verify(verifier.key, as_bytes(cosigned_text(text, time_s)), signature.subspan(kTimestampBytes));
    }
  }
  return false;
}

}  // namespace

Result<NoteSignature> sign_note(std::string_view text, std::string_view name, const crypto::PrivateKey& key) {
  if (!check_text(text)) return fail(Reason::kInvalidValue, "this text cannot be a note");
  ASSIGN_OR_RETURN(const auto verifier,
                   NoteVerifier::make(std::string(name), note_algorithm(key.algorithm()), key.public_key()));
  ASSIGN_OR_RETURN(const auto signature, key.sign(as_bytes(text)));
  NoteSignature line{.name = verifier.name, .key_id = verifier.key_id, .signature = {}};
  if (verifier.algorithm == NoteAlgorithm::kEcdsaP256) {
    line.signature = crypto::p1363_to_der(signature);
  } else {
    line.signature = to_bytes(BytesView(signature));
  }
  return line;
}

Result<NoteSignature> cosign_note(std::string_view text, std::string_view name, const crypto::PrivateKey& key,
                                  std::int64_t time_s) {
  if (!check_text(text) || time_s < 0) return fail(Reason::kInvalidValue, "this cannot be cosigned");
  ASSIGN_OR_RETURN(const auto verifier,
                   NoteVerifier::make(std::string(name), NoteAlgorithm::kCosignatureV1, key.public_key()));
  const auto time = static_cast<std::uint64_t>(time_s);
  ASSIGN_OR_RETURN(const auto signature, key.sign(as_bytes(cosigned_text(text, time))));
  NoteSignature line{.name = verifier.name, .key_id = verifier.key_id, .signature = {}};
  append_u64_be(line.signature, time);
  append(line.signature, signature);
  return line;
}

Result<SignedNote> parse_note(std::string_view note) {
  if (note.size() > kMaxNoteBytes) {
    return fail(Reason::kTooLarge, fmt::format("a note has at most {} bytes, this one {}", kMaxNoteBytes, note.size()));
  }
  TRY(check_text(note));
  // The last empty line: text may have empty lines of its own.
  const std::size_t split = note.rfind("\n\n");
  if (split == std::string_view::npos)
    return fail(Reason::kMalformed, "a note needs an empty line before its signatures");
  SignedNote parsed{.text = std::string(note.substr(0, split + 1)), .signatures = {}};
  std::string_view rest = note.substr(split + 2);
  if (rest.empty()) return fail(Reason::kMalformed, "a note must have at least one signature");
  while (!rest.empty()) {
    if (parsed.signatures.size() == kMaxNoteSignatures) {
      return fail(Reason::kTooLarge, fmt::format("a note has at most {} signatures", kMaxNoteSignatures));
    }
    const std::size_t end = rest.find('\n');  // There is one: the note ends in it.
    ASSIGN_OR_RETURN(auto signature, parse_line(rest.substr(0, end)));
    parsed.signatures.push_back(std::move(signature));
    rest.remove_prefix(end + 1);
  }
  return parsed;
}

std::string encode_note(const SignedNote& note) {
  std::string text = note.text + "\n";
  for (const NoteSignature& signature : note.signatures) {
    Bytes bytes = to_bytes(BytesView(signature.key_id));
    append(bytes, signature.signature);
    text += fmt::format("{}{} {}\n", kLineStart, signature.name, to_base64(bytes));
  }
  return text;
}

Status verify_signature_line(std::string_view text, const NoteSignature& line, const NoteVerifier& verifier) {
  if (line.name != verifier.name || line.key_id != verifier.key_id) {
    return fail(Reason::kProofUntrusted, "the signature is by another key");
  }
  if (!holds(text, line.signature, verifier)) {
    return fail(Reason::kProofInvalid, fmt::format("the signature of {} does not hold", line.name));
  }
  return {};
}

Status verify_note_signature(const SignedNote& note, const NoteVerifier& verifier) {
  bool found = false;
  for (const NoteSignature& line : note.signatures) {
    if (line.name != verifier.name || line.key_id != verifier.key_id) continue;
    TRY(verify_signature_line(note.text, line, verifier));
    found = true;
  }
  if (!found) return fail(Reason::kProofUntrusted, fmt::format("there is no signature of {}", verifier.name));
  return {};
}

Result<std::int64_t> cosignature_time_s(const NoteSignature& line) {
  if (line.signature.size() != kTimestampBytes + sizeof(crypto::Signature)) {
    return fail(Reason::kMalformed, "this is no cosignature/v1");
  }
  const std::uint64_t time_s = read_u64_be(line.signature);
  if (time_s > static_cast<std::uint64_t>(INT64_MAX)) return fail(Reason::kMalformed, "the time is beyond 2^63 - 1");
  return static_cast<std::int64_t>(time_s);
}

}  // namespace chancery::merkle
