// Receipts, JSON and CBOR: what is parsed can be written and parsed again, and nothing passes under the fixture's trust
// file but what its validator signed.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "fixture.h"
#include "ledger/receipt.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chancery;
  static const fuzz::ReceiptFixture fixture;
  const BytesView in(data, size);
  const auto receipt =
      size != 0 && data[0] == '{' ? ledger::Receipt::parse_json(as_text(in)) : ledger::Receipt::parse_cbor(in);
  if (receipt) {
    const std::string json = receipt->to_json();
    const auto again = ledger::Receipt::parse_json(json);
    CHANCERY_CHECK(again.has_value());
    CHANCERY_CHECK(again->to_json() == json);
    const auto from_cbor = ledger::Receipt::parse_cbor(receipt->to_cbor());
    CHANCERY_CHECK(from_cbor.has_value());
    CHANCERY_CHECK(from_cbor->to_json() == json);
  }
  const ledger::Verification verification = ledger::verify_receipt_bytes(in, fixture.trust());
  CHANCERY_CHECK(verification.passed == !verification.failure.has_value());
  if (verification.passed) {
    CHANCERY_CHECK(receipt.has_value());
    CHANCERY_CHECK(receipt->entry.empty() || receipt->entry == fixture.entry());
    CHANCERY_CHECK(receipt->entry.empty() || receipt->leaf_index == fixture.leaf_index());
  }
  return 0;
}
