#include "cli/show.h"

#include <fmt/core.h>

#include "cli/files.h"

namespace chancery::cli {
namespace {

std::string text_of(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void lines_of(Terminal& terminal, const std::string& name, const nlohmann::json& value) {
  if (value.is_object()) {
    for (const auto& [member, inner] : value.items())
      lines_of(terminal, name.empty() ? member : fmt::format("{}.{}", name, member), inner);
    return;
  }
  if (value.is_array() && !value.empty() && value.front().is_object()) {
    for (std::size_t i = 0; i < value.size(); ++i) lines_of(terminal, fmt::format("{}[{}]", name, i), value[i]);
    return;
  }
  terminal.print(name.empty() ? text_of(value) : fmt::format("{}: {}", name, text_of(value)));
}

}  // namespace

void show(Terminal& terminal, const nlohmann::json& value) {
  if (terminal.json()) return terminal.print_json(value);
  lines_of(terminal, "", value);
}

void show_members(Terminal& terminal, const nlohmann::json& members) {
  for (const auto& [name, value] : members.items()) terminal.print(fmt::format("  {}: {}", name, text_of(value)));
}

void show_done(Terminal& terminal, const Words& heading, const nlohmann::json& members) {
  if (terminal.json()) return terminal.print_json(members);
  terminal.print_marked(Mark::kOk, terminal.pick(heading));
  show_members(terminal, members);
}

void show_items(Terminal& terminal, const nlohmann::json& page, const std::vector<std::string>& members) {
  if (terminal.json()) return terminal.print_json(page);
  std::vector<std::vector<std::string>> rows;
  for (const nlohmann::json& item : page.value("items", nlohmann::json::array())) {
    std::vector<std::string> row;
    for (const std::string& member : members) {
      if (!item.contains(member)) {
        row.emplace_back();
      } else if (item[member].is_object() && item[member].contains("zh") && item[member].contains("en")) {
        row.push_back(text_of(item[member][std::string(terminal.pick({"zh", "en"}))]));
      } else {
        row.push_back(text_of(item[member]));
      }
    }
    rows.push_back(std::move(row));
  }
  if (rows.empty()) return terminal.say(Words{"没有符合条件的记录。", "Nothing matches."});
  terminal.print_table(members, rows);
  if (page.value("has_more", false)) {
    terminal.say(fmt::format("{} --cursor {}", terminal.pick({"还有更多：", "there is more:"}),
                             page.value("next_cursor", std::string())));
  }
}

Result<ExitCode> deliver(Terminal& terminal, const std::string& path, const std::string& content) {
  if (path.empty()) {
    fmt::print("{}", content);
    return ExitCode::kOk;
  }
  TRY(write_file(path, as_bytes(content), Overwrite::kAllow, Access::kEverybody));
  terminal.say(fmt::format("{} {}", terminal.pick({"已写入", "written:"}), path));
  if (terminal.json()) terminal.print_json({{"file", path}, {"bytes", content.size()}});
  return ExitCode::kOk;
}

}  // namespace chancery::cli
