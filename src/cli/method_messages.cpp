#include "cli/method_messages.h"

#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <array>

#include "contracts/credential.pb.h"
#include "contracts/evidence.pb.h"
#include "contracts/governance.pb.h"
#include "contracts/identity.pb.h"
#include "contracts/supervision.pb.h"

namespace chancery::cli {
namespace {

template <class Message>
std::unique_ptr<google::protobuf::Message> fresh() {
  return std::make_unique<Message>();
}

struct Row {
  std::string_view method;
  std::unique_ptr<google::protobuf::Message> (*make)();
};

constexpr std::array kRows{
    Row{"credential.define_type", fresh<wire::DefineType>},
    Row{"credential.update_type", fresh<wire::UpdateType>},
    Row{"credential.issue", fresh<wire::Issue>},
    Row{"credential.annotate", fresh<wire::Annotate>},
    Row{"credential.new_version", fresh<wire::NewVersion>},
    Row{"credential.suspend", fresh<wire::ChangeStatus>},
    Row{"credential.resume", fresh<wire::ChangeStatus>},
    Row{"credential.revoke", fresh<wire::ChangeStatus>},
    Row{"evidence.deposit", fresh<wire::Deposit>},
    Row{"evidence.deposit_batch", fresh<wire::DepositBatch>},
    Row{"evidence.transfer_custody", fresh<wire::TransferCustody>},
    Row{"governance.create", fresh<wire::CreateProposal>},
    Row{"governance.vote", fresh<wire::CastVote>},
    Row{"governance.withdraw", fresh<wire::EndProposal>},
    Row{"governance.veto", fresh<wire::EndProposal>},
    Row{"governance.execute", fresh<wire::ExecuteProposal>},
    Row{"governance.appeal", fresh<wire::FileAppeal>},
    Row{"supervision.set_rule", fresh<wire::SetRule>},
    Row{"supervision.retire_rule", fresh<wire::RetireRule>},
    Row{"identity.create_organisation", fresh<wire::CreateOrganisation>},
    Row{"identity.update_organisation", fresh<wire::UpdateOrganisation>},
    Row{"identity.suspend_organisation", fresh<wire::ChangeOrganisationState>},
    Row{"identity.resume_organisation", fresh<wire::ChangeOrganisationState>},
    Row{"identity.create_account", fresh<wire::CreateAccount>},
    Row{"identity.add_key", fresh<wire::AddKey>},
    Row{"identity.revoke_key", fresh<wire::RevokeKey>},
    Row{"identity.rotate_key", fresh<wire::RotateKey>},
    Row{"identity.suspend_account", fresh<wire::ChangeAccountState>},
    Row{"identity.resume_account", fresh<wire::ChangeAccountState>},
    Row{"identity.grant_role", fresh<wire::GrantRole>},
    Row{"identity.revoke_role", fresh<wire::RevokeRole>},
    Row{"identity.set_permission", fresh<wire::SetPermission>},
    Row{"identity.delegate", fresh<wire::Delegate>},
    Row{"identity.revoke_delegation", fresh<wire::RevokeDelegation>},
};

}  // namespace

Result<std::unique_ptr<google::protobuf::Message>> arguments_of(std::string_view method) {
  for (const Row& row : kRows) {
    if (row.method == method) return row.make();
  }
  return fail(Reason::kUnknownMethod, "no contract here has the method " + std::string(method));
}

Result<std::string> encode_arguments(std::string_view method, const std::string& json_text) {
  ASSIGN_OR_RETURN(const auto message, arguments_of(method));
  const auto parsed = google::protobuf::util::JsonStringToMessage(json_text, message.get());
  if (!parsed.ok()) return fail(Reason::kInvalidValue, parsed.ToString());
  return message->SerializeAsString();
}

}  // namespace chancery::cli
