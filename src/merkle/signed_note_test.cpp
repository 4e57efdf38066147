#include "merkle/signed_note.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace chancery::merkle {
namespace {

using crypto::PrivateKey;
using crypto::SignatureAlgorithm;

constexpr std::string_view kText = "ledger.example\n7\n\nan empty line before\n";

PrivateKey make_key(SignatureAlgorithm algorithm, std::uint64_t seed) {
  SeededRandom random(seed);
  return *PrivateKey::generate(algorithm, random);
}

NoteVerifier verifier_of(const PrivateKey& key, std::string name = "node-1.example") {
  return *NoteVerifier::make(std::move(name), note_algorithm(key.algorithm()), key.public_key());
}

// The example of C2SP signed-note.
TEST(SignedNoteTest, VerifiesTheExampleOfTheSpecification) {
  const auto verifier = NoteVerifier::parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
  ASSERT_TRUE(verifier);
  const auto note = parse_note(
      "This is an example message.\n\n\u2014 example.com/foo "
      "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n");
  ASSERT_TRUE(note);
  EXPECT_TRUE(verify_note_signature(*note, *verifier));
  SignedNote other = *note;
  other.text = "This is an example message!\n";
  EXPECT_EQ(verify_note_signature(other, *verifier).error().reason, Reason::kProofInvalid);
}

TEST(SignedNoteTest, EveryKindOfKeySignsAndVerifies) {
  SignedNote note{.text = std::string(kText), .signatures = {}};
  std::vector<NoteVerifier> verifiers;
  for (const auto algorithm :
       {SignatureAlgorithm::kEd25519, SignatureAlgorithm::kEcdsaP256Sha256, SignatureAlgorithm::kSm2Sm3}) {
    const PrivateKey key = make_key(algorithm, 1);
    note.signatures.push_back(*sign_note(kText, "node-1.example", key));
    verifiers.push_back(verifier_of(key));
  }
  const auto parsed = parse_note(encode_note(note));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->text, note.text);
  EXPECT_EQ(parsed->signatures, note.signatures);
  EXPECT_EQ(encode_note(*parsed), encode_note(note));
  for (const NoteVerifier& verifier : verifiers) {
    EXPECT_TRUE(verify_note_signature(*parsed, verifier));
    EXPECT_EQ(NoteVerifier::parse(verifier.to_string()), verifier) << verifier.to_string();
  }
}

TEST(SignedNoteTest, ACosignatureBindsItsTime) {
  const PrivateKey key = make_key(SignatureAlgorithm::kEd25519, 2);
  const auto verifier = *NoteVerifier::make("witness.example", NoteAlgorithm::kCosignatureV1, key.public_key());
  auto line = *cosign_note(kText, "witness.example", key, 1'790'000'000);
  EXPECT_EQ(*cosignature_time_s(line), 1'790'000'000);
  EXPECT_TRUE(verify_signature_line(kText, line, verifier));
  EXPECT_EQ(NoteVerifier::parse(verifier.to_string()), verifier);
  line.signature[7] ^= 1;
  EXPECT_FALSE(verify_signature_line(kText, line, verifier));
  // The plain key of the same bytes is another signer.
  EXPECT_NE(verifier_of(key, "witness.example").key_id, verifier.key_id);
  EXPECT_FALSE(cosign_note(kText, "witness.example", make_key(SignatureAlgorithm::kSm2Sm3, 2), 1));
}

TEST(SignedNoteTest, OneBadSignatureOfAKnownKeySpoilsTheNote) {
  const PrivateKey key = make_key(SignatureAlgorithm::kEd25519, 3);
  const NoteVerifier verifier = verifier_of(key);
  SignedNote note{.text = std::string(kText), .signatures = {*sign_note(kText, verifier.name, key)}};
  NoteSignature bad = note.signatures.front();
  bad.signature[20] ^= 4;
  note.signatures.push_back(bad);
  EXPECT_EQ(verify_note_signature(note, verifier).error().reason, Reason::kProofInvalid);
  // A line of the same name with another key id is somebody else's.
  note.signatures.back().key_id[0] ^= 1;
  EXPECT_TRUE(verify_note_signature(note, verifier));
  const NoteVerifier stranger = verifier_of(make_key(SignatureAlgorithm::kEd25519, 4));
  EXPECT_EQ(verify_note_signature(note, stranger).error().reason, Reason::kProofUntrusted);
}

TEST(SignedNoteTest, RefusesWhatIsNoNote) {
  const PrivateKey key = make_key(SignatureAlgorithm::kEd25519, 5);
  const std::string good =
      encode_note({.text = std::string(kText), .signatures = {*sign_note(kText, "node-1.example", key)}});
  ASSERT_TRUE(parse_note(good));
  const auto refused = [](std::string note) { return !parse_note(note).has_value(); };
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused(std::string(kText)));
  EXPECT_TRUE(refused(std::string(kText) + "\n"));
  EXPECT_TRUE(refused(good.substr(0, good.size() - 1)));
  EXPECT_TRUE(refused(good + "\n"));
  EXPECT_TRUE(refused(good + "- node-1.example AAAAAAA=\n"));
  EXPECT_TRUE(refused(good + "\u2014 node-1.example AAAAAA==\n"));
  EXPECT_TRUE(refused(good + "\u2014 node-1.example  AAAAAAA=\n"));
  EXPECT_TRUE(refused(good + "\u2014 node+1 AAAAAAA=\n"));
  EXPECT_TRUE(refused(good + "\u2014 node\u30001 AAAAAAA=\n"));
  EXPECT_TRUE(refused(good + "\u2014  AAAAAAA=\n"));
  EXPECT_TRUE(refused("\x01" + good));
  EXPECT_TRUE(refused("\t" + good));
  EXPECT_TRUE(refused("\xff" + good));
  EXPECT_FALSE(refused(good + "\u2014 someone AAAAAAA=\n"));
}

TEST(SignedNoteTest, RefusesMoreThanTheLimits) {
  std::string note = std::string(kText) + "\n";
  for (int i = 0; i < 100; ++i) note += "\u2014 someone AAAAAAA=\n";
  EXPECT_TRUE(parse_note(note));
  EXPECT_EQ(parse_note(note + "\u2014 someone AAAAAAA=\n").error().reason, Reason::kTooLarge);
  EXPECT_EQ(parse_note(std::string(kMaxNoteBytes, 'a') + note).error().reason, Reason::kTooLarge);
}

TEST(NoteVerifierTest, RefusesKeysWhoseIdDoesNotFit) {
  const std::string good = verifier_of(make_key(SignatureAlgorithm::kEd25519, 6)).to_string();
  ASSERT_TRUE(NoteVerifier::parse(good));
  SeededRandom random(6);
  for (int i = 0; i < 2'000; ++i) {
    std::string bad = good;
    char& c = bad[random.below(bad.size())];
    const char before = c;
    c = static_cast<char>(0x21 + random.below(94));
    if (c == before) continue;
    EXPECT_FALSE(NoteVerifier::parse(bad)) << bad;
  }
  EXPECT_FALSE(NoteVerifier::parse(""));
  EXPECT_FALSE(NoteVerifier::parse("a+b"));
  EXPECT_FALSE(
      NoteVerifier::make("two words", NoteAlgorithm::kEd25519, make_key(SignatureAlgorithm::kEd25519, 6).public_key()));
}

}  // namespace
}  // namespace chancery::merkle
