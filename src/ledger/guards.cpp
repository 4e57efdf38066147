#include "ledger/guards.h"

namespace chancery::ledger {

Status allow_call(std::span<const Contract* const> contracts, const Context& context, std::string_view contract,
                  std::string_view method) {
  for (const Contract* guard : contracts) TRY(guard->allow_call(context.as(guard->name()), contract, method));
  return {};
}

Status allow_writes(std::span<const Contract* const> contracts, const Context& context,
                    std::span<const std::string> raw_keys) {
  for (const Contract* guard : contracts) {
    const Context seen = context.as(guard->name());
    for (const std::string& raw_key : raw_keys) TRY(guard->allow_write(seen, raw_key));
  }
  return {};
}

}  // namespace chancery::ledger
