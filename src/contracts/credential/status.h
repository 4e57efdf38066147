#pragma once
// What a credential's status was at any moment, from its one present record: the record keeps every change, so a proof
// of it at today's checkpoint proves the past too.

#include <cstdint>
#include <string>

#include "contracts/credential.pb.h"

namespace chancery::contracts::credential {

struct StatusAt {
  wire::CredentialStatus status = wire::CREDENTIAL_STATUS_UNSPECIFIED;
  std::uint64_t since_height = 0;  ///< 0 where time alone brought it about (expired, not yet valid, period begun)
  std::int64_t since_time_ms = 0;  ///< when this status began; 0 before the issue
  std::string reason;              ///< code of the change, empty where none was recorded
  std::string actor;               ///< account that signed the change or the issue, empty where time did it

  bool operator==(const StatusAt&) const = default;
};

/// After the block of this height and block time. The time decides about the validity period, the height about changes.
/// Order: not issued; revoked and superseded; expired; suspended; not yet valid; valid. Pure.
StatusAt status_at_block(const wire::Credential& record, std::uint64_t height, std::int64_t block_time_ms);

/// At a moment of block time. Block times grow strictly, so a moment has one answer; a moment after the record's proof
/// is a promise about the period only, since later changes can't be known. Pure.
StatusAt status_at_time(const wire::Credential& record, std::int64_t time_ms);

/// Revoked or superseded: nothing follows.
bool is_terminal(wire::CredentialStatus status);

}  // namespace chancery::contracts::credential
