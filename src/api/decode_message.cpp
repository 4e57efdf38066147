#include "api/decode_message.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <array>
#include <memory>

#include "contracts/credential.pb.h"
#include "contracts/evidence.pb.h"
#include "contracts/governance.pb.h"
#include "contracts/identity.pb.h"
#include "contracts/supervision.pb.h"

namespace chancery::api {
namespace {

struct Known {
  std::string_view contract;
  std::string_view name;
  const google::protobuf::Message* (*prototype)();
};

template <class Message>
const google::protobuf::Message* prototype() {
  return &Message::default_instance();
}

constexpr std::array kMethods = {
    Known{"credential", "define_type", prototype<wire::DefineType>},
    Known{"credential", "update_type", prototype<wire::UpdateType>},
    Known{"credential", "issue", prototype<wire::Issue>},
    Known{"credential", "annotate", prototype<wire::Annotate>},
    Known{"credential", "new_version", prototype<wire::NewVersion>},
    Known{"credential", "suspend", prototype<wire::ChangeStatus>},
    Known{"credential", "resume", prototype<wire::ChangeStatus>},
    Known{"credential", "revoke", prototype<wire::ChangeStatus>},
    Known{"evidence", "deposit", prototype<wire::Deposit>},
    Known{"evidence", "deposit_batch", prototype<wire::DepositBatch>},
    Known{"evidence", "transfer_custody", prototype<wire::TransferCustody>},
    Known{"governance", "create", prototype<wire::CreateProposal>},
    Known{"governance", "vote", prototype<wire::CastVote>},
    Known{"governance", "withdraw", prototype<wire::EndProposal>},
    Known{"governance", "veto", prototype<wire::EndProposal>},
    Known{"governance", "execute", prototype<wire::ExecuteProposal>},
    Known{"governance", "appeal", prototype<wire::FileAppeal>},
    Known{"supervision", "set_rule", prototype<wire::SetRule>},
    Known{"supervision", "retire_rule", prototype<wire::RetireRule>},
    Known{"identity", "create_organisation", prototype<wire::CreateOrganisation>},
    Known{"identity", "update_organisation", prototype<wire::UpdateOrganisation>},
    Known{"identity", "suspend_organisation", prototype<wire::ChangeOrganisationState>},
    Known{"identity", "resume_organisation", prototype<wire::ChangeOrganisationState>},
    Known{"identity", "create_account", prototype<wire::CreateAccount>},
    Known{"identity", "add_key", prototype<wire::AddKey>},
    Known{"identity", "revoke_key", prototype<wire::RevokeKey>},
    Known{"identity", "rotate_key", prototype<wire::RotateKey>},
    Known{"identity", "suspend_account", prototype<wire::ChangeAccountState>},
    Known{"identity", "resume_account", prototype<wire::ChangeAccountState>},
    Known{"identity", "grant_role", prototype<wire::GrantRole>},
    Known{"identity", "revoke_role", prototype<wire::RevokeRole>},
    Known{"identity", "set_permission", prototype<wire::SetPermission>},
    Known{"identity", "delegate", prototype<wire::Delegate>},
    Known{"identity", "revoke_delegation", prototype<wire::RevokeDelegation>},
};

constexpr std::array kCollections = {
    Known{"credential", "type", prototype<wire::CredentialType>},
    Known{"credential", "type_version", prototype<wire::CredentialTypeVersion>},
    Known{"credential", "credential", prototype<wire::Credential>},
    Known{"evidence", "evidence", prototype<wire::Evidence>},
    Known{"evidence", "matter", prototype<wire::Matter>},
    Known{"governance", "constitution", prototype<wire::Constitution>},
    Known{"governance", "council", prototype<wire::Council>},
    Known{"governance", "proposal", prototype<wire::Proposal>},
    Known{"governance", "order", prototype<wire::FreezeOrder>},
    Known{"governance", "frozen", prototype<wire::FrozenTarget>},
    Known{"governance", "validators", prototype<wire::ValidatorSet>},
    Known{"governance", "protocol", prototype<wire::ProtocolVersion>},
    Known{"governance", "parameter", prototype<wire::Parameter>},
    Known{"governance", "pack", prototype<wire::ServicePack>},
    Known{"supervision", "rule", prototype<wire::SupervisionRule>},
    Known{"identity", "organisation", prototype<wire::Organisation>},
    Known{"identity", "uscc", prototype<wire::OrganisationOfCode>},
    Known{"identity", "account", prototype<wire::Account>},
    Known{"identity", "key", prototype<wire::KeyRecord>},
    Known{"identity", "permission", prototype<wire::Permission>},
    Known{"identity", "delegation", prototype<wire::Delegations>},
};

template <class List>
std::optional<Json> decode(const List& known, std::string_view contract, std::string_view name, BytesView bytes) {
  const auto* entry = std::find_if(known.begin(), known.end(),
                                   [&](const Known& each) { return each.contract == contract && each.name == name; });
  if (entry == known.end()) return std::nullopt;
  const std::unique_ptr<google::protobuf::Message> message(entry->prototype()->New());
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(*message, &text, options).ok()) return std::nullopt;
  auto json = parse_json(text);
  if (!json) return std::nullopt;
  return std::move(*json);
}

}  // namespace

std::optional<Json> decode_arguments(std::string_view contract, std::string_view method, BytesView bytes) {
  return decode(kMethods, contract, method, bytes);
}

std::optional<Json> decode_record(std::string_view contract, std::string_view collection, BytesView bytes) {
  return decode(kCollections, contract, collection, bytes);
}

}  // namespace chancery::api
