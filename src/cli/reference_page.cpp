#include <fmt/core.h>

#include "cli/generated_texts.h"

namespace chancery::cli {
namespace {

std::string_view in(Language language, const Words& words) {
  return language == Language::kZhCn ? words.zh : words.en;
}

std::string synopsis(const Command& command) {
  std::string line = command.path();
  if (!command.subs().empty()) return line + " COMMAND";
  for (const OptionFacts& option : command.options()) {
    const std::string shown =
        option.positional ? option.name + (option.repeats ? "..." : "") : option.name + " " + option.value_name;
    if (option.positional) {
      line += option.required ? " " + shown : " [" + shown + "]";
    } else if (option.required) {
      line += " " + shown;
    }
  }
  return line;
}

std::string shown_option(const OptionFacts& option) {
  if (option.positional || option.value_name.empty()) return option.name;
  return option.name + " " + option.value_name;
}

std::string option_text(const OptionFacts& option, Language language) {
  std::string text(in(language, option.words));
  std::string choices;
  for (const std::string& choice : option.choices) choices += (choices.empty() ? "" : ", ") + choice;
  if (!choices.empty()) text += fmt::format(" ({})", choices);
  if (option.repeats && !option.positional) text += language == Language::kZhCn ? "（可重复）" : " (may be repeated)";
  return text;
}

void reference_of(const Command& command, Language language, std::string& out) {
  out += fmt::format("\n## {}\n\n{}.\n\n    {}\n", command.path(), in(language, command.words()), synopsis(command));
  if (!command.options().empty()) {
    out += language == Language::kZhCn ? "\n| 选项 | 含义 |\n|---|---|\n" : "\n| option | meaning |\n|---|---|\n";
    for (const OptionFacts& option : command.options()) {
      std::string cell = shown_option(option);
      for (std::size_t at = 0; (at = cell.find('|', at)) != std::string::npos; at += 2) cell.replace(at, 1, "\\|");
      out += fmt::format("| `{}` | {} |\n", cell, option_text(option, language));
    }
  }
  if (!command.examples().empty()) {
    out += "\n```sh\n";
    for (const Example& example : command.examples()) {
      out += fmt::format("# {}\nchancery {}\n", in(language, example.words), example.line);
    }
    out += "```\n";
  }
  for (const auto& sub : command.subs()) reference_of(*sub, language, out);
}

/// roff reads a leading dot or quote as a request and a backslash as an escape.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
      out += std::string("\\&") + c;
    } else {
      out += c;
    }
  }
  return out;
}

void man_of(const Command& command, Language language, std::string& out) {
  out += fmt::format(".SS {}\n{}.\n.PP\n.B {}\n", roff(command.path()), roff(in(language, command.words())),
                     roff(synopsis(command)));
  for (const OptionFacts& option : command.options()) {
    out += fmt::format(".TP\n.B {}\n{}\n", roff(shown_option(option)), roff(option_text(option, language)));
  }
  if (!command.examples().empty()) {
    out += ".PP\n.nf\n";
    for (const Example& example : command.examples()) {
      out += fmt::format("# {}\nchancery {}\n", roff(in(language, example.words)), roff(example.line));
    }
    out += ".fi\n";
  }
  for (const auto& sub : command.subs()) man_of(*sub, language, out);
}

}  // namespace

std::string reference_page(const Command& root, Language language) {
  const bool zh = language == Language::kZhCn;
  std::string out =
      zh ? "# chancery 命令参考\n\n本页由 `chancery completion reference --lang zh` 生成，请勿手工修改。\n"
         : "# The chancery command\n\nThis page is made by `chancery completion reference --lang en`; "
           "do not edit it. A test compares the two.\n\nData goes to stdout, talk and errors to stderr. "
           "With `--json` stdout holds one JSON value.\nColour follows `NO_COLOR`; progress bars are drawn "
           "on a terminal only.\n";
  out += zh ? "\n## 退出码\n\n| 码 | 含义 |\n|---|---|\n" : "\n## Exit codes\n\n| code | meaning |\n|---|---|\n";
  for (int code = 0; code < kExitCodes; ++code) {
    out += fmt::format("| {} | {} |\n", code, meaning(static_cast<ExitCode>(code), language));
  }
  reference_of(root, language, out);
  return out;
}

std::string man_page(const Command& root, Language language) {
  std::string out = fmt::format(".TH CHANCERY 1\n.SH NAME\nchancery \\- {}\n.SH SYNOPSIS\n.B {}\n.SH COMMANDS\n",
                                roff(in(language, root.words())), roff(synopsis(root)));
  man_of(root, language, out);
  out += ".SH EXIT STATUS\n";
  for (int code = 0; code < kExitCodes; ++code) {
    out += fmt::format(".TP\n.B {}\n{}\n", code, roff(meaning(static_cast<ExitCode>(code), language)));
  }
  return out;
}

}  // namespace chancery::cli
