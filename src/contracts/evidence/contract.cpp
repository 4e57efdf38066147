#include "contracts/evidence/contract.h"

#include <nlohmann/json.hpp>

#include <array>

#include "base/json_reader.h"
#include "contracts/evidence/methods.h"
#include "contracts/evidence/records.h"
#include "contracts/method_table.h"

namespace chancery::contracts::evidence {

namespace {
constexpr std::array kMethods{
    Method{"deposit", deposit},
    Method{"deposit_batch", deposit_batch},
    Method{"transfer_custody", transfer_custody},
};
}  // namespace

Status EvidenceContract::genesis(ledger::Context&, const nlohmann::json& section) const {
  return JsonReader(section, "/contracts/evidence").refuse_unknown_members();
}

Result<Bytes> EvidenceContract::call(ledger::Context& context, std::string_view method, BytesView args) const {
  return call_method(kMethods, kContractName, method, context, args);
}

}  // namespace chancery::contracts::evidence
