// Checkpoints and the signed notes around them: one text each, so encoding what was parsed gives the same bytes; and a
// signature that holds covers exactly the text that was signed.

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "fixture.h"
#include "merkle/checkpoint.h"
#include "merkle/signed_note.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const chancery::fuzz::Fixture fixture;
  const std::string_view text = chancery::as_text({data, size});
  if (const auto checkpoint = chancery::merkle::parse_checkpoint(text)) {
    CHANCERY_CHECK(chancery::merkle::encode_checkpoint(*checkpoint) == text);
  }
  const auto note = chancery::merkle::parse_note(text);
  if (!note) return 0;
  CHANCERY_CHECK(chancery::merkle::encode_note(*note) == text);
  if (const auto checkpoint = chancery::merkle::parse_checkpoint(note->text)) {
    CHANCERY_CHECK(chancery::merkle::encode_checkpoint(*checkpoint) == note->text);
  }
  if (chancery::merkle::verify_note_signature(*note, fixture.verifier())) {
    CHANCERY_CHECK(note->text == fixture.checkpoint_text());
  }
  return 0;
}
