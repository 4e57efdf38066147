#pragma once
// Keys of accounts, for the ledger's signature checks.

#include "ledger/context.h"

namespace chancery::contracts::identity {

/// See ledger::AccountKeys. An account of a suspended organisation counts as suspended. Also kKeyOutsidePeriod,
/// kFrozen.
class RecordedAccountKeys final : public ledger::AccountKeys {
 public:
  Result<crypto::PublicKey> active_key(ledger::Context& context, std::string_view account,
                                       const crypto::KeyId& key_id) const override;
  Result<crypto::PublicKey> known_key(ledger::Context& context, std::string_view account,
                                      const crypto::KeyId& key_id) const override;
};

}  // namespace chancery::contracts::identity
