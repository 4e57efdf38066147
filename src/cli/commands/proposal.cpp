#include <fmt/core.h>

#include "base/json.h"
#include "cli/all_commands.h"
#include "cli/files.h"
#include "cli/http_session.h"
#include "cli/show.h"

namespace chancery::cli {
namespace {

struct Options {
  std::string number;
  std::string file;
  std::string title;
  std::string reason;
  std::string choice;
  std::string not_before;
  std::string before;
  std::string idempotency_key;
  LoginOptions login;
};

std::string target(const Options& options, std::string_view rest = {}) {
  return fmt::format("/v1/proposals/{}{}", percent_encoded(options.number), rest);
}

Result<Json> action_in(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, read_text(path));
  return parse_json(text);
}

Result<ExitCode> post(const Options& options, Terminal& terminal, const std::string& path, const Json& body) {
  ASSIGN_OR_RETURN(HttpSession session, options.login.open(terminal));
  ASSIGN_OR_RETURN(const Json answer, session.post(path, body, options.idempotency_key));
  show(terminal, answer);
  return ExitCode::kOk;
}

Result<ExitCode> create(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const Json action, action_in(options.file));
  Json body = {{"action", action}, {"title", options.title}, {"reason", options.reason}};
  if (!options.not_before.empty()) {
    ASSIGN_OR_RETURN(body["not_before_height"], parse_json(options.not_before));
  }
  return post(options, terminal, "/v1/proposals", body);
}

Result<ExitCode> list(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, HttpSession::connect(terminal.options().server));
  const std::string query = options.before.empty() ? "" : "?before=" + percent_encoded(options.before);
  ASSIGN_OR_RETURN(const Json page, session.get("/v1/proposals" + query));
  show_items(terminal, page, {"number", "kind", "title", "organisation", "state"});
  return ExitCode::kOk;
}

Result<ExitCode> show_one(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, HttpSession::connect(terminal.options().server));
  ASSIGN_OR_RETURN(const Json answer, session.get(target(options)));
  show(terminal, answer);
  return ExitCode::kOk;
}

/// One line a member that would change; what is created or goes has its own mark.
void print_difference(Terminal& terminal, const Json& run) {
  const bool chinese = terminal.language() == Language::kZhCn;
  if (!run.value("would_succeed", false)) {
    const Json refusal = run.value("refusal", Json::object());
    terminal.print_marked(Mark::kFailed, refusal.value(chinese ? "detail_zh" : "detail", std::string()));
    return;
  }
  for (const Json& record : run.value("records", Json::array())) {
    const std::string change = record.value("change", std::string());
    const std::string_view word = change == "created"  ? terminal.pick({"新增", "created"})
                                  : change == "erased" ? terminal.pick({"删除", "erased"})
                                                       : terminal.pick({"变更", "changed"});
    terminal.print_marked(Mark::kNote,
                          fmt::format("{} ({})", record.value(chinese ? "title_zh" : "title_en", ""), word));
    for (const Json& field : record.value("fields", Json::array())) {
      terminal.print(
          fmt::format("    {}: {} → {}", field.value("path", ""), field.value("before", ""), field.value("after", "")));
    }
  }
}

Result<ExitCode> dry_run(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, HttpSession::connect(terminal.options().server));
  Json run;
  if (options.file.empty()) {
    if (options.number.empty()) {
      return fail(Reason::kUsage, "name a proposal, or give --action", "请给出提案编号，或 --action 文件");
    }
    ASSIGN_OR_RETURN(run, session.get(target(options, "/dry-run")));
  } else {
    ASSIGN_OR_RETURN(const Json action, action_in(options.file));
    ASSIGN_OR_RETURN(run, session.post("/v1/proposals/dry-run", {{"action", action}}));
  }
  if (terminal.json()) {
    terminal.print_json(run);
  } else {
    print_difference(terminal, run);
  }
  return run.value("would_succeed", false) ? ExitCode::kOk : ExitCode::kFailed;
}

Result<ExitCode> vote(const Options& options, Terminal& terminal) {
  return post(options, terminal, target(options, "/vote"), {{"choice", options.choice}});
}
Result<ExitCode> withdraw(const Options& options, Terminal& terminal) {
  return post(options, terminal, target(options, "/withdraw"), {{"reason", options.reason}});
}
Result<ExitCode> veto(const Options& options, Terminal& terminal) {
  return post(options, terminal, target(options, "/veto"), {{"reason", options.reason}});
}
Result<ExitCode> execute(const Options& options, Terminal& terminal) {
  return post(options, terminal, target(options, "/execute"), Json::object());
}

}  // namespace

