// Service packs, and the software that everybody runs.

#include <fmt/format.h>

#include "contracts/field_rules.h"
#include "contracts/governance/actions.h"
#include "contracts/governance/protocol.h"
#include "contracts/governance/records.h"

namespace chancery::contracts::governance {

namespace {

bool is_in_force(const wire::ServicePack& pack) {
  return !pack.versions().empty() && pack.versions(pack.versions_size() - 1).retired_height() == 0;
}

}  // namespace

Status install_pack(Context& context, const wire::InstallPack& action, std::uint64_t number) {
  wire::ServicePack pack;
  ASSIGN_OR_RETURN(const bool known, load(context, kPacks, action.name(), pack));
  if (!known) pack.Clear();
  for (const wire::PackVersion& version : pack.versions()) {
    if (version.version() != action.version()) continue;
    return fail(Reason::kAlreadyExists, fmt::format("{} {} was installed before", action.name(), action.version()),
                fmt::format("服务包 {} {} 曾安装过", action.name(), action.version()));
  }
  if (pack.versions_size() >= kVersionsOfPack) {
    return over_limit("versions", static_cast<std::size_t>(pack.versions_size()) + 1, kVersionsOfPack);
  }
  if (is_in_force(pack)) {
    wire::PackVersion& before = *pack.mutable_versions(pack.versions_size() - 1);
    before.set_retired_height(context.height());
    before.set_retirement_reason("superseded");
  }
  pack.set_name(action.name());
  wire::PackVersion& version = *pack.add_versions();
  version.set_version(action.version());
  version.set_digest(action.digest());
  version.set_installed_height(context.height());
  version.set_proposal(number);
  store(context, kPacks, action.name(), pack);
  return {};
}

Status retire_pack(Context& context, const wire::RetirePack& action) {
  wire::ServicePack pack;
  ASSIGN_OR_RETURN(const bool known, load(context, kPacks, action.name(), pack));
  if (!known || !is_in_force(pack)) {
    return fail(Reason::kNotFound, fmt::format("no service pack {} is in force", action.name()),
                fmt::format("服务包 {} 未安装或已停用", action.name()));
  }
  wire::PackVersion& version = *pack.mutable_versions(pack.versions_size() - 1);
  version.set_retired_height(context.height());
  version.set_retirement_reason(action.reason());
  store(context, kPacks, action.name(), pack);
  return {};
}

Status schedule_upgrade(Context& context, const wire::Upgrade& action, std::uint64_t number) {
  ASSIGN_OR_RETURN(const wire::ProtocolVersion newest, newest_protocol(context));
  if (action.protocol_version() <= newest.version()) {
    return invalid("protocol_version", fmt::format("must be above {}", newest.version()),
                   fmt::format("应高于 {}", newest.version()));
  }
  wire::ProtocolVersion next;
  next.set_version(action.protocol_version());
  next.set_software(action.software());
  next.set_digest(action.digest());
  next.set_proposal(number);
  return store_protocol(context, std::move(next), action.from_height());
}

}  // namespace chancery::contracts::governance
