#pragma once
// One command tree: parsing, help, completion, the man page and docs/cli.md all come from it, so they never disagree.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.h"
#include "cli/terminal.h"

namespace CLI {
class App;
}  // namespace CLI

namespace chancery::cli {

/// What a command does once its options are read. An error becomes its message and the exit code of its reason.
using Action = std::function<Result<ExitCode>(Terminal&)>;

struct OptionFacts {
  std::string name;        ///< "--trust", or "FILE" for a positional one
  std::string value_name;  ///< "FILE", "HEIGHT"; empty for a flag
  Words words;
  bool positional = false;
  bool required = false;
  bool repeats = false;
  std::vector<std::string> choices = {};
};

struct Example {
  std::string line;  ///< Without "chancery " in front.
  Words words;
};

/// A node of the tree. Targets of options outlive the parsing: commands keep them in a shared_ptr held by their action.
class Command {
 public:
  Command(std::string name, Words words, Command* parent, CLI::App* app, Language language);

  Command& sub(std::string name, Words words);
  Command& option(const std::string& name, std::string& target, std::string value_name, Words words);
  Command& option(const std::string& name, std::uint64_t& target, std::string value_name, Words words);
  Command& option(const std::string& name, std::vector<std::string>& target, std::string value_name, Words words);
  Command& flag(const std::string& name, bool& target, Words words);
  Command& positional(const std::string& name, std::string& target, Words words, bool required = true);
  Command& positional(const std::string& name, std::vector<std::string>& target, Words words, bool required = true);
  /// Applies to the option added last.
  Command& required();
  Command& one_of(std::vector<std::string> choices);
  Command& example(std::string line, Words words);
  void run(Action action);

  const std::string& name() const { return name_; }
  const Words& words() const { return words_; }
  /// "chancery evidence deposit"
  std::string path() const;
  const std::vector<std::unique_ptr<Command>>& subs() const { return subs_; }
  const std::vector<OptionFacts>& options() const { return options_; }
  const std::vector<Example>& examples() const { return examples_; }
  const Action& action() const { return action_; }
  bool was_parsed() const;

 private:
  void remember(OptionFacts facts, void* cli_option);
  std::string name_;
  Words words_;
  Command* parent_;
  CLI::App* app_;
  Language language_;
  void* last_option_ = nullptr;
  std::vector<std::unique_ptr<Command>> subs_;
  std::vector<OptionFacts> options_;
  std::vector<Example> examples_;
  Action action_;
};

class CommandTree {
 public:
  explicit CommandTree(Language language);
  ~CommandTree();

  Command& root() { return *root_; }
  const Command& root() const { return *root_; }
  GlobalOptions& globals() { return globals_; }

  /// Parses, runs the chosen command and gives the number to exit with. Help and usage errors are printed here.
  int run(int argc, const char* const* argv);

 private:
  std::unique_ptr<CLI::App> app_;
  GlobalOptions globals_;
  std::string language_flag_;
  std::unique_ptr<Command> root_;
};

/// The --lang of a command line before it is parsed: help itself must speak the language.
std::string_view language_flag_of(int argc, const char* const* argv);

}  // namespace chancery::cli
