#include "packs/manifest/manifest_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "packs/manifest/names.h"

namespace chancery::packs {

void ManifestReader::read() {
  YamlFields fields(file_, file_.root(), {"包", "the pack"});
  head(fields);
  out_.roles = titles(fields.required("roles"), {"角色", "roles"});
  out_.sources = titles(fields.required("sources"), {"来源", "sources"});
  if (const auto node = fields.optional("facts")) facts(*node);
  if (const auto node = fields.required("records")) records(*node);
  fields.refuse_others();
}

void ManifestReader::head(YamlFields& fields) {
  if (const auto node = fields.required("format"); node && file_.text_of(*node, {"format", "format"}) != "1") {
    file_.report(*node, {"不认识的 format", "an unknown format"}, {"请写 1", "Write 1"});
  }
  if (const auto node = fields.required("id")) {
    out_.id = identifier(*node, file_.text_of(*node, {"id", "id"}), {"包的 id", "the id of the pack"});
  }
  if (const auto node = fields.required("version")) {
    out_.version = file_.text_of(*node, {"version", "version"});
    if (!out_.version.empty() && !is_version(out_.version)) {
      file_.report(*node, {"版本号应形如 1.0.0", "a version looks like 1.0.0"},
                   {"请写三个由点分隔的数", "Write three numbers with dots between them"});
    }
  }
  out_.title = text_pair(fields.required("title"), {"包的 title", "the title of the pack"});
  out_.description = text_pair(fields.required("description"), {"包的 description", "the description of the pack"});
}

/// {zh-CN: ..., en: ...}, both there and not empty.
Text ManifestReader::text_pair(const std::optional<YAML::Node>& node, const Text& what) {
  Text out;
  if (!node) return out;
  YamlFields fields(file_, *node, what);
  if (const auto zh = fields.required("zh-CN"))
    out.zh = file_.text_of(*zh, {what.zh + "的 zh-CN", what.en + " in zh-CN"});
  if (const auto en = fields.required("en")) out.en = file_.text_of(*en, {what.zh + "的 en", what.en + " in en"});
  fields.refuse_others();
  return out;
}

std::string ManifestReader::identifier(const YAML::Node& node, const std::string& name, const Text& what) {
  if (name.empty() || is_identifier(name)) return name;
  file_.report(node,
               {fmt::format("{}“{}”不是标识", what.zh, name), fmt::format("{} \"{}\" is no identifier", what.en, name)},
               {"请用小写字母、数字和连字符，以字母开头，至多 64 个字符",
                "Use small letters, digits and hyphens, a letter first, at most 64"});
  return "";
}

ManifestReader::Titles ManifestReader::titles(const std::optional<YAML::Node>& node, const Text& what) {
  Titles out;
  if (!node) return out;
  for (const YamlEntry& entry : file_.entries(*node, what)) {
    const std::string id = identifier(entry.key_node, entry.key, what);
    out[id.empty() ? entry.key : id] = text_pair(entry.value, {what.zh + " " + entry.key, what.en + " " + entry.key});
  }
  return out;
}

void ManifestReader::facts(const YAML::Node& node) {
  for (const YamlEntry& entry : file_.entries(node, {"事实", "facts"})) {
    const bool own = entry.key == "record" || entry.key.starts_with("record.") || entry.key == "now";
    if (!is_fact_path(entry.key) || own) {
      file_.report(entry.key_node,
                   {fmt::format("“{}”不能作事实的路径", entry.key),
                    fmt::format("\"{}\" cannot be the path of a fact", entry.key)},
                   {"请写成 a.b，每段以字母开头；record 和 now 已有含义",
                    "Write a.b, a letter first in each part; record and now have a meaning already"});
    }
    fact(entry);
  }
}

void ManifestReader::fact(const YamlEntry& entry) {
  const Text what = {"事实 " + entry.key, "the fact " + entry.key};
  YamlFields fields(file_, entry.value, what);
  FactDeclaration& out = out_.facts[entry.key];
  if (const auto node = fields.required("kind")) {
    const std::string name = file_.text_of(*node, {what.zh + " 的 kind", "the kind of " + what.en});
    const auto kind = kind_of_name(name);
    if (!kind && !name.empty()) {
      file_.report(
          *node, {fmt::format("没有 {} 这种类型", name), fmt::format("there is no kind {}", name)},
          {"可用：bool、int、string、timestamp、list、map", "There is: bool, int, string, timestamp, list, map"});
    }
    out.kind = kind.value_or(rules::Kind::kAny);
  }
  if (const auto node = fields.required("source")) {
    const std::string name = file_.text_of(*node, {what.zh + " 的 source", "the source of " + what.en});
    out.source = reference(*node, {"来源", "the source"}, out_.sources.contains(name), name);
  }
  out.title = text_pair(fields.required("title"), {what.zh + " 的 title", "the title of " + what.en});
  fields.refuse_others();
}

/// `name` where it is declared; "" after a finding.
std::string ManifestReader::reference(const YAML::Node& node, const Text& what, bool known_there,
                                      const std::string& name) {
  if (name.empty() || known_there) return name;
  file_.report(node,
               {fmt::format("{} {} 没有声明", what.zh, name), fmt::format("{} {} is not declared", what.en, name)},
               {"请先声明它，或改正名称", "Declare it, or correct the name"});
  return "";
}

void ManifestReader::records(const YAML::Node& node) {
  for (const YamlEntry& entry : file_.entries(node, {"记录", "records"})) {
    identifier(entry.key_node, entry.key, {"记录", "the record"});
    out_.records[entry.key] = record(entry);
  }
}

RecordType ManifestReader::record(const YamlEntry& entry) {
  const Text what = {"记录 " + entry.key, "the record " + entry.key};
  RecordType out;
  out.place = file_.place_of(entry.key_node);
  YamlFields fields(file_, entry.value, what);
  out.title = text_pair(fields.required("title"), {what.zh + " 的 title", "the title of " + what.en});
  if (const auto node = fields.required("schema")) schema(*node, out);
  if (const auto node = fields.required("states")) states(*node, out);
  if (const auto node = fields.required("initial")) {
    const std::string name = file_.text_of(*node, {what.zh + " 的 initial", "the initial state of " + what.en});
    out.initial = reference(*node, {"状态", "the state"}, out.states.contains(name), name);
  }
  if (const auto node = fields.required("transitions")) transitions(*node, out);
  fields.refuse_others();
  return out;
}

void ManifestReader::schema(const YAML::Node& node, RecordType& record) {
  const std::string path = file_.text_of(node, {"schema", "schema"});
  if (path.empty()) return;
  if (!is_path_within(path)) {
    file_.report(node, {"schema 应为包内的相对路径", "schema has to be a path within the pack"},
                 {"例如 forms/rating.json", "For example forms/rating.json"});
    return;
  }
  const auto compile = [&]() -> Result<Schema> {
    ASSIGN_OR_RETURN(const std::string text, files_(path));
    ASSIGN_OR_RETURN(Json json, parse_json(text));
    return Schema::compile(std::move(json), {}, {.assert_formats = true});
  };
  auto compiled = compile();
  if (compiled) {
    record.schema = *std::move(compiled);
    return;
  }
  const Error& error = compiled.error();
  const ReasonText& reason = reason_text(error.reason);
  file_.report(
      node,
      {fmt::format("{}：{}（{}）", path, reason.title_zh, error.detail_zh.empty() ? error.detail : error.detail_zh),
       fmt::format("{}: {} ({})", path, reason.title_en, error.detail)},
      {"请提供符合 JSON Schema 2020-12 的模式文件", "Give a schema file of JSON Schema 2020-12"});
}

void ManifestReader::states(const YAML::Node& node, RecordType& record) {
  for (const YamlEntry& entry : file_.entries(node, {"状态", "states"})) {
    identifier(entry.key_node, entry.key, {"状态", "the state"});
    const Text what = {"状态 " + entry.key, "the state " + entry.key};
    State& state = record.states[entry.key];
    state.place = file_.place_of(entry.key_node);
    YamlFields fields(file_, entry.value, what);
    state.title = text_pair(fields.required("title"), {what.zh + " 的 title", "the title of " + what.en});
    if (const auto final = fields.optional("final")) state.final = file_.flag_of(*final, {"final", "final"});
    fields.refuse_others();
  }
}

void ManifestReader::transitions(const YAML::Node& node, RecordType& record) {
  for (const YAML::Node& item : file_.items_of(node, {"transitions", "transitions"})) transition(item, record);
}

void ManifestReader::transition(const YAML::Node& node, RecordType& record) {
  const Text what = {"转换", "the transition"};
  YamlFields fields(file_, node, what);
  Transition out;
  out.place = file_.place_of(node);
  if (const auto id = fields.required("id")) {
    out.id = identifier(*id, file_.text_of(*id, {"id", "id"}), what);
    if (!out.id.empty() && std::ranges::find(record.transitions, out.id, &Transition::id) != record.transitions.end()) {
      file_.report(*id,
                   {fmt::format("转换 {} 出现两次", out.id), fmt::format("the transition {} occurs twice", out.id)},
                   {"请改用另一个 id", "Give it another id"});
    }
  }
  out.title = text_pair(fields.required("title"), {"转换的 title", "the title of the transition"});
  const auto state = [&](const YAML::Node& at, const Text& of) {
    const std::string name = file_.text_of(at, of);
    return reference(at, {"状态", "the state"}, record.states.contains(name), name);
  };
  if (const auto from = fields.required("from")) {
    for (const YAML::Node& item : file_.items_of(*from, {"from", "from"})) {
      out.from.push_back(state(item, {"from", "from"}));
    }
  }
  if (const auto to = fields.required("to")) out.to = state(*to, {"to", "to"});
  if (const auto roles = fields.required("roles")) {
    for (const YAML::Node& item : file_.items_of(*roles, {"roles", "roles"})) {
      const std::string name = file_.text_of(item, {"角色", "a role"});
      out.roles.push_back(reference(item, {"角色", "the role"}, out_.roles.contains(name), name));
    }
  }
  if (const auto rule = fields.optional("guard")) guard(*rule, out);
  fields.refuse_others();
  record.transitions.push_back(std::move(out));
}

void ManifestReader::guard(const YAML::Node& node, Transition& transition) {
  const std::string text = file_.text_of(node, {"guard", "guard"});
  if (text.empty()) return;
  auto rule = rules::Rule::read(text);
  const Status checked = rule ? rule->check(declared_facts(out_)) : std::unexpected(rule.error());
  if (checked) {
    transition.guard = *std::move(rule);
    return;
  }
  const rules::PlacedDetail why = rules::placed_detail(checked.error());
  file_.report(file_.place_within(node, why.place), {"guard：" + why.zh, "guard: " + why.en},
               {"请按 docs/formats/rules.md 改正", "Correct it, see docs/formats/rules.md"});
}

}  // namespace chancery::packs
