#include <fmt/core.h>

#include "cli/all_commands.h"
#include "cli/generated_texts.h"

namespace chancery::cli {

void add_completion(CommandTree& tree) {
  Command& completion =
      tree.root().sub("completion", {"命令补全、手册页与命令参考", "Shell completion, man page and reference"});
  completion.example("completion bash", {"bash 补全脚本", "Completion for bash"});
  completion.example("completion man", {"手册页", "The man page"});
  const CommandTree* const whole = &tree;
  const auto leaf = [&](const char* name, Words words, std::function<std::string(Terminal&)> text) {
    Command& command = completion.sub(name, words);
    command.example(fmt::format("completion {}", name), {"输出到标准输出", "To standard output"});
    command.example(fmt::format("completion {} --lang zh", name), {"中文", "In Chinese"});
    command.run([text = std::move(text)](Terminal& terminal) -> Result<ExitCode> {
      const std::string made = text(terminal);
      if (terminal.json()) {
        terminal.print_json(made);
      } else {
        fmt::print("{}", made);
      }
      return ExitCode::kOk;
    });
  };
  leaf("bash", {"bash 补全脚本", "Completion script for bash"},
       [whole](Terminal&) { return bash_completion(whole->root()); });
  leaf("zsh", {"zsh 补全脚本", "Completion script for zsh"},
       [whole](Terminal&) { return zsh_completion(whole->root()); });
  leaf("fish", {"fish 补全脚本", "Completion script for fish"},
       [whole](Terminal&) { return fish_completion(whole->root()); });
  leaf("man", {"手册页（roff）", "Man page (roff)"},
       [whole](Terminal& terminal) { return man_page(whole->root(), terminal.language()); });
  leaf("reference", {"命令参考（Markdown）", "Reference page (Markdown)"},
       [whole](Terminal& terminal) { return reference_page(whole->root(), terminal.language()); });
}

}  // namespace chancery::cli
