#pragma once
// Organisations, accounts and their keys, roles, permissions, delegations. Records and methods:
// proto/contracts/identity.proto.

#include "ledger/context.h"

namespace chancery::contracts::identity {

class IdentityContract final : public ledger::Contract {
 public:
  std::string_view name() const override { return "identity"; }
  /// Section: docs/formats/genesis.md. kInvalidValue names the member by its JSON Pointer.
  Status genesis(ledger::Context& context, const nlohmann::json& section) const override;
  Result<Bytes> call(ledger::Context& context, std::string_view method, BytesView args) const override;
};

}  // namespace chancery::contracts::identity
