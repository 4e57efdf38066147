#pragma once
// Timestamps of RFC 3161: made by an authority of ours, and judged whoever made them. A token is SignedData over a
// TSTInfo; a response is a status with a token in it. Tokens are what is stored: the two are not to be mixed up.

#include <span>
#include <vector>

#include "documents/cms/verify_cms.h"
#include "documents/tsa/tst_info.h"

namespace chancery::documents {

inline constexpr std::size_t kMostTokenBytes = 256U << 10;

/// Who makes tokens. The key is P-256, Ed25519 or SM2; the certificate is one for timestamps alone.
struct TimestampAuthority {
  crypto::Certificate certificate;
  crypto::PrivateKey key;
  std::vector<crypto::Certificate> more_certificates;  ///< Between the certificate and its root.
  std::string policy;                                  ///< Object identifier of the only policy that it has.
  Accuracy accuracy;
};

/// The moment and the number of one token. The caller sees to it that no serial number occurs twice.
struct TimestampMoment {
  std::int64_t at_ms = 0;
  Bytes serial;  ///< 1 to 20 bytes, big-endian
};

/// A token for this request. kTimestampRefused when it asks for another policy, kInvalidValue for a bad serial number.
Result<Bytes> make_timestamp_token(const TimestampAuthority& authority, const TimestampRequest& request,
                                   const TimestampMoment& moment);

/// TimeStampResp for the bytes of a request, ready to be sent as application/timestamp-reply: granted with a token, or
/// rejected with the reason in PKIFailureInfo (section 2.4.2). Never fails on input; kCryptoFailed when signing does.
Result<Bytes> answer_timestamp_request(const TimestampAuthority& authority, BytesView request,
                                       const TimestampMoment& moment);

/// PKIFailureInfo of section 2.4.2, by the number of its bit.
enum class TimestampFailure : unsigned {
  kBadAlg = 0,
  kBadDataFormat = 5,
  kUnacceptedPolicy = 15,
  kUnacceptedExtension = 16,
  kSystemFailure = 25,
};

/// TimeStampResp without a token; `text` is for people, in English.
Bytes refuse_timestamp(TimestampFailure failure, std::string_view text);

/// The token of a TimeStampResp. kTimestampRefused when it holds none. Takes any bytes (fuzz entry).
Result<Bytes> token_of_response(BytesView response);

/// What a token says, without any look at its signature. Takes any bytes (fuzz entry).
Result<TstInfo> read_timestamp_token(BytesView token);

struct TimestampQuestion {
  MessageImprint imprint;                     ///< Of the content that should have been stamped.
  std::optional<Bytes> nonce = std::nullopt;  ///< When we asked ourselves: the token has to repeat it.
  std::string policy = {};                    ///< Empty: any.
  std::span<const crypto::Certificate> roots = {};
  std::span<const crypto::Certificate> certificates = {};
  std::span<const crypto::RevocationList> revocations = {};
  /// When the authority's certificate has to have been valid; nullopt: at the time in the token.
  std::optional<std::int64_t> at_ms = std::nullopt;
};

struct TimestampVerdict {
  CheckReport report;  ///< structure, digest, request, then signature, chain, validity of the authority
  std::optional<TstInfo> info;
  std::optional<crypto::Certificate> authority;
};

/// Never fails: whatever is wrong stands in the verdict. One signer, whose certificate is for timestamps alone and
/// critically so, and who signed which certificate it is (RFC 3161 sections 2.3 and 2.4.2, RFC 5816).
TimestampVerdict verify_timestamp(BytesView token, const TimestampQuestion& question);

}  // namespace chancery::documents
