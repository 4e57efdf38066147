// Strict DER: every element has one encoding, so what was read and written again is what was there.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/der.h"
#include "crypto/signature.h"

namespace {

using chancery::Bytes;
using chancery::BytesView;
using chancery::crypto::DerReader;

void read_everything(BytesView in, int depth) {
  DerReader reader(in);
  while (!reader.at_end()) {
    const auto element = reader.next();
    if (!element) return;
    const Bytes again = chancery::crypto::der::element(element->tag, element->content);
    CHANCERY_CHECK(std::ranges::equal(again, element->whole));
    DerReader one(element->whole);
    switch (element->tag) {
      case chancery::crypto::der::kInteger:
        if (const auto magnitude = one.unsigned_integer()) {
          CHANCERY_CHECK(std::ranges::equal(chancery::crypto::der::unsigned_integer(*magnitude), element->whole));
        }
        break;
      case chancery::crypto::der::kObjectIdentifier:
        if (const auto dotted = one.object_identifier()) {
          CHANCERY_CHECK(std::ranges::equal(chancery::crypto::der::object_identifier(*dotted), element->whole));
        }
        break;
      case chancery::crypto::der::kBitString:
        if (const auto bits = one.bit_string()) {
          CHANCERY_CHECK(std::ranges::equal(chancery::crypto::der::bit_string(*bits), element->whole));
        }
        break;
      case chancery::crypto::der::kBoolean:
        if (const auto truth = one.boolean()) {
          CHANCERY_CHECK(std::ranges::equal(chancery::crypto::der::boolean(*truth), element->whole));
        }
        break;
      default:
        break;
    }
    if ((element->tag & 0x20) != 0 && depth < 32) read_everything(element->content, depth + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView in(data, size);
  read_everything(in, 0);
  if (const auto signature = chancery::crypto::der_to_p1363(in)) {
    CHANCERY_CHECK(std::ranges::equal(chancery::crypto::p1363_to_der(*signature), in));
  }
  return 0;
}
