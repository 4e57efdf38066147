#pragma once
// Certificates and licences (I2): types, issue, annotation, versions, suspension, revocation. Records and methods:
// proto/contracts/credential.proto.

#include "ledger/context.h"

namespace chancery::contracts::credential {

class CredentialContract final : public ledger::Contract {
 public:
  std::string_view name() const override { return "credential"; }
  /// Section: docs/formats/genesis.md; identity's must have been loaded. kInvalidValue names the member.
  Status genesis(ledger::Context& context, const nlohmann::json& section) const override;
  Result<Bytes> call(ledger::Context& context, std::string_view method, BytesView args) const override;
};

}  // namespace chancery::contracts::credential
