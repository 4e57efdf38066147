#include "merkle/note_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "crypto/hash.h"
#include "crypto/spki.h"
#include "merkle/signed_note.h"

namespace chancery::merkle {

namespace {

constexpr std::uint8_t kTypeEd25519 = 0x01, kTypeEcdsa = 0x02, kTypeCosignatureV1 = 0x04, kTypeOther = 0xff;
constexpr std::string_view kSm2Identifier = "sm2-sm3/v1";

/// The key data of a vkey: signature type, then the public key.
Bytes key_data(NoteAlgorithm algorithm, const crypto::PublicKey& key) {
  Bytes data;
  switch (algorithm) {
    case NoteAlgorithm::kEd25519:
      data = {kTypeEd25519};
      break;
    case NoteAlgorithm::kCosignatureV1:
      data = {kTypeCosignatureV1};
      break;
    case NoteAlgorithm::kEcdsaP256:
      data = {kTypeEcdsa};
      append(data, crypto::to_spki(key));
      return data;
    case NoteAlgorithm::kSm2Sm3:
      data = {kTypeOther};
      append(data, as_bytes(kSm2Identifier));
      break;
  }
  append(data, key.bytes);
  return data;
}

NoteKeyId compute_key_id(std::string_view name, NoteAlgorithm algorithm, BytesView data) {
  crypto::Hasher hasher(crypto::HashAlgorithm::kSha256);
  if (algorithm == NoteAlgorithm::kEcdsaP256) {
    hasher.update(data.subspan(1));  // The registry's exception: the SPKI alone.
  } else {
    hasher.update(as_bytes(name)).update(as_bytes("\n")).update(data);
  }
  const Digest digest = hasher.finish();
  NoteKeyId id;
  std::copy_n(digest.begin(), id.size(), id.begin());
  return id;
}

crypto::SignatureAlgorithm key_algorithm(NoteAlgorithm algorithm) {
  switch (algorithm) {
    case NoteAlgorithm::kEcdsaP256:
      return crypto::SignatureAlgorithm::kEcdsaP256Sha256;
    case NoteAlgorithm::kSm2Sm3:
      return crypto::SignatureAlgorithm::kSm2Sm3;
    case NoteAlgorithm::kEd25519:
    case NoteAlgorithm::kCosignatureV1:
      break;
  }
  return crypto::SignatureAlgorithm::kEd25519;
}

/// Unicode White_Space beyond ASCII, as Go's unicode.IsSpace has it.
constexpr std::array<std::string_view, 19> kUnicodeSpaces = {
    "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
    "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

}  // namespace

bool is_note_key_name(std::string_view name) {
  if (name.empty() || !is_utf8(name)) return false;
  const bool plain = std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != '+'; });
  return plain && std::ranges::none_of(kUnicodeSpaces, [&](std::string_view space) {
           return name.find(space) != std::string_view::npos;
         });
}

NoteAlgorithm note_algorithm(crypto::SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case crypto::SignatureAlgorithm::kEcdsaP256Sha256:
      return NoteAlgorithm::kEcdsaP256;
    case crypto::SignatureAlgorithm::kSm2Sm3:
      return NoteAlgorithm::kSm2Sm3;
    case crypto::SignatureAlgorithm::kEd25519:
      break;
  }
  return NoteAlgorithm::kEd25519;
}

Result<NoteVerifier> NoteVerifier::make(std::string name, NoteAlgorithm algorithm, crypto::PublicKey key) {
  if (!is_note_key_name(name)) {
    return fail(Reason::kInvalidValue, "a note key's name must not be empty or hold spaces or plus signs");
  }
  if (key.algorithm != key_algorithm(algorithm)) return fail(Reason::kInvalidValue, "this key cannot sign notes so");
  const NoteKeyId id = compute_key_id(name, algorithm, key_data(algorithm, key));
  return NoteVerifier{.name = std::move(name), .algorithm = algorithm, .key = std::move(key), .key_id = id};
}

Result<NoteVerifier> NoteVerifier::parse(std::string_view vkey) {
  const std::size_t first = vkey.find('+');
  const std::size_t second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
  if (second == std::string_view::npos) return fail(Reason::kMalformed, "a verifier key is <name>+<id>+<key>");
  const auto data = from_base64(vkey.substr(second + 1));
  if (!data || data->empty()) return fail(Reason::kMalformed, "the verifier key's last part is not base64");
  BytesView rest = BytesView(*data).subspan(1);
  auto algorithm = NoteAlgorithm::kEd25519;
  if (data->front() == kTypeCosignatureV1) {
    algorithm = NoteAlgorithm::kCosignatureV1;
  } else if (data->front() == kTypeEcdsa) {
    algorithm = NoteAlgorithm::kEcdsaP256;
  } else if (data->front() == kTypeOther && as_text(rest).starts_with(kSm2Identifier)) {
    algorithm = NoteAlgorithm::kSm2Sm3;
    rest = rest.subspan(kSm2Identifier.size());
  } else if (data->front() != kTypeEd25519) {
    return fail(Reason::kUnsupported, "the verifier key has a signature type that is not known here");
  }
  ASSIGN_OR_RETURN(auto key, algorithm == NoteAlgorithm::kEcdsaP256
                                 ? crypto::public_key_from_spki(rest)
                                 : crypto::PublicKey::parse(key_algorithm(algorithm), rest));
  ASSIGN_OR_RETURN(auto verifier, make(std::string(vkey.substr(0, first)), algorithm, std::move(key)));
  // One spelling a key: a wrong id, upper-case digits or a compressed point show here.
  if (verifier.to_string() != vkey) return fail(Reason::kMalformed, "the verifier key's id does not fit its key");
  return verifier;
}

std::string NoteVerifier::to_string() const {
  return fmt::format("{}+{}+{}", name, to_hex(key_id), to_base64(key_data(algorithm, key)));
}

}  // namespace chancery::merkle
