#include <fmt/core.h>

#include "base/json.h"
#include "cli/all_commands.h"
#include "cli/files.h"
#include "cli/http_session.h"
#include "cli/show.h"

namespace chancery::cli {
namespace {

struct Options {
  std::string id;
  std::string file;
  std::string number;
  std::string rule;
  std::string before;
  std::string subject;
  std::string reason;
  std::string out;
  std::string idempotency_key;
  LoginOptions login;
};

Result<ExitCode> rules(const Options&, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, HttpSession::connect(terminal.options().server));
  ASSIGN_OR_RETURN(const Json answer, session.get("/v1/supervision/rules"));
  show_items(terminal, answer, {"id", "kind", "name_zh", "name_en"});
  return ExitCode::kOk;
}

Result<ExitCode> set_rule(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::string text, read_text(options.file));
  ASSIGN_OR_RETURN(const Json rule, parse_json(text));
  ASSIGN_OR_RETURN(HttpSession session, options.login.open(terminal));
  ASSIGN_OR_RETURN(const Json answer, session.post("/v1/supervision/rules", rule, options.idempotency_key));
  show(terminal, answer);
  return ExitCode::kOk;
}

Result<ExitCode> retire(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, options.login.open(terminal));
  ASSIGN_OR_RETURN(const Json answer,
                   session.post(fmt::format("/v1/supervision/rules/{}/retire", percent_encoded(options.id)),
                                {{"reason", options.reason}}, options.idempotency_key));
  show(terminal, answer);
  return ExitCode::kOk;
}

Result<ExitCode> alerts(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, options.login.open(terminal));
  std::string target = "/v1/supervision/alerts?limit=100";
  if (!options.rule.empty()) target += "&rule=" + percent_encoded(options.rule);
  if (!options.before.empty()) target += "&before=" + percent_encoded(options.before);
  ASSIGN_OR_RETURN(const Json answer, session.get(target));
  const bool chinese = terminal.language() == Language::kZhCn;
  show_items(terminal, answer, {"number", "at", "rule", "account", chinese ? "sentence_zh" : "sentence_en"});
  return ExitCode::kOk;
}

Result<ExitCode> receipt(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, options.login.open(terminal));
  ASSIGN_OR_RETURN(const std::string content,
                   session.get_text(fmt::format("/v1/supervision/alerts/{}/receipt", percent_encoded(options.number))));
  return deliver(terminal, options.out, content);
}

Result<ExitCode> looks(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, options.login.open(terminal));
  const std::string query = options.subject.empty() ? "" : "?subject=" + percent_encoded(options.subject);
  ASSIGN_OR_RETURN(const Json answer, session.get("/v1/supervision/looks" + query));
  show_items(terminal, answer, {"at", "account", "action", "subject", "purpose"});
  return ExitCode::kOk;
}

}  // namespace

void add_supervision(CommandTree& tree) {
  Command& supervision = tree.root().sub(
      "supervision", {"监管：规则、预警和查阅记录", "Supervision: rules, alerts, looks at personal data"});
  supervision.example("supervision rules", {"查看规则", "List the rules"});
  supervision.example("supervision alerts --as admin", {"查看预警", "List the alerts"});
  const auto options = std::make_shared<Options>();
  const auto leaf = [&](const char* name, Words words,
                        Result<ExitCode> (*action)(const Options&, Terminal&)) -> Command& {
    Command& command = supervision.sub(name, words);
    command.run([options, action](Terminal& terminal) { return action(*options, terminal); });
    return command;
  };
  const auto writing = [&](Command& command) {
    options->login.add_to(command);
    command.option("--idempotency-key", options->idempotency_key, "KEY",
                   {"幂等键", "The same key gives the same answer when repeated"});
  };

  Command& listing = leaf("rules", {"规则", "The rules"}, rules);
  listing.example("supervision rules", {"列出", "List them"});
  listing.example("supervision rules --json", {"以 JSON 列出", "As JSON"});

  Command& setting = leaf("set", {"设置规则", "Set a rule"}, set_rule);
  setting.positional("FILE", options->file, {"规则（JSON）", "The rule, in JSON"});
  writing(setting);
  setting.example("supervision set rule.json --as admin", {"设置", "Set it"});
  setting.example("supervision set rule.json --as admin --idempotency-key rule-1",
                  {"断线后可原样重试", "Safe to repeat when the line breaks"});

  Command& retiring = leaf("retire", {"停用规则", "Retire a rule"}, retire);
  retiring.positional("ID", options->id, {"规则标识", "Id of the rule"});
  retiring.option("--reason", options->reason, "TEXT", {"理由（公开）", "Reason, public"}).required();
  writing(retiring);
  retiring.example("supervision retire every-deposit --reason 不再需要 --as admin", {"停用", "Retire it"});
  retiring.example("supervision retire every-deposit --reason 阈值过低 --as admin --json",
                   {"以 JSON 返回", "Answer in JSON"});

  Command& alerting = leaf("alerts", {"预警，最新在前", "Alerts, newest first"}, alerts);
  alerting.option("--rule", options->rule, "ID", {"只看此规则的预警", "Of this rule only"});
  alerting.option("--before", options->before, "NUMBER", {"从此编号之前开始", "Begin before this number"});
  options->login.add_to(alerting);
  alerting.example("supervision alerts --as admin", {"列出", "List them"});
  alerting.example("supervision alerts --rule every-deposit --as admin --json",
                   {"某一规则的预警，以 JSON 返回", "Of one rule, as JSON"});

  Command& proving =
      leaf("receipt", {"下载预警所指交易的凭证", "Fetch the receipt of what an alert points at"}, receipt);
  proving.positional("NUMBER", options->number, {"预警编号", "Number of the alert"});
  proving.option("--out", options->out, "FILE", {"写入文件而非标准输出", "Write there instead of stdout"});
  options->login.add_to(proving);
  proving.example("supervision receipt 1 --out alert.receipt.json --as admin", {"下载", "Fetch it"});
  proving.example("supervision receipt 1 --as admin", {"输出到屏幕", "Print it"});

  Command& looking =
      leaf("looks", {"谁查阅过个人信息；查阅本身也被记录", "Who looked at personal data; so are you"}, looks);
  looking.option("--subject", options->subject, "SUBJECT", {"例如 credential/编号", "For example credential/ID"});
  options->login.add_to(looking);
  looking.example("supervision looks --as admin", {"列出", "List them"});
  looking.example("supervision looks --subject credential/$ID --as admin",
                  {"某一证照的查阅", "Looks at one credential"});
}

}  // namespace chancery::cli
