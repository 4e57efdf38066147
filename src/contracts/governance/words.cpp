#include "contracts/governance/words.h"

#include <array>

namespace chancery::contracts::governance {

namespace {

struct Word {
  int value;
  std::string_view name, zh, en;
};

constexpr std::array kKinds{
    Word{wire::PROPOSAL_KIND_ADD_ORGANISATION, "add_organisation", "接纳机构", "Add an organisation"},
    Word{wire::PROPOSAL_KIND_SUSPEND_ORGANISATION, "suspend_organisation", "停用机构", "Suspend an organisation"},
    Word{wire::PROPOSAL_KIND_REINSTATE_ORGANISATION, "reinstate_organisation", "恢复机构", "Reinstate an organisation"},
    Word{wire::PROPOSAL_KIND_REMOVE_ORGANISATION, "remove_organisation", "移除机构", "Remove an organisation"},
    Word{wire::PROPOSAL_KIND_CHANGE_VALIDATORS, "change_validators", "变更验证节点", "Change validators"},
    Word{wire::PROPOSAL_KIND_CHANGE_ROLE, "change_role", "授予或撤销角色", "Grant or revoke a role"},
    Word{wire::PROPOSAL_KIND_SET_PERMISSION, "set_permission", "设置权限", "Set a permission"},
    Word{wire::PROPOSAL_KIND_SET_PARAMETERS, "set_parameters", "设置网络参数", "Set network parameters"},
    Word{wire::PROPOSAL_KIND_INSTALL_PACK, "install_pack", "安装服务包", "Install a service pack"},
    Word{wire::PROPOSAL_KIND_RETIRE_PACK, "retire_pack", "停用服务包", "Retire a service pack"},
    Word{wire::PROPOSAL_KIND_FREEZE, "freeze", "冻结", "Freeze"},
    Word{wire::PROPOSAL_KIND_UNFREEZE, "unfreeze", "解除冻结", "Lift a freeze"},
    Word{wire::PROPOSAL_KIND_ANSWER_APPEAL, "answer_appeal", "答复异议", "Answer an appeal"},
    Word{wire::PROPOSAL_KIND_UPGRADE, "upgrade", "软件升级", "Upgrade the software"},
    Word{wire::PROPOSAL_KIND_AMEND_CONSTITUTION, "amend_constitution", "修改章程", "Amend the constitution"},
};

constexpr std::array kStates{
    Word{wire::PROPOSAL_STATE_VOTING, "voting", "表决中", "Voting"},
    Word{wire::PROPOSAL_STATE_APPROVED, "approved", "已通过，待执行", "Approved, to be executed"},
    Word{wire::PROPOSAL_STATE_EXECUTED, "executed", "已执行", "Executed"},
    Word{wire::PROPOSAL_STATE_FAILED, "failed", "执行未成", "Execution refused"},
    Word{wire::PROPOSAL_STATE_WITHDRAWN, "withdrawn", "已撤回", "Withdrawn"},
    Word{wire::PROPOSAL_STATE_VETOED, "vetoed", "已否决", "Vetoed"},
    Word{wire::PROPOSAL_STATE_LAPSED, "lapsed", "已失效", "Lapsed"},
};

constexpr std::array kChoices{
    Word{wire::VOTE_CHOICE_YES, "yes", "赞成", "Yes"},
    Word{wire::VOTE_CHOICE_NO, "no", "反对", "No"},
    Word{wire::VOTE_CHOICE_ABSTAIN, "abstain", "弃权", "Abstain"},
};

constexpr Word kNone{0, "unspecified", "未指明", "Unspecified"};

template <class Table>
const Word& word_of(const Table& table, int value) {
  for (const Word& word : table) {
    if (word.value == value) return word;
  }
  return kNone;
}

template <class Value, class Table>
std::optional<Value> value_of(const Table& table, std::string_view name) {
  for (const Word& word : table) {
    if (word.name == name) return static_cast<Value>(word.value);
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(wire::ProposalKind kind) {
  return word_of(kKinds, kind).name;
}
std::string_view title_of(wire::ProposalKind kind, Language language) {
  const Word& word = word_of(kKinds, kind);
  return language == Language::kZhCn ? word.zh : word.en;
}
std::optional<wire::ProposalKind> kind_from(std::string_view name) {
  return value_of<wire::ProposalKind>(kKinds, name);
}
wire::ProposalKind kind_of(const wire::GovernanceAction& action) {
  // The members of the action are numbered as the kinds are.
  return static_cast<wire::ProposalKind>(action.action_case());
}

std::string_view name_of(wire::ProposalState state) {
  return word_of(kStates, state).name;
}
std::string_view title_of(wire::ProposalState state, Language language) {
  const Word& word = word_of(kStates, state);
  return language == Language::kZhCn ? word.zh : word.en;
}

std::string_view name_of(wire::VoteChoice choice) {
  return word_of(kChoices, choice).name;
}
std::optional<wire::VoteChoice> choice_from(std::string_view name) {
  return value_of<wire::VoteChoice>(kChoices, name);
}

}  // namespace chancery::contracts::governance
