#include "contracts/credential/status.h"

#include <limits>

namespace chancery::contracts::credential {

namespace {

constexpr std::uint64_t kAnyHeight = std::numeric_limits<std::uint64_t>::max();
constexpr std::int64_t kAnyTime = std::numeric_limits<std::int64_t>::max();

/// The changes that had happened by both bounds, and the validity period at `now_ms`.
StatusAt status_by(const wire::Credential& record, std::uint64_t until_height, std::int64_t until_ms,
                   std::int64_t now_ms) {
  if (record.issued_height() > until_height || record.issued_time_ms() > until_ms) {
    return {wire::CREDENTIAL_STATUS_NOT_ISSUED, 0, 0, {}, {}};
  }
  StatusAt out{wire::CREDENTIAL_STATUS_VALID, record.issued_height(), record.issued_time_ms(), {}, record.issued_by()};
  for (const wire::StatusChange& change : record.changes()) {
    if (change.height() > until_height || change.time_ms() > until_ms) break;
    out = {change.status(), change.height(), change.time_ms(), change.reason(), change.actor()};
  }
  if (is_terminal(out.status)) return out;
  if (record.valid_until_ms() != 0 && now_ms >= record.valid_until_ms()) {
    return {wire::CREDENTIAL_STATUS_EXPIRED, 0, record.valid_until_ms(), {}, {}};
  }
  if (out.status == wire::CREDENTIAL_STATUS_SUSPENDED) return out;
  if (now_ms < record.valid_from_ms()) {
    out.status = wire::CREDENTIAL_STATUS_NOT_YET_VALID;
    return out;
  }
  if (record.valid_from_ms() > out.since_time_ms) {
    return {wire::CREDENTIAL_STATUS_VALID, 0, record.valid_from_ms(), {}, {}};
  }
  return out;
}

}  // namespace

StatusAt status_at_block(const wire::Credential& record, std::uint64_t height, std::int64_t block_time_ms) {
  return status_by(record, height, kAnyTime, block_time_ms);
}

StatusAt status_at_time(const wire::Credential& record, std::int64_t time_ms) {
  return status_by(record, kAnyHeight, time_ms, time_ms);
}

bool is_terminal(wire::CredentialStatus status) {
  return status == wire::CREDENTIAL_STATUS_REVOKED || status == wire::CREDENTIAL_STATUS_SUPERSEDED;
}

}  // namespace chancery::contracts::credential
