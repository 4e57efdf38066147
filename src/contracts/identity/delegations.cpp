#include <fmt/format.h>

#include <algorithm>

#include "contracts/field_rules.h"
#include "contracts/identity/authority.h"
#include "contracts/identity/methods.h"
#include "contracts/identity/records.h"

namespace chancery::contracts::identity {

namespace {

/// "credential.issue" or "credential.*"; never the identity contract's, whose rights can't be lent.
bool is_scope(std::string_view pattern) {
  if (pattern.starts_with("identity.")) return false;
  if (pattern.ends_with(".*")) return is_method(std::string(pattern.substr(0, pattern.size() - 1)) + "any");
  return is_method(pattern);
}

Status check_request(const Context& context, const wire::Delegate& request) {
  if (request.from() == request.to()) return invalid("to", "is the same account", "与授权人相同");
  if (request.scope().empty()) return invalid("scope", "needs at least one method", "至少需要一个方法");
  if (request.scope_size() > kScopesInDelegation) {
    return over_limit("scope", static_cast<std::size_t>(request.scope_size()), kScopesInDelegation);
  }
  if (!std::ranges::all_of(request.scope(), is_scope)) {
    return invalid("scope", "must name methods as contract.method or contract.*, not of identity",
                   "应为 合约.方法 或 合约.*，不得为 identity 的方法");
  }
  if (request.until_ms() <= context.time_ms() || request.until_ms() - context.time_ms() > kLongestDelegationMs) {
    return invalid("until_ms", "must be after block time and at most 3 years ahead", "应晚于区块时间且不超过三年");
  }
  return {};
}

Result<wire::Delegations> delegations_to(const Context& context, const std::string& delegate) {
  wire::Delegations out;
  TRY(load(context, kDelegations, delegate, out));
  return out;
}

wire::Delegation* live_delegation(const Context& context, wire::Delegations& delegations, std::string_view from) {
  for (wire::Delegation& item : *delegations.mutable_items()) {
    if (item.from() == from && is_live(item, context.height(), context.time_ms())) return &item;
  }
  return nullptr;
}

void drop_ended(const Context& context, wire::Delegations& delegations) {
  for (int i = delegations.items_size() - 1; i >= 0; --i) {
    if (!is_live(delegations.items(i), context.height(), context.time_ms())) {
      delegations.mutable_items()->DeleteSubrange(i, 1);
    }
  }
}

}  // namespace

Result<Bytes> delegate(Context& context, BytesView args) {
  wire::Delegate request;
  TRY(decode_arguments(args, request));
  TRY(check_request(context, request));
  if (!has_signed(context, request.from())) {
    return fail(Reason::kForbidden, fmt::format("{} has to sign the delegation itself", request.from()),
                fmt::format("授权须由 {} 本人签名", request.from()));
  }
  TRY(existing_account(context, request.to()));
  ASSIGN_OR_RETURN(wire::Delegations delegations, delegations_to(context, request.to()));
  if (wire::Delegation* live = live_delegation(context, delegations, request.from())) {
    live->set_revoked_height(context.height());
  }
  if (delegations.items_size() >= kDelegationsToOne) drop_ended(context, delegations);
  if (delegations.items_size() >= kDelegationsToOne) {
    return over_limit("delegations to the account", static_cast<std::size_t>(delegations.items_size()) + 1,
                      kDelegationsToOne);
  }
  wire::Delegation& item = *delegations.add_items();
  item.set_from(request.from());
  *item.mutable_scope() = request.scope();
  item.set_until_ms(request.until_ms());
  item.set_granted_height(context.height());
  store(context, kDelegations, request.to(), delegations);
  context.emit("delegated", request.to());
  return Bytes{};
}

Result<Bytes> revoke_delegation(Context& context, BytesView args) {
  wire::RevokeDelegation request;
  TRY(decode_arguments(args, request));
  if (!has_signed(context, request.from()) && !has_signed(context, request.to())) {
    return fail(Reason::kForbidden, fmt::format("{} or {} has to sign", request.from(), request.to()),
                fmt::format("须由 {} 或 {} 签名", request.from(), request.to()));
  }
  ASSIGN_OR_RETURN(wire::Delegations delegations, delegations_to(context, request.to()));
  wire::Delegation* live = live_delegation(context, delegations, request.from());
  if (live == nullptr) {
    return fail(Reason::kNotFound, fmt::format("{} has no delegation from {}", request.to(), request.from()),
                fmt::format("{} 没有来自 {} 的授权", request.to(), request.from()));
  }
  live->set_revoked_height(context.height());
  store(context, kDelegations, request.to(), delegations);
  context.emit("revoked_delegation", request.to());
  return Bytes{};
}

}  // namespace chancery::contracts::identity
