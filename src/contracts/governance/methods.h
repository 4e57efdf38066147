#pragma once
// The methods of the governance contract; arguments and events are explained in proto/contracts/governance.proto.

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/context.h"

namespace chancery::contracts::governance {

// proposals.cpp
Result<Bytes> create(ledger::Context& context, BytesView args);
Result<Bytes> withdraw(ledger::Context& context, BytesView args);
Result<Bytes> veto(ledger::Context& context, BytesView args);
Result<Bytes> execute(ledger::Context& context, BytesView args);
// votes.cpp
Result<Bytes> vote(ledger::Context& context, BytesView args);
// appeals.cpp
Result<Bytes> appeal(ledger::Context& context, BytesView args);

}  // namespace chancery::contracts::governance
