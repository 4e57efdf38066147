// ICS-23 proofs. There is one encoding of one proof: whatever else is accepted under a fixed root, key and value is a
// forgery. The first byte chooses the hash, whether existence or absence is claimed, and which records.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "fixture.h"
#include "merkle/ics23.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const chancery::fuzz::ProofFixture sha256(chancery::crypto::HashAlgorithm::kSha256);
  static const chancery::fuzz::ProofFixture sm3(chancery::crypto::HashAlgorithm::kSm3);
  if (size == 0) return 0;
  const chancery::fuzz::ProofFixture& fixture = (data[0] & 1) == 0 ? sha256 : sm3;
  const chancery::BytesView proof(data + 1, size - 1);

  // Each claim is true or false in the fixture's tree; a false one must not be provable at all.
  for (const chancery::fuzz::Claim& claim : fixture.claims()) {
    const bool accepted =
        claim.value
            ? chancery::merkle::verify_existence(fixture.hash(), proof, fixture.root(), claim.key, *claim.value)
                  .has_value()
            : chancery::merkle::verify_non_existence(fixture.hash(), proof, fixture.root(), claim.key).has_value();
    if (accepted) {
      CHANCERY_CHECK(claim.proof.has_value());
      CHANCERY_CHECK(std::ranges::equal(*claim.proof, proof));
    }
  }
  return 0;
}
