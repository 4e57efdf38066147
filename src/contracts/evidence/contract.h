#pragma once
// Evidence (I4): digests deposited at a provable time, phases of a matter linked, custody handed on. Records and
// methods: proto/contracts/evidence.proto.

#include <string>
#include <string_view>

#include "ledger/context.h"

namespace chancery::contracts::evidence {

class EvidenceContract final : public ledger::Contract {
 public:
  std::string_view name() const override { return "evidence"; }
  /// The section must be absent or an empty object: evidence begins with the first deposit.
  Status genesis(ledger::Context& context, const nlohmann::json& section) const override;
  Result<Bytes> call(ledger::Context& context, std::string_view method, BytesView args) const override;
};

/// The key of a matter's record: "<owner>/<matter number>", the owner as in Evidence.owner.
std::string matter_key(std::string_view owner, std::string_view matter);

}  // namespace chancery::contracts::evidence
