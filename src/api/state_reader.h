#pragma once
// Records of the native contracts, decoded, at the head.

#include <string>
#include <string_view>

#include "api/api.h"
#include "contracts/credential.pb.h"
#include "contracts/evidence.pb.h"
#include "contracts/identity.pb.h"

namespace chancery::api {

/// kNotFound, kCorrupt.
Result<wire::Organisation> read_organisation(Api& api, std::string_view id);
Result<wire::Account> read_account(Api& api, std::string_view id);
/// Empty when nobody has delegated to the account.
Result<wire::Delegations> read_delegations_to(Api& api, std::string_view account);
/// `version` 0: the current one.
Result<wire::CredentialTypeVersion> read_type_version(Api& api, std::string_view type, std::uint64_t version);
/// Both names of an organisation; the id stands in where there is none.
struct OrganisationNames {
  std::string zh;
  std::string en;
};
OrganisationNames organisation_names(Api& api, std::string_view id);

}  // namespace chancery::api
