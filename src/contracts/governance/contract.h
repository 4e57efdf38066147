#pragma once
// Governance: constitution, proposals, votes, and what they decide. Records and methods:
// proto/contracts/governance.proto; the whole: docs/formats/governance.md.

#include "ledger/context.h"

namespace chancery::contracts::governance {

class GovernanceContract final : public ledger::Contract {
 public:
  std::string_view name() const override { return "governance"; }
  /// Section: docs/formats/governance.md. kInvalidValue names the member by its JSON Pointer.
  Status genesis(ledger::Context& context, const nlohmann::json& section) const override;
  /// The first set of validators is the genesis file's.
  Status begin_network(ledger::Context& context, const nlohmann::json& document) const override;
  Result<Bytes> call(ledger::Context& context, std::string_view method, BytesView args) const override;
  /// kFrozen.
  Status allow_call(const ledger::Context& context, std::string_view contract, std::string_view method) const override;
  Status allow_write(const ledger::Context& context, std::string_view raw_key) const override;
};

}  // namespace chancery::contracts::governance
