#pragma once
// Records of contracts as the desks read them: the newest final state.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "contracts/credential.pb.h"
#include "contracts/evidence.pb.h"
#include "contracts/identity.pb.h"
#include "ledger/ledger.h"

namespace chancery::node {

template <class Message>
struct Found {
  Message message;
  Bytes bytes;               ///< as stored: what an etag is taken of
  std::uint64_t height = 0;  ///< of the state that was read
};

/// nullopt when there is none; kCorrupt when it can't be read.
template <class Message>
Result<std::optional<Found<Message>>> find_record(const ledger::Ledger& ledger, std::string_view contract,
                                                  std::string_view collection, std::string_view key) {
  ASSIGN_OR_RETURN(ledger::RecordAt at, ledger.record(contract, collection, as_bytes(key)));
  if (!at.value.has_value()) return std::nullopt;
  Found<Message> out;
  out.height = at.height;
  if (!out.message.ParseFromArray(at.value->data(), static_cast<int>(at.value->size()))) {
    return fail(Reason::kCorrupt, "a record can't be read");
  }
  out.bytes = std::move(*at.value);
  return out;
}

/// kNotFound where there is none.
Result<wire::Organisation> read_organisation(const ledger::Ledger& ledger, std::string_view id);
Result<wire::Account> read_account(const ledger::Ledger& ledger, std::string_view id);
Result<wire::CredentialType> read_type(const ledger::Ledger& ledger, std::string_view id);
Result<Found<wire::Credential>> read_credential(const ledger::Ledger& ledger, std::string_view id);
Result<Found<wire::Evidence>> read_evidence(const ledger::Ledger& ledger, std::string_view number);

/// Names of an organisation for people; the id itself where it is not known, both empty for an empty id.
struct Names {
  std::string zh;
  std::string en;
};
Names organisation_names(const ledger::Ledger& ledger, std::string_view id);
/// The same for a party: an organisation's id or "@<account>".
Names party_names(const ledger::Ledger& ledger, std::string_view party);

/// kForbidden unless `account` is active, belongs to `organisation` (active as well) and holds a role there now.
Status require_official(const ledger::Ledger& ledger, std::int64_t now_ms, std::string_view account,
                        std::string_view organisation);

/// A digest as a protobuf bytes field holds it.
inline std::string bytes_of(const Digest& digest) {
  return std::string(as_text(digest));
}

/// Changes whenever the record does: hex of the first 16 bytes of SHA-256.
std::string etag_of(BytesView record);
/// What a call may name as the version that it expects: the tag of `record`, or nothing where `if_match` is empty or
/// "*". kPreconditionFailed when `if_match` names another version than `record`. Quotes and W/ are ignored.
Result<std::string> check_if_match(std::string_view if_match, BytesView record);

}  // namespace chancery::node
