// Keywords that apply schemas to the members of an object (Core section 10.3.2, 10.2.2.4).

#include <fmt/format.h>

#include "packs/forms/ecma_regex.h"
#include "packs/forms/schema_compiler.h"
#include "packs/forms/schema_evaluation.h"

namespace chancery::packs {

namespace {

using Message = SchemaEvaluation::Message;

constexpr std::size_t kMaxNameBytes = 100;  // of a name repeated in a message

/// properties, patternProperties and additionalProperties, which takes what the other two leave.
class Members final : public Keyword {
 public:
  std::map<std::string, const SchemaNode*, std::less<>> by_name;
  std::vector<std::pair<EcmaRegex, const SchemaNode*>> by_pattern;
  const SchemaNode* additional = nullptr;

  bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance,
             Evaluated* evaluated) const override {
    if (!instance.is_object()) return true;
    bool valid = true;
    for (const auto& [name, value] : instance.get_ref<const Json::object_t&>()) {
      if (!evaluation.charge(1)) return false;
      bool matched = false;
      if (const auto property = by_name.find(name); property != by_name.end()) {
        matched = true;
        valid = evaluation.check_member(*property->second, name, value) && valid;
      }
      for (const auto& [pattern, schema] : by_pattern) {
        if (!evaluation.charge(pattern.search_cost(name.size()))) return false;
        if (!pattern.found_in(name)) continue;
        matched = true;
        valid = evaluation.check_member(*schema, name, value) && valid;
      }
      if (!matched && additional != nullptr) {
        matched = true;
        valid = check_additional(evaluation, node, name, value) && valid;
      }
      if (matched && evaluated != nullptr) evaluated->add_member(name);
    }
    return valid;
  }

 private:
  bool check_additional(SchemaEvaluation& evaluation, const SchemaNode& node, const std::string& name,
                        const Json& value) const {
    if (!additional->always_false) return evaluation.check_member(*additional, name, value);
    return evaluation.refuse(node, "additionalProperties", [&name] {
      return Message{fmt::format("has the member \"{}\", which is not known", cut_text(name, kMaxNameBytes)),
                     fmt::format("有未知的项“{}”", cut_text(name, kMaxNameBytes))};
    });
  }
};

class PropertyNames final : public Keyword {
 public:
  explicit PropertyNames(const SchemaNode* names) : names_(names) {}
  bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance, Evaluated*) const override {
    if (!instance.is_object()) return true;
    bool valid = true;
    for (const auto& member : instance.get_ref<const Json::object_t&>()) {
      if (!evaluation.charge(1 + member.first.size() / 64)) return false;
      if (evaluation.check_quietly(*names_, Json(member.first), nullptr)) continue;
      valid = evaluation.refuse(node, "propertyNames", [&member] {
        return Message{
            fmt::format("has the member name \"{}\", which is not permitted", cut_text(member.first, kMaxNameBytes)),
            fmt::format("项的名称“{}”不符合要求", cut_text(member.first, kMaxNameBytes))};
      });
    }
    return valid;
  }

 private:
  const SchemaNode* names_;
};

class DependentSchemas final : public Keyword {
 public:
  std::map<std::string, const SchemaNode*, std::less<>> by_name;

  bool check(SchemaEvaluation& evaluation, const SchemaNode&, const Json& instance,
             Evaluated* evaluated) const override {
    if (!instance.is_object()) return true;
    if (!evaluation.charge(by_name.size())) return false;
    bool valid = true;
    for (const auto& [name, schema] : by_name) {
      if (instance.contains(name)) valid = evaluation.check(*schema, instance, evaluated) && valid;
    }
    return valid;
  }
};

Status add_members(SchemaCompiler& compiler, SchemaNode& node, const Json& schema) {
  auto members = std::make_unique<Members>();
  const Json* properties = find_keyword(schema, "properties");
  const Json* patterns = find_keyword(schema, "patternProperties");
  const Json* additional = find_keyword(schema, "additionalProperties");
  if (properties == nullptr && patterns == nullptr && additional == nullptr) return {};
  if (properties != nullptr) {
    for (const auto& [name, value] : properties->get_ref<const Json::object_t&>()) {
      members->by_name[name] = compiler.node_of(value);
    }
  }
  if (patterns != nullptr) {
    for (const auto& [pattern, value] : patterns->get_ref<const Json::object_t&>()) {
      Result<EcmaRegex> regex = EcmaRegex::compile(pattern);
      if (!regex) {
        return fail(regex.error().reason,
                    fmt::format("schema at \"{}\": {}", node.pointer + "/patternProperties", regex.error().detail));
      }
      members->by_pattern.emplace_back(*std::move(regex), compiler.node_of(value));
    }
  }
  if (additional != nullptr) {
    members->additional = compiler.node_of(*additional);
  }
  node.keywords.push_back(std::move(members));
  return {};
}

}  // namespace

Status add_object_keywords(SchemaCompiler& compiler, SchemaNode& node, const Json& schema) {
  TRY(add_members(compiler, node, schema));
  if (const Json* names = find_keyword(schema, "propertyNames")) {
    node.keywords.push_back(std::make_unique<PropertyNames>(compiler.node_of(*names)));
  }
  if (const Json* dependent = find_keyword(schema, "dependentSchemas")) {
    auto keyword = std::make_unique<DependentSchemas>();
    for (const auto& [name, value] : dependent->get_ref<const Json::object_t&>()) {
      keyword->by_name[name] = compiler.node_of(value);
    }
    node.keywords.push_back(std::move(keyword));
  }
  return {};
}

}  // namespace chancery::packs
