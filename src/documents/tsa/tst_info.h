#pragma once
// What a timestamp authority is asked and what it vouches for: TimeStampReq and TSTInfo of RFC 3161 section 2.4, in
// strict DER. Imprints are SHA-256 or SM3; all others are refused.

#include <cstdint>
#include <optional>
#include <string>

#include "crypto/der.h"
#include "crypto/hash.h"

namespace chancery::documents {

inline constexpr std::size_t kMostTimestampRequestBytes = 4096;
inline constexpr std::size_t kMostTstInfoBytes = 4096;
/// Of a nonce or a serial number: RFC 3161 section 2.4.2 asks readers to take 160 bits; 32 bytes leave room.
inline constexpr std::size_t kMostTimestampIntegerBytes = 32;

struct MessageImprint {
  crypto::HashAlgorithm algorithm = crypto::HashAlgorithm::kSha256;
  Digest digest{};

  bool operator==(const MessageImprint&) const = default;
};

struct TimestampRequest {
  MessageImprint imprint = {};
  std::string policy = {};                    ///< Object identifier; empty: any.
  std::optional<Bytes> nonce = std::nullopt;  ///< A number >= 0: its magnitude, big-endian, without leading zeros.
  bool wants_certificate = false;
  bool has_extensions = false;  ///< None is known here: whoever answers refuses them. Not written.
};

/// At most 4 KiB, version 1; kUnsupported for another digest. Takes any bytes (fuzz entry).
Result<TimestampRequest> parse_timestamp_request(BytesView der);
Bytes to_der(const TimestampRequest& request);

/// How far the time may be off, to either side (section 2.4.2).
struct Accuracy {
  std::int64_t seconds = 0;
  std::int64_t millis = 0;  ///< 0 to 999
  std::int64_t micros = 0;  ///< 0 to 999

  bool operator==(const Accuracy&) const = default;
};

struct TstInfo {
  std::string policy;
  MessageImprint imprint;
  Bytes serial;            ///< Magnitude, big-endian, without leading zeros.
  std::int64_t at_ms = 0;  ///< genTime, milliseconds since 1970
  std::optional<Accuracy> accuracy;
  bool ordering = false;
  std::optional<Bytes> nonce;
};

/// At most 4 KiB, version 1. The field `tsa` is passed over: the certificate says who it was. kUnsupported for critical
/// extensions, which are all that there could be. Takes any bytes (fuzz entry).
Result<TstInfo> parse_tst_info(BytesView der);
Bytes to_der(const TstInfo& info);

}  // namespace chancery::documents
