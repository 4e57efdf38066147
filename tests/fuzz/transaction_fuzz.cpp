// Transactions as they come through the door: the id covers exactly the body bytes, and signatures never do harm.

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "fixture.h"
#include "ledger/transaction.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chancery;
  static const fuzz::Fixture fixture;
  for (const auto hash : {crypto::HashAlgorithm::kSha256, crypto::HashAlgorithm::kSm3}) {
    auto parsed = ledger::parse_transaction(Bytes(data, data + size), hash);
    if (!parsed) return 0;
    CHANCERY_CHECK(parsed->id == ledger::transaction_id(hash, as_bytes(parsed->envelope.body())));
    CHANCERY_CHECK(parsed->raw.size() == size);
    const std::array<ledger::ParsedTransaction*, 1> batch = {&*parsed};
    std::array<Status, 1> verdict;
    ledger::verify_signatures(
        batch,
        [](std::string_view, const crypto::KeyId&) -> Result<crypto::PublicKey> { return fixture.key().public_key(); },
        verdict);
    // Only the fixture's own body was ever signed with the fixture's key.
    if (verdict[0]) CHANCERY_CHECK(parsed->envelope.body() == fixture.signed_body());
  }
  return 0;
}
