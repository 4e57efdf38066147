#pragma once
// The timestamp authority of a node (RFC 3161): two of them, since each program knows one suite only. A request with a
// SHA-256 imprint is answered under P-256, one with SM3 under SM2. Each has a root of its own, whose certificate
// readers take over once; both keys are derived from the desk key.
//
//   tsa/p256-root.pem  tsa/p256.pem  tsa/sm2-root.pem  tsa/sm2.pem     certificates, made at first start
//   tsa/serial          the first serial number that no process has reserved, decimal
//
// A serial number is a counter of 8 bytes, then 8 random ones: the counter is durable before the first number of a
// reserved range is used, and the random part keeps numbers apart after an old backup was restored.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "node/services/desk_key.h"

namespace chancery::node {

/// Below the arc that RFC 5612 sets aside for examples: a network with an arc of its own writes tokens under that.
inline constexpr std::string_view kTimestampPolicy = "1.3.6.1.4.1.32473.1.1";

/// Thread-safe.
class TimestampDesk {
 public:
  /// `network`: stands in the certificates' names. Certificates that end within 30 days are issued anew. `clock` and
  /// `random` outlive the desk. kCorrupt when a file is not what it should be.
  static Result<std::unique_ptr<TimestampDesk>> open(const std::string& directory, std::string_view network,
                                                     const DeskKey& desk_key, const Clock& clock, Random& random);
  ~TimestampDesk();

  /// TimeStampResp for any bytes: granted, or rejected with a PKIFailureInfo; systemFailure when the serial number
  /// can't be made durable. Fails only when signing does.
  Result<Bytes> answer(BytesView request);
  /// Both roots, one PEM block after another: P-256, then SM2.
  std::string roots_pem() const;

 private:
  TimestampDesk();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::node
