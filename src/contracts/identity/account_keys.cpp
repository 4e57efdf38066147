#include "contracts/identity/account_keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "contracts/governance/freezes.h"
#include "contracts/identity/identity.h"
#include "contracts/identity/records.h"

namespace chancery::contracts::identity {

namespace {

std::unexpected<Error> revoked(std::string_view account, std::uint64_t from_height) {
  return fail(Reason::kKeyRevoked, fmt::format("a key of {} is revoked from block {} on", account, from_height),
              fmt::format("{} 的一个密钥自区块 {} 起已撤销", account, from_height));
}

std::unexpected<Error> unknown_account(std::string_view account) {
  return fail(Reason::kUnknownAccount, fmt::format("there is no account {}", account),
              fmt::format("没有账户 {}", account));
}

Result<crypto::PublicKey> as_public_key(const wire::AccountKey& key) {
  const auto algorithm = crypto::signature_algorithm_from_number(key.algorithm());
  if (!algorithm) return fail(Reason::kCorrupt, "a stored key has an unknown algorithm", "存储的密钥算法未知");
  return crypto::PublicKey{*algorithm, to_bytes(key.public_key())};
}

/// Null when it isn't in the account's list.
const wire::AccountKey* listed_key(const wire::Account& account, std::string_view key_id) {
  const auto key = std::ranges::find_if(account.keys(), [&](const auto& k) { return k.key_id() == key_id; });
  return key == account.keys().end() ? nullptr : &*key;
}

/// A key that has left the account's list, else kUnknownKey.
Result<wire::AccountKey> retired_key(const Context& context, std::string_view account, std::string_view key_id) {
  wire::KeyRecord record;
  ASSIGN_OR_RETURN(const bool found, load(context.as(kContractName), kKeys, key_id, record));
  if (found && record.account() == account && record.has_retired()) return record.retired();
  return fail(Reason::kUnknownKey, fmt::format("{} has no key {}", account, to_hex(as_bytes(key_id))),
              fmt::format("{} 没有密钥 {}", account, to_hex(as_bytes(key_id))));
}

Status require_active(const Context& context, const wire::Account& account) {
  if (account.suspended()) {
    return fail(Reason::kAccountSuspended, fmt::format("{} is suspended", account.id()),
                fmt::format("账户 {} 已停用", account.id()));
  }
  if (account.organisation().empty()) return {};
  thread_local wire::Organisation organisation;  // reused: this runs for every signature
  ASSIGN_OR_RETURN(const bool found, find_organisation(context, account.organisation(), organisation));
  if (found && !organisation.suspended()) return {};
  return fail(Reason::kAccountSuspended,
              fmt::format("{} belongs to {}, which is suspended", account.id(), account.organisation()),
              fmt::format("账户 {} 所属机构 {} 已停用", account.id(), account.organisation()));
}

Status require_in_force(const Context& context, const wire::Account& account, const wire::AccountKey& key) {
  if (is_revoked(key, context.height())) return revoked(account.id(), key.revoked_height());
  const std::int64_t now_ms = context.time_ms();
  if (now_ms < key.not_before_ms() || (key.not_after_ms() != 0 && now_ms > key.not_after_ms())) {
    return fail(Reason::kKeyOutsidePeriod,
                fmt::format("the key of {} is valid from {} to {} ms, block time is {} ms", account.id(),
                            key.not_before_ms(), key.not_after_ms(), now_ms),
                fmt::format("{} 的密钥有效期为 {} 至 {} 毫秒，区块时间为 {} 毫秒", account.id(), key.not_before_ms(),
                            key.not_after_ms(), now_ms));
  }
  return {};
}

}  // namespace

Result<crypto::PublicKey> RecordedAccountKeys::active_key(Context& context, std::string_view account_id,
                                                          const crypto::KeyId& key_id) const {
  thread_local wire::Account account;  // reused: this runs for every signature
  ASSIGN_OR_RETURN(const bool found, find_account(context, account_id, account));
  if (!found) return unknown_account(account_id);
  TRY(require_active(context, account));
  TRY(governance::require_unfrozen_account(context, account_id));
  const wire::AccountKey* key = listed_key(account, as_text(key_id));
  if (key == nullptr) {
    ASSIGN_OR_RETURN(const wire::AccountKey retired, retired_key(context, account_id, as_text(key_id)));
    return revoked(account_id, retired.revoked_height());
  }
  TRY(require_in_force(context, account, *key));
  return as_public_key(*key);
}

Result<crypto::PublicKey> RecordedAccountKeys::known_key(Context& context, std::string_view account_id,
                                                         const crypto::KeyId& key_id) const {
  thread_local wire::Account account;  // reused: this runs for every signature
  ASSIGN_OR_RETURN(const bool found, find_account(context, account_id, account));
  if (!found) return unknown_account(account_id);
  if (const wire::AccountKey* key = listed_key(account, as_text(key_id))) return as_public_key(*key);
  ASSIGN_OR_RETURN(const wire::AccountKey retired, retired_key(context, account_id, as_text(key_id)));
  return as_public_key(retired);
}

}  // namespace chancery::contracts::identity
