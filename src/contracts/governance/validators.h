#pragma once
// Who decides about blocks, at every height: sets that replace one another, each a record that names the one before.

#include <cstdint>
#include <string_view>

#include "contracts/encoding.h"
#include "contracts/governance.pb.h"

namespace chancery::contracts::governance {

/// The set that is in force at `height`, which may lie in the past, or in the future as it is known now. kNotFound when
/// the network has no governance, or before its first block. `context` may be of any contract.
Result<wire::ValidatorSet> validators_at(const Context& context, std::uint64_t height);

/// The set that was decided last; it may not be in force yet.
Result<wire::ValidatorSet> newest_validators(const Context& context);

/// At most 10^11.
std::uint64_t total_power(const wire::ValidatorSet& set);
std::uint64_t power_of(const wire::ValidatorSet& set, std::string_view organisation);

/// `before` with the changes made: entries replaced by name, power 0 taken away. kInvalidValue (an entry, a name twice,
/// nobody left, more than 100), kNotFound (removing who isn't there).
Result<wire::ValidatorSet> changed(const wire::ValidatorSet& before, const wire::ChangeValidators& changes);

/// The sum of what each holder gained or lost; a validator with another key or organisation is another holder.
std::uint64_t moved_power(const wire::ValidatorSet& before, const wire::ValidatorSet& after);

/// Form of one entry; `removal` allows power 0 and then no keys. kInvalidValue.
Status check_entry(const wire::ValidatorEntry& entry, bool removal);

/// Appends a set; from_height and previous_from_height are filled in here. `from_height` 0: as soon as possible.
/// kInvalidValue when it is too soon or not later than the newest set. The context is of the governance contract.
Status store_validators(Context& context, wire::ValidatorSet set, std::uint64_t from_height);

}  // namespace chancery::contracts::governance
