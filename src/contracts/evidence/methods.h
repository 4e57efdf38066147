#pragma once
// The methods of the evidence contract; arguments and events are explained in proto/contracts/evidence.proto.

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/context.h"

namespace chancery::contracts::evidence {

// deposit.cpp
Result<Bytes> deposit(ledger::Context& context, BytesView args);
Result<Bytes> deposit_batch(ledger::Context& context, BytesView args);
// custody.cpp
Result<Bytes> transfer_custody(ledger::Context& context, BytesView args);

}  // namespace chancery::contracts::evidence
