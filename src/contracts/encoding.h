#pragma once
// Between records, method arguments and protobuf messages. The messages have no map fields, so that one message has one
// encoding on every node.

#include <google/protobuf/message.h>

#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/context.h"

namespace chancery::contracts {

using ledger::Context;

/// Reads a method's arguments into `out`, replacing what it held. kMalformed when the bytes are no such message or hold
/// fields that this version doesn't know: they would be signed but never understood.
Status decode_arguments(BytesView args, google::protobuf::Message& out);

/// Reads a record into `out`, replacing what it held. False when there is none; kCorrupt when it can't be read.
Result<bool> load(const Context& context, std::string_view collection, std::string_view key,
                  google::protobuf::Message& out);

void store(Context& context, std::string_view collection, std::string_view key,
           const google::protobuf::MessageLite& message);

Bytes encode(const google::protobuf::MessageLite& message);

/// A bytes field that must hold exactly 32 bytes; kInvalidValue names the field otherwise.
Status require_digest(std::string_view field, std::string_view value);

}  // namespace chancery::contracts
