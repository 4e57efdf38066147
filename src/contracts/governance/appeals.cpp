#include <fmt/format.h>

#include "contracts/field_rules.h"
#include "contracts/governance/freezes.h"
#include "contracts/governance/methods.h"
#include "contracts/governance/records.h"
#include "contracts/governance/standing.h"

namespace chancery::contracts::governance {

Result<Bytes> appeal(Context& context, BytesView args) {
  wire::FileAppeal request;
  TRY(decode_arguments(args, request));
  TRY(require_digest("statement_digest", request.statement_digest()));
  TRY(require_text("summary", request.summary(), 1, kReasonChars));
  ASSIGN_OR_RETURN(const std::string account, require_anybody(context));
  ASSIGN_OR_RETURN(wire::FreezeOrder order, read_order(context, request.order()));
  if (!is_in_force(order, context.height(), context.time_ms())) {
    return fail(Reason::kWrongState, fmt::format("order {} is not in force any more", request.order()),
                fmt::format("第 {} 号冻结令已不再有效", request.order()));
  }
  if (order.appeals_size() >= kAppealsOfOrder) {
    return over_limit("appeals", static_cast<std::size_t>(order.appeals_size()) + 1, kAppealsOfOrder);
  }
  wire::Appeal& filed = *order.add_appeals();
  filed.set_account(account);
  filed.set_statement_digest(request.statement_digest());
  filed.set_summary(request.summary());
  filed.set_height(context.height());
  filed.set_time_ms(context.time_ms());
  store(context, kOrders, fmt::to_string(order.number()), order);
  context.emit("appealed", fmt::to_string(order.number()));
  return to_bytes(fmt::to_string(order.appeals_size() - 1));
}

}  // namespace chancery::contracts::governance
