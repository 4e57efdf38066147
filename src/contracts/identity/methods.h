#pragma once
// The methods of the identity contract; arguments and events are explained in proto/contracts/identity.proto. Each
// checks its arguments, then the right to call it, then the state, and writes only when all of that holds.

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/context.h"

namespace chancery::contracts::identity {

// organisations.cpp
Result<Bytes> create_organisation(ledger::Context& context, BytesView args);
Result<Bytes> update_organisation(ledger::Context& context, BytesView args);
Result<Bytes> suspend_organisation(ledger::Context& context, BytesView args);
Result<Bytes> resume_organisation(ledger::Context& context, BytesView args);
// accounts.cpp
Result<Bytes> create_account(ledger::Context& context, BytesView args);
Result<Bytes> suspend_account(ledger::Context& context, BytesView args);
Result<Bytes> resume_account(ledger::Context& context, BytesView args);
// keys.cpp
Result<Bytes> add_key(ledger::Context& context, BytesView args);
Result<Bytes> revoke_key(ledger::Context& context, BytesView args);
Result<Bytes> rotate_key(ledger::Context& context, BytesView args);
// roles.cpp
Result<Bytes> grant_role(ledger::Context& context, BytesView args);
Result<Bytes> revoke_role(ledger::Context& context, BytesView args);
Result<Bytes> set_permission(ledger::Context& context, BytesView args);
// delegations.cpp
Result<Bytes> delegate(ledger::Context& context, BytesView args);
Result<Bytes> revoke_delegation(ledger::Context& context, BytesView args);

}  // namespace chancery::contracts::identity
