#pragma once
// The methods of the credential contract; arguments and events are explained in proto/contracts/credential.proto.

#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "contracts/credential.pb.h"
#include "ledger/context.h"

namespace chancery::contracts::credential {

// types.cpp
Result<Bytes> define_type(ledger::Context& context, BytesView args);
Result<Bytes> update_type(ledger::Context& context, BytesView args);
/// What define_type does once the right to do it is known; also the genesis file's door.
Status add_type(ledger::Context& context, wire::CredentialType type, const std::string& schema);
// issue.cpp
Result<Bytes> issue(ledger::Context& context, BytesView args);
Result<Bytes> new_version(ledger::Context& context, BytesView args);
// lifecycle.cpp
Result<Bytes> annotate(ledger::Context& context, BytesView args);
Result<Bytes> suspend(ledger::Context& context, BytesView args);
Result<Bytes> resume(ledger::Context& context, BytesView args);
Result<Bytes> revoke(ledger::Context& context, BytesView args);

/// kNotFound when there is no such type.
Result<wire::CredentialType> existing_type(const ledger::Context& context, std::string_view id);
/// kNotFound when there is no such credential; kPreconditionFailed when `expected` is not empty and another version's
/// tag than the record's (contracts/record_tag.h).
Result<wire::Credential> existing_credential(const ledger::Context& context, std::string_view id,
                                             std::string_view expected);
/// Appends a change that happens in this block; kTooLarge when the record is full.
Status append_change(const ledger::Context& context, wire::Credential& record, wire::CredentialStatus status,
                     std::string_view reason, std::string_view actor);
/// kWrongState: `method` can't be done in the status that the credential has now.
std::unexpected<Error> wrong_state(const ledger::Context& context, const wire::Credential& record, std::string_view id,
                                   std::string_view method);

}  // namespace chancery::contracts::credential
