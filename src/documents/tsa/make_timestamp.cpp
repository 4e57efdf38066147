#include <algorithm>

#include "documents/tsa/timestamp.h"

namespace chancery::documents {

namespace der = crypto::der;
using crypto::DerReader;

namespace {

constexpr std::size_t kMostSerialBytes = 20;
constexpr std::int64_t kGranted = 0;
constexpr std::int64_t kGrantedWithMods = 1;
constexpr std::int64_t kRejection = 2;

/// A BIT STRING with one bit set, its trailing zeros dropped as DER asks for named bits.
Bytes one_bit(unsigned bit) {
  Bytes content(1 + bit / 8 + 1, 0);
  content[0] = static_cast<std::uint8_t>(7 - bit % 8);
  content.back() = static_cast<std::uint8_t>(0x80U >> (bit % 8));
  return der::element(der::kBitString, content);
}

TimestampFailure failure_of(const Error& error) {
  if (error.reason == Reason::kUnsupported) return TimestampFailure::kBadAlg;
  return error.reason == Reason::kTimestampRefused ? TimestampFailure::kUnacceptedPolicy
                                                   : TimestampFailure::kBadDataFormat;
}

}  // namespace

Bytes refuse_timestamp(TimestampFailure failure, std::string_view text) {
  const Bytes free_text = der::sequence({der::element(der::kUtf8String, as_bytes(text))});
  return der::sequence({der::sequence({der::integer(kRejection), free_text, one_bit(static_cast<unsigned>(failure))})});
}

Result<Bytes> make_timestamp_token(const TimestampAuthority& authority, const TimestampRequest& request,
                                   const TimestampMoment& moment) {
  if (!request.policy.empty() && request.policy != authority.policy) {
    return fail(Reason::kTimestampRefused, "the authority does not have that policy", "时间戳服务没有所请求的策略");
  }
  if (moment.serial.empty() || moment.serial.size() > kMostSerialBytes) {
    return fail(Reason::kInvalidValue, "a serial number has 1 to 20 bytes");
  }
  const TstInfo info{.policy = authority.policy,
                     .imprint = request.imprint,
                     .serial = moment.serial,
                     .at_ms = moment.at_ms,
                     .accuracy = authority.accuracy,
                     .ordering = false,
                     .nonce = request.nonce};
  // Section 2.4.1: certificates only when they were asked for. No signing time: the TSTInfo has it.
  return sign_cms(to_der(info), authority.certificate, authority.key,
                  {.content_type = oid::kTstInfo,
                   .more_certificates = authority.more_certificates,
                   .with_certificates = request.wants_certificate});
}

Result<Bytes> answer_timestamp_request(const TimestampAuthority& authority, BytesView request,
                                       const TimestampMoment& moment) {
  const Result<TimestampRequest> parsed = parse_timestamp_request(request);
  if (!parsed) return refuse_timestamp(failure_of(parsed.error()), parsed.error().detail);
  if (parsed->has_extensions)
    return refuse_timestamp(TimestampFailure::kUnacceptedExtension, "extensions of requests are not known");
  const Result<Bytes> token = make_timestamp_token(authority, *parsed, moment);
  if (!token && token.error().reason == Reason::kTimestampRefused) {
    return refuse_timestamp(failure_of(token.error()), token.error().detail);
  }
  if (!token) return std::unexpected(token.error());
  return der::sequence({der::sequence({der::integer(kGranted)}), *token});
}

Result<Bytes> token_of_response(BytesView response) {
  if (response.size() > kMostTokenBytes) return fail(Reason::kTooLarge, "a timestamp of more than 256 KiB");
  DerReader outside(response);
  ASSIGN_OR_RETURN(DerReader body, outside.enter(der::kSequence));
  TRY(outside.end());
  ASSIGN_OR_RETURN(DerReader status_info, body.enter(der::kSequence));
  ASSIGN_OR_RETURN(const std::int64_t status, status_info.small_integer());
  if (status != kGranted && status != kGrantedWithMods) {
    return fail(Reason::kTimestampRefused, "the authority answered with status " + std::to_string(status),
                "时间戳服务答复的状态为 " + std::to_string(status));
  }
  ASSIGN_OR_RETURN(const DerReader::Element token, body.next());
  TRY(body.end());
  return to_bytes(token.whole);
}

}  // namespace chancery::documents
