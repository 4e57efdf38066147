#pragma once
// Which rules of execution hold at which height: behaviour changes only where a proposal has said so.

#include <cstdint>
#include <optional>
#include <string_view>

#include "contracts/encoding.h"
#include "contracts/governance.pb.h"

namespace chancery::contracts::governance {

/// What every network begins with.
inline constexpr std::uint32_t kFirstProtocolVersion = 1;

/// The version that holds at `height`, as far as it is decided. kNotFound when the network has no governance.
Result<wire::ProtocolVersion> protocol_at(const Context& context, std::uint64_t height);
/// The one that was decided last; it may lie in the future.
Result<wire::ProtocolVersion> newest_protocol(const Context& context);
/// Appends a version. kInvalidValue unless from_height lies ahead, after the newest. Of the governance contract.
Status store_protocol(Context& context, wire::ProtocolVersion version, std::uint64_t from_height);

/// The value of a network parameter that a proposal has set; nullopt: none has, the genesis's holds.
Result<std::optional<std::int64_t>> parameter(const Context& context, std::string_view name);

}  // namespace chancery::contracts::governance
