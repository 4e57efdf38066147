#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "contracts/field_rules.h"
#include "contracts/identity/authority.h"
#include "contracts/identity/entities.h"
#include "contracts/identity/methods.h"
#include "contracts/identity/records.h"
#include "crypto/signature.h"

namespace chancery::contracts::identity {

namespace {

constexpr std::array<std::string_view, 5> kRevocationReasons{"unspecified", "compromised", "superseded",
                                                             "affiliation_changed", "cessation"};

Status check_period(std::int64_t not_before_ms, std::int64_t not_after_ms) {
  TRY(require_time("not_before_ms", not_before_ms));
  TRY(require_time("not_after_ms", not_after_ms));
  if (not_after_ms != 0 && not_after_ms < not_before_ms) {
    return invalid("not_after_ms", "is before not_before_ms", "早于 not_before_ms");
  }
  return {};
}

/// Moves revoked keys out of a full list, oldest first; their KeyRecord keeps them.
void retire_revoked_keys(Context& context, wire::Account& account) {
  for (int i = 0; i < account.keys_size() && account.keys_size() >= kKeysInAccount;) {
    if (!is_revoked(account.keys(i), context.height())) {
      ++i;
      continue;
    }
    wire::KeyRecord record;
    record.set_account(account.id());
    *record.mutable_retired() = account.keys(i);
    store(context, kKeys, account.keys(i).key_id(), record);
    account.mutable_keys()->DeleteSubrange(i, 1);
  }
}

/// The moment of a revocation; the past can't be changed.
Result<std::uint64_t> revocation_height(const Context& context, std::uint64_t asked) {
  if (asked == 0) return context.height();
  if (asked < context.height() || asked - context.height() > kRevocationAheadBlocks) {
    return invalid("at_height",
                   fmt::format("must be {} to {}", context.height(), context.height() + kRevocationAheadBlocks),
                   fmt::format("应在 {} 至 {} 之间", context.height(), context.height() + kRevocationAheadBlocks));
  }
  return asked;
}

Status revoke_key_of(const Context& context, wire::Account& account, const std::string& key_id, std::uint64_t height,
                     std::string_view reason) {
  const auto key = std::ranges::find_if(*account.mutable_keys(), [&](const auto& k) { return k.key_id() == key_id; });
  if (key == account.mutable_keys()->end()) {
    return fail(Reason::kNotFound, fmt::format("account {} has no such key", account.id()),
                fmt::format("账户 {} 没有此密钥", account.id()));
  }
  if (key->revoked_height() != 0 && key->revoked_height() <= std::max(height, context.height())) {
    return fail(Reason::kWrongState, fmt::format("the key is revoked from block {} on", key->revoked_height()),
                fmt::format("该密钥自区块 {} 起已撤销", key->revoked_height()));
  }
  key->set_revoked_height(height);
  key->set_revocation_reason(std::string(reason));
  return {};
}

void store_changed(Context& context, wire::Account& account, std::string_view event) {
  account.set_changed_height(context.height());
  store(context, kAccounts, account.id(), account);
  context.emit(event, account.id());
}

}  // namespace

Status add_key_to(Context& context, wire::Account& account, const wire::NewKey& request) {
  TRY(require_text("label", request.label(), 0, kKeyLabelChars));
  TRY(check_period(request.not_before_ms(), request.not_after_ms()));
  const auto algorithm = crypto::signature_algorithm_from_number(request.algorithm());
  if (!algorithm) {
    return fail(Reason::kAlgorithmNotAllowed, fmt::format("there is no signature algorithm {}", request.algorithm()),
                fmt::format("没有编号为 {} 的签名算法", request.algorithm()));
  }
  ASSIGN_OR_RETURN(const crypto::PublicKey key, crypto::PublicKey::parse(*algorithm, as_bytes(request.public_key())));
  const std::string id = to_string(crypto::key_id(key));
  // One key, one account, for ever: a signature doesn't cover the account's name, so a shared key would let anybody who
  // relays a transaction put another account's name on it.
  if (context.has(kKeys, id)) {
    return fail(Reason::kAlreadyExists, fmt::format("the key {} is or was in use", to_hex(as_bytes(id))),
                fmt::format("密钥 {} 正在或曾经使用", to_hex(as_bytes(id))));
  }
  retire_revoked_keys(context, account);
  if (account.keys_size() >= kKeysInAccount) {
    return over_limit("keys of the account", static_cast<std::size_t>(account.keys_size()) + 1, kKeysInAccount);
  }
  wire::AccountKey& added = *account.add_keys();
  added.set_key_id(id);
  added.set_algorithm(request.algorithm());
  added.set_public_key(to_string(key.bytes));
  added.set_label(request.label());
  added.set_added_height(context.height());
  added.set_not_before_ms(request.not_before_ms());
  added.set_not_after_ms(request.not_after_ms());
  wire::KeyRecord record;
  record.set_account(account.id());
  store(context, kKeys, id, record);
  return {};
}

Result<Bytes> add_key(Context& context, BytesView args) {
  wire::AddKey request;
  TRY(decode_arguments(args, request));
  ASSIGN_OR_RETURN(wire::Account account, existing_account(context, request.account()));
  TRY(require_authority_over(context, account, "add_key", Self::kMayAct));
  TRY(add_key_to(context, account, request.key()));
  store_changed(context, account, "added_key");
  return Bytes{};
}

Result<Bytes> revoke_key(Context& context, BytesView args) {
  wire::RevokeKey request;
  TRY(decode_arguments(args, request));
  if (std::ranges::find(kRevocationReasons, request.reason()) == kRevocationReasons.end()) {
    return invalid("reason", fmt::format("must be one of {}", fmt::join(kRevocationReasons, ", ")),
                   fmt::format("应为以下之一：{}", fmt::join(kRevocationReasons, "、")));
  }
  ASSIGN_OR_RETURN(wire::Account account, existing_account(context, request.account()));
  TRY(require_authority_over(context, account, "revoke_key", Self::kMayAct));
  ASSIGN_OR_RETURN(const std::uint64_t height, revocation_height(context, request.at_height()));
  TRY(revoke_key_of(context, account, request.key_id(), height, request.reason()));
  store_changed(context, account, "revoked_key");
  return Bytes{};
}

Result<Bytes> rotate_key(Context& context, BytesView args) {
  wire::RotateKey request;
  TRY(decode_arguments(args, request));
  ASSIGN_OR_RETURN(wire::Account account, existing_account(context, request.account()));
  TRY(require_authority_over(context, account, "rotate_key", Self::kMayAct));
  ASSIGN_OR_RETURN(const std::uint64_t height, revocation_height(context, request.revoke_at_height()));
  TRY(revoke_key_of(context, account, request.old_key_id(), height, "superseded"));
  TRY(add_key_to(context, account, request.new_key()));
  store_changed(context, account, "rotated_key");
  return Bytes{};
}

}  // namespace chancery::contracts::identity
