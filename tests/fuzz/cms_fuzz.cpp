// Signatures: reading any bytes ends, nothing passes under nobody's roots, and under the fixture's only what the
// fixture signed, whatever stands around it.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "documents/cms/verify_cms.h"
#include "signature_fixture.h"

namespace {

using namespace chancery::documents;
using chancery::Bytes;
using chancery::BytesView;
using chancery::fuzz::SignatureFixture;

void check_verdict(BytesView in, const SignedData& data, const SignatureFixture& fixture) {
  CHANCERY_CHECK(!verify_cms(in, {.certificates = fixture.certificates(), .at_ms = fixture.now_ms()}).accepted());
  CmsQuestion question{.roots = fixture.roots(), .certificates = fixture.certificates(), .at_ms = fixture.now_ms()};
  if (!data.content) question.content = fixture.content();
  const CmsVerdict verdict = verify_cms(in, question);
  CHANCERY_CHECK(verdict.signers.size() == data.signers.size());
  if (verdict.accepted()) CHANCERY_CHECK(data.content.value_or(fixture.content()) == fixture.content());
}

void check_added_attribute(BytesView in, const SignedData& data) {
  const auto longer = add_unsigned_attribute(in, 0, {"1.2.3.4.5.6", {chancery::crypto::der::null()}});
  if (!longer) return;
  const SignedData after = parse_signed_data(*longer).value();
  CHANCERY_CHECK(after.content == data.content && after.certificates == data.certificates);
  CHANCERY_CHECK(after.signers.size() == data.signers.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const SignatureFixture fixture;
  const BytesView in(data, size);
  const auto parsed = parse_signed_data(in);
  if (!parsed) {
    CHANCERY_CHECK(!verify_cms(in, {.roots = fixture.roots(), .at_ms = fixture.now_ms()}).accepted());
    return 0;
  }
  check_verdict(in, *parsed, fixture);
  check_added_attribute(in, *parsed);
  return 0;
}
