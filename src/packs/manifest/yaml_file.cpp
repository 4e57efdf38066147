#include "packs/manifest/yaml_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"

namespace chancery::packs {

namespace {

const Text kSeeDocs = {"请参照 docs/formats/pack.md", "See docs/formats/pack.md"};

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? "" : between).append(word);
  return out;
}

}  // namespace

std::optional<YamlFile> YamlFile::load(std::string name, std::string text, Findings& findings) {
  YamlFile file(std::move(name), std::move(text), findings);
  if (file.text_.size() > kMaxYaml_bytes || !is_utf8(file.text_)) {
    file.report(rules::Place{}, {"文件超过 256 KiB 或不是 UTF-8", "the file is longer than 256 KiB or not UTF-8"},
                {"请拆分文件并以 UTF-8 保存", "Split it and save it as UTF-8"});
    return std::nullopt;
  }
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(file.text_);
    if (documents.size() == 1) {
      file.root_ = documents.front();
      return file;
    }
    file.report(rules::Place{}, {"文件中应恰有一个 YAML 文档", "the file has to hold exactly one YAML document"},
                kSeeDocs);
  } catch (const YAML::Exception& thrown) {
    const std::size_t line = thrown.mark.line < 0 ? 0 : static_cast<std::size_t>(thrown.mark.line);
    const std::size_t column = thrown.mark.column < 0 ? 0 : static_cast<std::size_t>(thrown.mark.column);
    file.report(rules::Place{line + 1, utf8_length(file.line(line).substr(0, column)) + 1},
                {fmt::format("不是 YAML：{}", thrown.msg), fmt::format("not YAML: {}", thrown.msg)},
                {"请改正缩进、引号或括号", "Correct the indentation, quotes or brackets"});
  }
  return std::nullopt;
}

/// From 0, without its end; empty beyond the last one.
std::string_view YamlFile::line(std::size_t number) const {
  std::string_view rest = text_;
  for (; number > 0; --number) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
  return rest.substr(0, rest.find('\n'));
}

rules::Place YamlFile::place_of(const YAML::Node& node) const {
  const YAML::Mark mark = node.Mark();
  if (mark.line < 0) return {};
  const auto line_number = static_cast<std::size_t>(mark.line);
  // The library counts columns in bytes.
  const std::string_view before = line(line_number).substr(0, static_cast<std::size_t>(mark.column));
  return {line_number + 1, utf8_length(before) + 1};
}

rules::Place YamlFile::place_within(const YAML::Node& scalar, rules::Place inside) const {
  const rules::Place start = place_of(scalar);
  const YAML::Mark mark = scalar.Mark();
  if (mark.line < 0) return start;
  const auto first = static_cast<std::size_t>(mark.line);
  const std::string_view here = line(first);
  const auto at = std::min(static_cast<std::size_t>(mark.column), here.size());
  const std::string& value = scalar.Scalar();
  if (here.substr(at).starts_with(value)) return {start.line, start.column + inside.column - 1};
  const bool quoted = here.size() > at && (here[at] == '"' || here[at] == '\'');
  if (quoted && here.substr(at + 1).starts_with(value)) return {start.line, start.column + inside.column};
  if (here.substr(at).starts_with('|')) {
    const std::string_view content = line(first + inside.line);
    const std::size_t indentation = line(first + 1).find_first_not_of(' ');
    if (indentation < content.size()) return {start.line + inside.line, indentation + inside.column};
  }
  return start;
}

void YamlFile::report(const YAML::Node& at, Text wrong, Text remedy) {
  report(place_of(at), std::move(wrong), std::move(remedy));
}

void YamlFile::report(rules::Place at, Text wrong, Text remedy) {
  findings_->add({name_, at, std::move(wrong), std::move(remedy)});
}

std::vector<YamlEntry> YamlFile::entries(const YAML::Node& node, const Text& what) {
  std::vector<YamlEntry> out;
  if (!node.IsMap()) {
    report(node, {what.zh + "应为键值映射", what.en + " has to be a map"}, kSeeDocs);
    return out;
  }
  for (const auto& pair : node) {
    if (!pair.first.IsScalar()) {
      report(pair.first, {"键应为文字", "a key has to be a text"}, kSeeDocs);
      continue;
    }
    const std::string& key = pair.first.Scalar();
    if (std::ranges::find(out, key, &YamlEntry::key) != out.end()) {
      report(pair.first, {fmt::format("键 {} 出现两次", key), fmt::format("the key {} occurs twice", key)},
             {"请删去其一", "Remove one of them"});
      continue;
    }
    out.push_back({key, pair.first, pair.second});
  }
  return out;
}

std::string YamlFile::text_of(const YAML::Node& node, const Text& what) {
  if (node.IsScalar() && !node.Scalar().empty()) return node.Scalar();
  report(node, {what.zh + "应为非空文字", what.en + " has to be a text that is not empty"},
         {"请填写文字", "Write the text"});
  return "";
}

bool YamlFile::flag_of(const YAML::Node& node, const Text& what) {
  if (node.IsScalar() && (node.Scalar() == "true" || node.Scalar() == "false")) return node.Scalar() == "true";
  report(node, {what.zh + "应为 true 或 false", what.en + " has to be true or false"},
         {"请改为 true 或 false", "Write true or false"});
  return false;
}

std::vector<YAML::Node> YamlFile::items_of(const YAML::Node& node, const Text& what) {
  if (!node.IsSequence() || node.size() == 0) {
    report(node, {what.zh + "应为非空列表", what.en + " has to be a list that is not empty"},
           {"请写成 [a, b]", "Write it as [a, b]"});
    return {};
  }
  return {node.begin(), node.end()};
}

YamlFields::YamlFields(YamlFile& file, const YAML::Node& node, Text what)
    : file_(file), node_(node), what_(std::move(what)), entries_(file.entries(node, what_)) {}

std::optional<YAML::Node> YamlFields::optional(std::string_view key) {
  known_.emplace_back(key);
  const auto found = std::ranges::find(entries_, key, &YamlEntry::key);
  if (found == entries_.end()) return std::nullopt;
  found->taken = true;
  return found->value;
}

std::optional<YAML::Node> YamlFields::required(std::string_view key) {
  auto found = optional(key);
  if (!found && node_.IsMap()) {
    file_.report(node_, {fmt::format("{}缺少 {}", what_.zh, key), fmt::format("{} lacks {}", what_.en, key)},
                 {fmt::format("请补上 {}", key), fmt::format("Add {}", key)});
  }
  return found;
}

void YamlFields::refuse_others() {
  for (const YamlEntry& entry : entries_) {
    if (entry.taken) continue;
    file_.report(
        entry.key_node,
        {fmt::format("{}没有 {} 这一项", what_.zh, entry.key), fmt::format("{} has no {}", what_.en, entry.key)},
        {fmt::format("可用的项：{}", joined(known_, "、")), fmt::format("There is: {}", joined(known_, ", "))});
  }
}

}  // namespace chancery::packs
