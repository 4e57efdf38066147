#pragma once
// What is frozen, by which order, until when. Nearly always one small record says "nothing": these checks run for every
// signature, call and written record.

#include <cstdint>
#include <string>
#include <string_view>

#include "contracts/encoding.h"
#include "contracts/governance.pb.h"

namespace chancery::contracts::governance {

/// kFrozen, naming the order, when `account` may do nothing at all now. Narrower orders: require_unfrozen_call.
Status require_unfrozen_account(const Context& context, std::string_view account);

/// kFrozen when the contract, or a signer, is frozen for this method.
Status require_unfrozen_call(const Context& context, std::string_view contract, std::string_view method);

/// kFrozen when this record may not be written now.
Status require_unfrozen_record(const Context& context, std::string_view raw_key);

/// Form of what a proposal asks for; `longest_ms` is the constitution's. The time runs from now. kInvalidValue,
/// kOutOfBounds.
Status check_freeze(const Context& context, const wire::Freeze& freeze, std::int64_t longest_ms);

/// Writes a new order and puts it in force. kTooLarge when too many orders concern the target. Returns its number.
Result<std::uint64_t> impose(Context& context, const wire::Freeze& freeze, std::uint64_t proposal);

/// Ends an order. kNotFound, kWrongState (lifted or run out).
Status lift(Context& context, std::uint64_t order, std::string_view reason, std::uint64_t proposal);

/// kNotFound.
Result<wire::FreezeOrder> read_order(const Context& context, std::uint64_t number);

/// Whether the order has its effect at this block.
bool is_in_force(const wire::FreezeOrder& order, std::uint64_t height, std::int64_t time_ms);

/// "account/wang", "contract/asset", "record/<raw key>".
std::string target_key(const wire::FreezeTarget& target);

}  // namespace chancery::contracts::governance
