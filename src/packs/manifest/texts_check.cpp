#include "packs/manifest/texts_check.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "packs/manifest/yaml_file.h"

namespace chancery::packs {

namespace {

struct OneLanguage {
  std::optional<YamlFile> file;
  std::map<std::string, std::pair<std::string, rules::Place>, std::less<>> texts;
};

OneLanguage read_language(const std::string& path, const PackFiles& files, Findings& findings) {
  OneLanguage out;
  auto content = files(path);
  if (!content) {
    findings.add({path, {}, {"缺少这个文件", "this file is missing"}, {"请补上它", "Add it"}});
    return out;
  }
  out.file = YamlFile::load(path, *std::move(content), findings);
  if (!out.file) return out;
  for (const YamlEntry& entry : out.file->entries(out.file->root(), {"文字表", "the table of texts"})) {
    const std::string text = out.file->text_of(entry.value, {"文字 " + entry.key, "the text " + entry.key});
    out.texts[entry.key] = {text, out.file->place_of(entry.key_node)};
  }
  return out;
}

std::set<std::string> placeholders(std::string_view text) {
  std::set<std::string> out;
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    if (close != std::string_view::npos) out.emplace(text.substr(open, close - open + 1));
  }
  return out;
}

void report_missing(OneLanguage& in, const OneLanguage& other, const std::string& other_path) {
  for (const auto& [key, text] : in.texts) {
    if (other.texts.contains(key)) continue;
    in.file->report(text.second,
                    {fmt::format("{} 没有 {}", other_path, key), fmt::format("{} has no {}", other_path, key)},
                    {"请补上译文，或在两个文件中都删去它", "Add the translation, or remove it from both files"});
  }
}

}  // namespace

std::map<std::string, Text, std::less<>> read_texts(const PackFiles& files, Findings& findings) {
  const std::string zh_path = "texts/zh-CN.yaml", en_path = "texts/en.yaml";
  OneLanguage zh = read_language(zh_path, files, findings);
  OneLanguage en = read_language(en_path, files, findings);
  std::map<std::string, Text, std::less<>> out;
  if (!zh.file || !en.file) return out;
  report_missing(zh, en, en_path);
  report_missing(en, zh, zh_path);
  for (const auto& [key, text] : zh.texts) {
    const auto found = en.texts.find(key);
    if (found == en.texts.end()) continue;
    out[key] = {text.first, found->second.first};
    if (placeholders(text.first) == placeholders(found->second.first)) continue;
    en.file->report(found->second.second,
                    {fmt::format("{} 的占位符与 {} 不同", key, zh_path),
                     fmt::format("the placeholders of {} differ from {}", key, zh_path)},
                    {"请使两种语言的占位符一致", "Use the same placeholders in both languages"});
  }
  return out;
}

}  // namespace chancery::packs
