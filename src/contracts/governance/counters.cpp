#include "contracts/governance/counters.h"

#include "contracts/governance.pb.h"
#include "contracts/governance/records.h"

namespace chancery::contracts::governance {

Result<std::uint64_t> highest_number(const Context& context, std::string_view collection) {
  wire::Counter counter;
  ASSIGN_OR_RETURN(const bool found, load(context.as(kContractName), kCounters, collection, counter));
  return found ? counter.value() : 0;
}

Result<std::uint64_t> next_number(Context& context, std::string_view collection) {
  ASSIGN_OR_RETURN(const std::uint64_t highest, highest_number(context, collection));
  wire::Counter counter;
  counter.set_value(highest + 1);
  store(context, kCounters, collection, counter);
  return highest + 1;
}

}  // namespace chancery::contracts::governance
