// Timestamps: each reader takes any bytes, what was read and written again reads the same, every request gets an
// answer, and only a token of the fixture's authority is accepted.

#include <cstddef>
#include <cstdint>

#include "signature_fixture.h"

namespace {

using namespace chancery::documents;
using chancery::Bytes;
using chancery::BytesView;
using chancery::fuzz::SignatureFixture;

void check_request(BytesView in, const SignatureFixture& fixture) {
  const auto request = parse_timestamp_request(in);
  if (request) {
    const TimestampRequest again = parse_timestamp_request(to_der(*request)).value();
    CHANCERY_CHECK(again.imprint == request->imprint && again.nonce == request->nonce);
    CHANCERY_CHECK(again.policy == request->policy && again.wants_certificate == request->wants_certificate);
  }
  const Bytes answer = answer_timestamp_request(fixture.authority(), in, {fixture.now_ms(), Bytes{5}}).value();
  const auto token = token_of_response(answer);
  if (!request) CHANCERY_CHECK(!token);
  if (!token) return;
  const TstInfo info = read_timestamp_token(*token).value();
  CHANCERY_CHECK(info.imprint == request->imprint && info.nonce == request->nonce);
}

void check_info(BytesView in) {
  const auto info = parse_tst_info(in);
  if (!info) return;
  const TstInfo again = parse_tst_info(to_der(*info)).value();
  CHANCERY_CHECK(again.imprint == info->imprint && again.serial == info->serial && again.at_ms == info->at_ms);
  CHANCERY_CHECK(again.nonce == info->nonce && again.accuracy == info->accuracy && again.policy == info->policy);
}

void check_token(BytesView token, const SignatureFixture& fixture) {
  const auto info = read_timestamp_token(token);
  if (!info) return;
  CHANCERY_CHECK(!verify_timestamp(token, {.imprint = info->imprint}).report.accepted());
  const TimestampVerdict verdict = verify_timestamp(token, {.imprint = info->imprint,
                                                            .roots = fixture.roots(),
                                                            .certificates = {&fixture.authority().certificate, 1},
                                                            .at_ms = fixture.now_ms()});
  if (!verdict.report.accepted()) return;
  CHANCERY_CHECK(info->policy == fixture.authority().policy);
  CHANCERY_CHECK(info->imprint.digest == chancery::crypto::hash(info->imprint.algorithm, fixture.content()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const SignatureFixture fixture;
  const BytesView in(data, size);
  check_request(in, fixture);
  check_info(in);
  check_token(in, fixture);
  if (const auto token = token_of_response(in)) check_token(*token, fixture);
  return 0;
}
