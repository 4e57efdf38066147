#pragma once

#include "api/api.h"
#include "ledger/receipt.h"

namespace chancery::api {

/// Checks a receipt, JSON or CBOR, of a transaction, of records or of a batch item, against this network's trust file.
ledger::Verification verify_presented(Api& api, BytesView bytes);
/// The same for a receipt that this node has just made, to show the steps to a reader.
ledger::Verification verify_made(Api& api, const ledger::Receipt& receipt);

}  // namespace chancery::api
