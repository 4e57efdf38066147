#include <fmt/core.h>

#include <functional>

#include "cli/generated_texts.h"

namespace chancery::cli {
namespace {

/// Depth first, parents before children.
void walk(const Command& command, const std::function<void(const Command&)>& visit) {
  visit(command);
  for (const auto& sub : command.subs()) walk(*sub, visit);
}

/// What may follow on the command line: subcommands, options of the command, options of the root.
std::string words_of(const Command& command, const Command& root) {
  std::string words;
  for (const auto& sub : command.subs()) words.append(sub->name()).append(" ");
  const auto add_options = [&](const Command& of) {
    for (const OptionFacts& option : of.options()) {
      if (!option.positional) words.append(option.name).append(" ");
    }
  };
  add_options(command);
  if (&command != &root) add_options(root);
  return words + "--help";
}

/// Single quotes of a shell word.
std::string shell_word(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  out += '\'';
  return out;
}

}  // namespace

std::string bash_completion(const Command& root) {
  std::string cases;
  walk(root, [&](const Command& command) {
    cases += fmt::format("        {}) words={} ;;\n", shell_word(command.path()), shell_word(words_of(command, root)));
  });
  std::string choices;
  walk(root, [&](const Command& command) {
    for (const OptionFacts& option : command.options()) {
      if (option.choices.empty()) continue;
      std::string list;
      for (const std::string& choice : option.choices) list.append(list.empty() ? "" : " ").append(choice);
      choices += fmt::format("        {}) COMPREPLY=($(compgen -W {} -- \"$current\")); return ;;\n",
                             shell_word(command.path() + " " + option.name), shell_word(list));
    }
  });
  return fmt::format(
      R"(# bash completion for chancery; `chancery completion bash > /etc/bash_completion.d/chancery`
_chancery() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}" path="chancery" word words i
    for ((i = 1; i < COMP_CWORD; i++)); do
        word="${{COMP_WORDS[i]}}"
        case "$path $word" in
{}        esac
    done
    case "$path $previous" in
{}        *) ;;
    esac
    words=""
    case "$path" in
{}    esac
    if [[ "$current" == -* || -n "$words" ]]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi
    if [[ ${{#COMPREPLY[@]}} -eq 0 ]]; then COMPREPLY=($(compgen -f -- "$current")); fi
}}
complete -o filenames -F _chancery chancery
)",
      [&] {
        std::string paths;
        walk(root, [&](const Command& command) {
          if (&command != &root)
            paths +=
                fmt::format("            {}) path={} ;;\n", shell_word(command.path()), shell_word(command.path()));
        });
        return paths;
      }(),
      choices, cases);
}

std::string zsh_completion(const Command& root) {
  return "#compdef chancery\n# zsh completion for chancery; put it as _chancery into a directory of $fpath\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         bash_completion(root);
}

std::string fish_completion(const Command& root) {
  std::string out =
      "# fish completion for chancery; `chancery completion fish > ~/.config/fish/completions/chancery.fish`\n"
      "complete -c chancery -f\n";
  walk(root, [&](const Command& command) {
    // A command is at hand when every name of its path was typed.
    std::string condition;
    for (const Command* at = &command; at != &root;) {
      condition =
          fmt::format("__fish_seen_subcommand_from {}{}{}", at->name(), condition.empty() ? "" : "; and ", condition);
      const Command* parent = nullptr;
      walk(root, [&](const Command& candidate) {
        for (const auto& sub : candidate.subs()) {
          if (sub.get() == at) parent = &candidate;
        }
      });
      at = parent;
    }
    const std::string when = condition.empty() ? "" : fmt::format(" -n {}", shell_word(condition));
    for (const auto& sub : command.subs()) {
      out +=
          fmt::format("complete -c chancery{} -a {} -d {}\n", condition.empty() ? " -n '__fish_use_subcommand'" : when,
                      sub->name(), shell_word(sub->words().en));
    }
    for (const OptionFacts& option : command.options()) {
      if (option.positional) continue;
      out += fmt::format("complete -c chancery{} -l {}{} -d {}\n", when, option.name.substr(2),
                         option.value_name.empty() ? "" : " -r -F", shell_word(option.words.en));
    }
  });
  return out;
}

}  // namespace chancery::cli
