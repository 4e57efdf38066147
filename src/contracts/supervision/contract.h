#pragma once
// Supervision: rules over what everybody may see. Records and methods: proto/contracts/supervision.proto.

#include <vector>

#include "contracts/supervision.pb.h"
#include "ledger/context.h"

namespace chancery::contracts::supervision {

class SupervisionContract final : public ledger::Contract {
 public:
  std::string_view name() const override { return "supervision"; }
  /// Section: { "rules": [ ... ] } in the JSON form of SupervisionRule. kInvalidValue names the member.
  Status genesis(ledger::Context& context, const nlohmann::json& section) const override;
  Result<Bytes> call(ledger::Context& context, std::string_view method, BytesView args) const override;
};

/// The rules of a genesis section, checked.
Result<std::vector<wire::SupervisionRule>> rules_of_genesis(const nlohmann::json& section);

/// The rules in force, by id. `context` may be of any contract.
Result<std::vector<wire::SupervisionRule>> read_rules(const ledger::Context& context);

}  // namespace chancery::contracts::supervision
