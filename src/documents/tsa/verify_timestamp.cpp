#include "documents/tsa/timestamp.h"

namespace chancery::documents {

namespace {

Result<TstInfo> read_token(const SignedData& data) {
  if (data.content_type != oid::kTstInfo || !data.content) {
    return fail(Reason::kMalformed, "SignedData without a TSTInfo is no timestamp", "不是时间戳");
  }
  // RFC 3161 section 2.4.2: the authority's signature and no other.
  if (data.signers.size() != 1) return fail(Reason::kMalformed, "a timestamp has one signer", "时间戳只能有一个签名者");
  return parse_tst_info(*data.content);
}

Status check_imprint(const TstInfo& info, const TimestampQuestion& question) {
  if (info.imprint == question.imprint) return {};
  return fail(Reason::kTimestampOtherContent, "the timestamp has another imprint", "时间戳中的摘要不同");
}

Status check_request(const TstInfo& info, const TimestampQuestion& question) {
  if (question.nonce && info.nonce != question.nonce) {
    return fail(Reason::kTimestampOtherRequest, "the timestamp has another nonce", "时间戳中的随机数不同");
  }
  if (!question.policy.empty() && info.policy != question.policy) {
    return fail(Reason::kTimestampOtherRequest, "the timestamp has another policy", "时间戳的策略不同");
  }
  return {};
}

}  // namespace

Result<TstInfo> read_timestamp_token(BytesView token) {
  if (token.size() > kMostTokenBytes) return fail(Reason::kTooLarge, "a timestamp of more than 256 KiB");
  ASSIGN_OR_RETURN(const SignedData data, parse_signed_data(token));
  return read_token(data);
}

TimestampVerdict verify_timestamp(BytesView token, const TimestampQuestion& question) {
  TimestampVerdict out;
  const Result<TstInfo> info = read_timestamp_token(token);
  if (!info) {
    out.report.record(CheckStep::kStructure, std::unexpected(info.error()));
    return out;
  }
  out.info = *info;
  const bool digest = out.report.record(CheckStep::kDigest, check_imprint(*info, question));
  if (!digest || !out.report.record(CheckStep::kRequest, check_request(*info, question))) return out;
  const CmsVerdict verdict = verify_cms(token, {.roots = question.roots,
                                                .certificates = question.certificates,
                                                .revocations = question.revocations,
                                                .at_ms = question.at_ms.value_or(info->at_ms),
                                                .use = crypto::ChainUse::kTimestamp,
                                                .need_signing_certificate = true});
  CHANCERY_CHECK(verdict.signers.size() == 1);  // it was parsed before
  out.authority = verdict.signers[0].certificate;
  out.report.append(verdict.signers[0].report);
  return out;
}

}  // namespace chancery::documents