void add_proposal(CommandTree& tree) {
  Command& proposal =
      tree.root().sub("proposal", {"提案：由理事机构表决的事项", "Proposals: what the council's organisations decide"});
  proposal.example("proposal list", {"查看提案", "List proposals"});
  proposal.example("proposal dry-run --action action.json", {"表决前看清会改变什么", "See what would change"});
  const auto options = std::make_shared<Options>();
  const auto leaf = [&](const char* name, Words words,
                        Result<ExitCode> (*action)(const Options&, Terminal&)) -> Command& {
    Command& command = proposal.sub(name, words);
    command.run([options, action](Terminal& terminal) { return action(*options, terminal); });
    return command;
  };
  const Words number_words{"提案编号", "Number of the proposal"};
  const Words action_words{"事项（JSON）：{ \"suspend_organisation\": { ... } }",
                           "What it does, in JSON: { \"suspend_organisation\": { ... } }"};
  const auto signing = [&](Command& command) {
    options->login.add_to(command);
    command.option("--idempotency-key", options->idempotency_key, "KEY",
                   {"幂等键", "The same key gives the same answer when repeated"});
  };
  const auto with_reason = [&](Command& command) {
    command.option("--reason", options->reason, "TEXT", {"理由（公开）", "Reason, public"}).required();
    signing(command);
  };

  Command& creating = leaf("create", {"发起提案", "Make a proposal"}, create);
  creating.positional("FILE", options->file, action_words);
  creating.option("--title", options->title, "TEXT", {"标题", "Title"}).required();
  creating.option("--not-before", options->not_before, "HEIGHT",
                  {"最早执行的区块高度", "Height before which it is not executed"});
  with_reason(creating);
  creating.example("proposal create action.json --title 安装服务包 --reason 便民 --as admin", {"发起", "Make it"});
  creating.example("proposal create action.json --title 升级 --reason 例行升级 --not-before 1000000 --as admin",
                   {"到某一高度后才可执行", "Not to be executed before a height"});

  Command& listing = leaf("list", {"最新的提案", "The newest proposals"}, list);
  listing.option("--before", options->before, "NUMBER", {"从此编号之前开始", "Begin before this number"});
  listing.example("proposal list", {"列出", "List them"});
  listing.example("proposal list --json", {"以 JSON 列出", "As JSON"});

  Command& shown = leaf("show", {"查看提案、表决和结果", "Look at a proposal, its votes and its result"}, show_one);
  shown.positional("NUMBER", options->number, number_words);
  shown.example("proposal show $PROPOSAL", {"查看", "Show it"});
  shown.example("proposal show $PROPOSAL --json", {"以 JSON 查看", "As JSON"});

  Command& trying =
      leaf("dry-run", {"在副本上试行，列出会改变的记录", "Try it on a copy and list what would change"}, dry_run);
  trying.positional("NUMBER", options->number, number_words, false);
  trying.option("--action", options->file, "FILE", action_words);
  trying.example("proposal dry-run $PROPOSAL", {"试行提案", "Try a proposal"});
  trying.example("proposal dry-run --action action.json --json", {"提案之前试行", "Before it is proposed"});

  Command& voting = leaf("vote", {"代表本机构表决，结束前可以改", "Vote for your organisation; may be changed"}, vote);
  voting.positional("NUMBER", options->number, number_words);
  voting.positional("CHOICE", options->choice, {"yes 赞成、no 反对、abstain 弃权", "yes, no or abstain"})
      .one_of({"yes", "no", "abstain"});
  signing(voting);
  voting.example("proposal vote $PROPOSAL yes --as admin", {"赞成", "Yes"});
  voting.example("proposal vote $PROPOSAL abstain --as admin --json",
                 {"弃权，以 JSON 返回", "Abstain; answer in JSON"});

  Command& executing = leaf("execute", {"执行到期的提案；任何人都可以", "Execute what is due; anybody may"}, execute);
  executing.positional("NUMBER", options->number, number_words);
  signing(executing);
  executing.example("proposal execute $PROPOSAL --as admin", {"执行", "Execute"});
  executing.example("proposal execute $PROPOSAL --as admin --idempotency-key execute-1",
                    {"断线后可原样重试", "Safe to repeat when the line breaks"});

  Command& withdrawing = leaf("withdraw", {"撤回本机构的提案", "Withdraw your organisation's proposal"}, withdraw);
  withdrawing.positional("NUMBER", options->number, number_words);
  with_reason(withdrawing);
  withdrawing.example("proposal withdraw $PROPOSAL --reason 内容有误 --as admin", {"撤回", "Withdraw"});
  withdrawing.example("proposal withdraw $PROPOSAL --reason 改日再提 --as admin --json",
                      {"以 JSON 返回", "Answer in JSON"});

  Command& vetoing = leaf("veto", {"在执行前否决", "Veto it before it is due"}, veto);
  vetoing.positional("NUMBER", options->number, number_words);
  with_reason(vetoing);
  vetoing.example("proposal veto $PROPOSAL --reason 与法规不符 --as admin", {"否决", "Veto"});
  vetoing.example("proposal veto $PROPOSAL --reason 未经安全评审 --as admin --json",
                  {"以 JSON 返回", "Answer in JSON"});
}

}  // namespace chancery::cli
