#include "documents/tsa/tst_info.h"

#include "documents/cms/algorithm.h"
#include "documents/cms/asn1_time.h"

namespace chancery::documents {

namespace der = crypto::der;
using crypto::DerReader;

namespace {

Result<MessageImprint> read_imprint(DerReader& reader) {
  ASSIGN_OR_RETURN(DerReader body, reader.enter(der::kSequence));
  ASSIGN_OR_RETURN(const DigestAlgorithm algorithm, read_digest_algorithm(body));
  const std::optional<crypto::HashAlgorithm> hash = to_hash_algorithm(algorithm);
  if (!hash)
    return fail(Reason::kUnsupported, "an imprint that is neither SHA-256 nor SM3", "摘要算法不是 SHA-256 或 SM3");
  ASSIGN_OR_RETURN(const BytesView bytes, body.expect(der::kOctetString));
  TRY(body.end());
  const std::optional<Digest> digest = to_digest(bytes);
  if (!digest) return fail(Reason::kMalformed, "an imprint of another length than 32 bytes", "摘要长度不是 32 字节");
  return MessageImprint{*hash, *digest};
}

Bytes to_der(const MessageImprint& imprint) {
  return der::sequence(
      {algorithm_identifier(oid_of(to_digest_algorithm(imprint.algorithm))), der::octet_string(imprint.digest)});
}

Result<Bytes> read_number(DerReader& reader) {
  ASSIGN_OR_RETURN(const BytesView magnitude, reader.unsigned_integer());
  if (magnitude.size() > kMostTimestampIntegerBytes) return fail(Reason::kTooLarge, "a number of more than 32 bytes");
  return to_bytes(magnitude);
}

Status read_version(DerReader& body) {
  ASSIGN_OR_RETURN(const std::int64_t version, body.small_integer());
  if (version != 1) return fail(Reason::kMalformed, "another version than 1");
  return {};
}

/// DEFAULT FALSE: DER leaves it out, so that only TRUE can stand there.
Result<bool> read_flag(DerReader& body) {
  if (body.peek_tag() != der::kBoolean) return false;
  ASSIGN_OR_RETURN(const bool set, body.boolean());
  if (!set) return fail(Reason::kMalformed, "a default value that was written out");
  return true;
}

/// INTEGER (1..999) under an IMPLICIT tag.
Result<std::int64_t> read_thousandths(DerReader& body, unsigned tag) {
  if (body.peek_tag() != der::context_primitive(tag)) return std::int64_t{0};
  ASSIGN_OR_RETURN(const BytesView content, body.expect(der::context_primitive(tag)));
  const Bytes integer = der::element(der::kInteger, content);
  DerReader reader(integer);
  ASSIGN_OR_RETURN(const std::int64_t value, reader.small_integer());
  if (value < 1 || value > 999) return fail(Reason::kMalformed, "an accuracy outside 1 to 999");
  return value;
}

Result<Accuracy> read_accuracy(DerReader& reader) {
  Accuracy out;
  ASSIGN_OR_RETURN(DerReader body, reader.enter(der::kSequence));
  if (body.peek_tag() == der::kInteger) {
    ASSIGN_OR_RETURN(out.seconds, body.small_integer());
  }
  ASSIGN_OR_RETURN(out.millis, read_thousandths(body, 0));
  ASSIGN_OR_RETURN(out.micros, read_thousandths(body, 1));
  TRY(body.end());
  return out;
}

Bytes to_der(const Accuracy& accuracy) {
  const auto thousandths = [](std::int64_t value, unsigned tag) {
    if (value == 0) return Bytes();
    Bytes out = der::integer(static_cast<std::uint64_t>(value));
    out[0] = der::context_primitive(tag);
    return out;
  };
  const Bytes seconds = accuracy.seconds == 0 ? Bytes() : der::integer(static_cast<std::uint64_t>(accuracy.seconds));
  return der::sequence({seconds, thousandths(accuracy.millis, 0), thousandths(accuracy.micros, 1)});
}

}  // namespace

Result<TimestampRequest> parse_timestamp_request(BytesView bytes) {
  if (bytes.size() > kMostTimestampRequestBytes) return fail(Reason::kTooLarge, "a request of more than 4 KiB");
  TimestampRequest out;
  DerReader outside(bytes);
  ASSIGN_OR_RETURN(DerReader body, outside.enter(der::kSequence));
  TRY(outside.end());
  TRY(read_version(body));
  ASSIGN_OR_RETURN(out.imprint, read_imprint(body));
  if (body.peek_tag() == der::kObjectIdentifier) {
    ASSIGN_OR_RETURN(out.policy, body.object_identifier());
  }
  if (body.peek_tag() == der::kInteger) {
    ASSIGN_OR_RETURN(out.nonce, read_number(body));
  }
  ASSIGN_OR_RETURN(out.wants_certificate, read_flag(body));
  if (body.peek_tag() == der::context(0)) {
    TRY(body.expect(der::context(0)));
    out.has_extensions = true;
  }
  TRY(body.end());
  return out;
}

Bytes to_der(const TimestampRequest& request) {
  return der::sequence({
      der::integer(1),
      to_der(request.imprint),
      request.policy.empty() ? Bytes() : der::object_identifier(request.policy),
      request.nonce ? der::unsigned_integer(*request.nonce) : Bytes(),
      request.wants_certificate ? der::boolean(true) : Bytes(),
  });
}

Result<TstInfo> parse_tst_info(BytesView bytes) {
  if (bytes.size() > kMostTstInfoBytes) return fail(Reason::kTooLarge, "a TSTInfo of more than 4 KiB");
  TstInfo out;
  DerReader outside(bytes);
  ASSIGN_OR_RETURN(DerReader body, outside.enter(der::kSequence));
  TRY(outside.end());
  TRY(read_version(body));
  ASSIGN_OR_RETURN(out.policy, body.object_identifier());
  ASSIGN_OR_RETURN(out.imprint, read_imprint(body));
  ASSIGN_OR_RETURN(out.serial, read_number(body));
  if (body.peek_tag() != kGeneralizedTimeTag) return fail(Reason::kMalformed, "a timestamp's time is GeneralizedTime");
  ASSIGN_OR_RETURN(out.at_ms, read_time(body));
  if (body.peek_tag() == der::kSequence) {
    ASSIGN_OR_RETURN(out.accuracy, read_accuracy(body));
  }
  ASSIGN_OR_RETURN(out.ordering, read_flag(body));
  if (body.peek_tag() == der::kInteger) {
    ASSIGN_OR_RETURN(out.nonce, read_number(body));
  }
  if (body.peek_tag() == der::context(0)) TRY(body.expect(der::context(0)));
  if (body.peek_tag() == der::context(1)) return fail(Reason::kUnsupported, "extensions of timestamps are not known");
  TRY(body.end());
  return out;
}

Bytes to_der(const TstInfo& info) {
  return der::sequence({
      der::integer(1),
      der::object_identifier(info.policy),
      to_der(info.imprint),
      der::unsigned_integer(info.serial),
      generalized_time(info.at_ms),
      info.accuracy ? to_der(*info.accuracy) : Bytes(),
      info.ordering ? der::boolean(true) : Bytes(),
      info.nonce ? der::unsigned_integer(*info.nonce) : Bytes(),
  });
}

}  // namespace chancery::documents
