#pragma once
// The constitution that a new network's genesis file starts with. Only data: a network may begin with another, and
// changes its own by proposal.

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace chancery::contracts::governance {

struct ConstitutionPlan {
  std::vector<std::string> council;  ///< ids of the organisations that vote
  /// Leave what concerns the whole network (organisations, network roles, permissions) to proposals alone. Off for a
  /// network of one operator, whose administrator acts directly.
  bool reserve_network_matters = true;
  std::int64_t voting_ms = std::int64_t{7} * 86'400'000;
  /// Between approval and execution, for a veto and for everybody to prepare; freezing and lifting wait for nothing.
  std::int64_t delay_ms = 86'400'000;
};

/// The genesis' governance section: members "council" and "constitution". System administrators propose what runs,
/// security administrators who may do what and what is frozen; more than two thirds of the council decide, for
/// validators, upgrades and the constitution itself also more than two thirds of the voting power.
nlohmann::json default_governance(const ConstitutionPlan& plan);

}  // namespace chancery::contracts::governance
