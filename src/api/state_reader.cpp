#include "api/state_reader.h"

#include <optional>

namespace chancery::api {
namespace {

template <class Message>
Result<std::optional<Message>> read(Api& api, std::string_view contract, std::string_view collection,
                                    std::string_view key) {
  ASSIGN_OR_RETURN(const auto record, api.ledger().record(contract, collection, as_bytes(key)));
  if (!record.value) return std::nullopt;
  Message message;
  if (!message.ParseFromArray(record.value->data(), static_cast<int>(record.value->size()))) {
    return fail(Reason::kCorrupt, "A record does not decode.");
  }
  return message;
}

template <class Message>
Result<Message> read_existing(Api& api, std::string_view contract, std::string_view collection, std::string_view key) {
  ASSIGN_OR_RETURN(auto found, read<Message>(api, contract, collection, key));
  if (!found) return fail(Reason::kNotFound, "There is no such " + std::string(collection) + ".", "没有这条记录。");
  return std::move(*found);
}

}  // namespace

Result<wire::Organisation> read_organisation(Api& api, std::string_view id) {
  return read_existing<wire::Organisation>(api, "identity", "organisation", id);
}

Result<wire::Account> read_account(Api& api, std::string_view id) {
  return read_existing<wire::Account>(api, "identity", "account", id);
}

Result<wire::Delegations> read_delegations_to(Api& api, std::string_view account) {
  ASSIGN_OR_RETURN(auto found, read<wire::Delegations>(api, "identity", "delegation", account));
  return found.value_or(wire::Delegations{});
}

Result<wire::CredentialTypeVersion> read_type_version(Api& api, std::string_view type, std::uint64_t version) {
  if (version == 0) {
    ASSIGN_OR_RETURN(const auto current, read_existing<wire::CredentialType>(api, "credential", "type", type));
    version = current.version();
  }
  return read_existing<wire::CredentialTypeVersion>(api, "credential", "type_version",
                                                    std::string(type) + "/" + std::to_string(version));
}

OrganisationNames organisation_names(Api& api, std::string_view id) {
  const auto found = read_organisation(api, id);
  if (!found) return {std::string(id), std::string(id)};
  return {found->name_zh(), found->name_en().empty() ? found->name_zh() : found->name_en()};
}

}  // namespace chancery::api
