#include "cli/command.h"

#include <fmt/core.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdlib>

namespace chancery::cli {
namespace {

std::string in(Language language, const Words& words) {
  return std::string(language == Language::kZhCn ? words.zh : words.en);
}

std::string examples_footer(const std::vector<Example>& examples, Language language) {
  std::string text = language == Language::kZhCn ? "\n示例：" : "\nExamples:";
  for (const Example& example : examples) {
    text += fmt::format("\n  # {}\n  chancery {}", in(language, example.words), example.line);
  }
  return text;
}

const Command* parsed_leaf(const Command& command) {
  for (const auto& sub : command.subs()) {
    if (sub->was_parsed()) return parsed_leaf(*sub);
  }
  return &command;
}

}  // namespace

Command::Command(std::string name, Words words, Command* parent, CLI::App* app, Language language)
    : name_(std::move(name)), words_(words), parent_(parent), app_(app), language_(language) {}

Command& Command::sub(std::string name, Words words) {
  CLI::App* app = app_->add_subcommand(name, in(language_, words));
  app->fallthrough();
  app_->require_subcommand(1);
  subs_.push_back(std::make_unique<Command>(std::move(name), words, this, app, language_));
  return *subs_.back();
}

void Command::remember(OptionFacts facts, void* cli_option) {
  options_.push_back(std::move(facts));
  last_option_ = cli_option;
}

Command& Command::option(const std::string& name, std::string& target, std::string value_name, Words words) {
  auto* option = app_->add_option(name, target, in(language_, words))->type_name(value_name);
  remember({name, std::move(value_name), words}, option);
  return *this;
}

Command& Command::option(const std::string& name, std::uint64_t& target, std::string value_name, Words words) {
  auto* option = app_->add_option(name, target, in(language_, words))->type_name(value_name);
  remember({name, std::move(value_name), words}, option);
  return *this;
}

Command& Command::option(const std::string& name, std::vector<std::string>& target, std::string value_name,
                         Words words) {
  // One value each time: "--field a --field b", so that a positional argument behind it isn't swallowed.
  auto* option = app_->add_option(name, target, in(language_, words))->type_name(value_name)->allow_extra_args(false);
  remember({name, std::move(value_name), words, false, false, true}, option);
  return *this;
}

Command& Command::flag(const std::string& name, bool& target, Words words) {
  remember({name, "", words}, app_->add_flag(name, target, in(language_, words)));
  return *this;
}

Command& Command::positional(const std::string& name, std::string& target, Words words, bool required) {
  auto* option = app_->add_option(name, target, in(language_, words))->type_name("")->required(required);
  remember({name, name, words, true, required}, option);
  return *this;
}

Command& Command::positional(const std::string& name, std::vector<std::string>& target, Words words, bool required) {
  auto* option = app_->add_option(name, target, in(language_, words))->type_name("")->required(required);
  remember({name, name, words, true, required, true}, option);
  return *this;
}

Command& Command::required() {
  static_cast<CLI::Option*>(last_option_)->required();
  options_.back().required = true;
  return *this;
}

Command& Command::one_of(std::vector<std::string> choices) {
  static_cast<CLI::Option*>(last_option_)->check(CLI::IsMember(choices));
  options_.back().choices = std::move(choices);
  return *this;
}

Command& Command::example(std::string line, Words words) {
  examples_.push_back({std::move(line), words});
  app_->footer(examples_footer(examples_, language_));
  return *this;
}

void Command::run(Action action) {
  action_ = std::move(action);
}

std::string Command::path() const {
  return parent_ == nullptr ? name_ : parent_->path() + " " + name_;
}

bool Command::was_parsed() const {
  return app_->parsed();
}

CommandTree::CommandTree(Language language) : app_(std::make_unique<CLI::App>()) {
  const Words purpose{"可验证的公共记录账本：签发、存证、证明、核验",
                      "A ledger for public records: issue, deposit, prove, verify"};
  globals_.language = language;
  app_->name("chancery");
  app_->description(in(language, purpose));
  app_->get_formatter()->column_width(34);
  if (language == Language::kZhCn) {
    app_->set_help_flag("-h,--help", "显示帮助");
    app_->get_formatter()->label("Usage", "用法");
    app_->get_formatter()->label("OPTIONS", "[选项]");
    app_->get_formatter()->label("SUBCOMMAND", "子命令");
    app_->get_formatter()->label("REQUIRED", "（必填）");
    app_->get_formatter()->label("Positionals", "参数");
    app_->get_formatter()->label("Options", "选项");
    app_->get_formatter()->label("Subcommands", "子命令");
  } else {
    app_->set_help_flag("-h,--help", "Print this help");
  }
  app_->set_version_flag("--version", "chancery " CHANCERY_VERSION);
  if (const char* server = std::getenv("CHANCERY_SERVER"); server != nullptr) globals_.server = server;
  if (globals_.server.empty()) globals_.server = "http://127.0.0.1:8700";
  if (const char* token = std::getenv("CHANCERY_TOKEN"); token != nullptr) globals_.token = token;
  root_ = std::make_unique<Command>("chancery", purpose, nullptr, app_.get(), language);
  root_->flag("--json", globals_.json, {"以 JSON 输出结果", "Print the result as JSON"});
  root_->flag("--quiet", globals_.quiet, {"只输出结果和错误", "Print results and errors only"});
  root_->flag("--yes", globals_.yes, {"破坏性操作不再询问", "Do not ask before destroying something"});
  root_->option("--lang", language_flag_, "zh|en", {"界面语言，默认取自 LANG", "Language of texts; default from LANG"})
      .one_of({"zh", "en"});
  root_->option("--server", globals_.server, "URL",
                {"节点地址（CHANCERY_SERVER），默认 http://127.0.0.1:8700",
                 "Address of the node (CHANCERY_SERVER), default http://127.0.0.1:8700"});
}

CommandTree::~CommandTree() = default;

int CommandTree::run(int argc, const char* const* argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and --version end with 0; every other parse error is a usage error.
    const int code = app_->exit(error);
    return code == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  }
  Terminal terminal(globals_);
  const Command* command = parsed_leaf(*root_);
  if (!command->action()) {
    terminal.print_error({Reason::kUsage, "no such command", "没有这个命令"});
    return static_cast<int>(ExitCode::kUsage);
  }
  const Result<ExitCode> code = command->action()(terminal);
  if (code.has_value()) return static_cast<int>(*code);
  terminal.print_error(code.error());
  return static_cast<int>(exit_code_of(code.error().reason));
}

std::string_view language_flag_of(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with("--lang=")) return argument.substr(7);
    if (argument == "--lang" && i + 1 < argc) return argv[i + 1];
  }
  return {};
}

}  // namespace chancery::cli
