#include "contracts/governance/protocol.h"

#include <fmt/format.h>

#include <algorithm>

#include "contracts/field_rules.h"
#include "contracts/governance/records.h"

namespace chancery::contracts::governance {

namespace {

std::unexpected<Error> no_governance() {
  return fail(Reason::kNotFound, "the network has no record of protocol versions", "本网络没有协议版本记录");
}

Result<wire::ProtocolVersion> version_from(const Context& context, std::uint64_t from_height) {
  wire::ProtocolVersion version;
  ASSIGN_OR_RETURN(const bool found, load(context.as(kContractName), kProtocols, fmt::to_string(from_height), version));
  if (!found) return no_governance();
  return version;
}

}  // namespace

Result<wire::ProtocolVersion> newest_protocol(const Context& context) {
  wire::Counter newest;
  ASSIGN_OR_RETURN(const bool found, load(context.as(kContractName), kProtocols, kNewest, newest));
  if (!found) return no_governance();
  return version_from(context, newest.value());
}

Result<wire::ProtocolVersion> protocol_at(const Context& context, std::uint64_t height) {
  ASSIGN_OR_RETURN(wire::ProtocolVersion version, newest_protocol(context));
  while (version.from_height() > height) {
    if (version.previous_from_height() == 0) return no_governance();
    ASSIGN_OR_RETURN(version, version_from(context, version.previous_from_height()));
  }
  return version;
}

Status store_protocol(Context& context, wire::ProtocolVersion version, std::uint64_t from_height) {
  wire::Counter newest;
  ASSIGN_OR_RETURN(const bool exists, load(context, kProtocols, kNewest, newest));
  const std::uint64_t after = exists ? newest.value() : 0;
  if (exists && (from_height <= context.height() || from_height <= after)) {
    return invalid("from_height", fmt::format("must be above {}", std::max(context.height(), after)),
                   fmt::format("应大于 {}", std::max(context.height(), after)));
  }
  version.set_from_height(from_height);
  version.set_previous_from_height(after);
  store(context, kProtocols, fmt::to_string(from_height), version);
  newest.set_value(from_height);
  store(context, kProtocols, kNewest, newest);
  return {};
}

Result<std::optional<std::int64_t>> parameter(const Context& context, std::string_view name) {
  wire::Parameter record;
  ASSIGN_OR_RETURN(const bool found, load(context.as(kContractName), kParameters, name, record));
  if (!found) return std::nullopt;
  return record.value();
}

}  // namespace chancery::contracts::governance
