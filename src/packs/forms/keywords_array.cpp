// Keywords that apply schemas to the items of an array (Core section 10.3.1), and the unevaluated ones (section 11).

#include <fmt/format.h>

#include "packs/forms/schema_compiler.h"
#include "packs/forms/schema_evaluation.h"

namespace chancery::packs {

namespace {

using Message = SchemaEvaluation::Message;

/// prefixItems, and items for what lies behind it.
class Items final : public Keyword {
 public:
  std::vector<const SchemaNode*> prefix;
  const SchemaNode* rest = nullptr;

  bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance,
             Evaluated* evaluated) const override {
    if (!instance.is_array()) return true;
    const std::size_t checked = rest == nullptr ? std::min(prefix.size(), instance.size()) : instance.size();
    if (rest != nullptr && rest->always_false && instance.size() > prefix.size()) {
      return evaluation.refuse(node, "items", [this] {
        return Message{fmt::format("has more than {} items", prefix.size()), fmt::format("多于 {} 项", prefix.size())};
      });
    }
    bool valid = true;
    for (std::size_t i = 0; i < checked && !evaluation.exhausted(); ++i) {
      const SchemaNode* schema = i < prefix.size() ? prefix[i] : rest;
      CHANCERY_CHECK(schema != nullptr);
      valid = evaluation.check_item(*schema, i, instance[i]) && valid;
    }
    if (evaluated != nullptr) evaluated->add_items_below(checked);
    return valid;
  }
};

class Contains final : public Keyword {
 public:
  const SchemaNode* wanted = nullptr;
  std::size_t least = 1;
  std::optional<std::size_t> most;

  bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance,
             Evaluated* evaluated) const override {
    if (!instance.is_array()) return true;
    std::size_t found = 0;
    for (std::size_t i = 0; i < instance.size() && !evaluation.exhausted(); ++i) {
      if (!evaluation.check_item_quietly(*wanted, i, instance[i])) continue;
      ++found;
      if (evaluated != nullptr) evaluated->add_item(i);
    }
    if (found < least) {
      return evaluation.refuse(node, least == 1 ? "contains" : "minContains", [this] {
        return Message{fmt::format("must contain at least {} items of the required form", least),
                       fmt::format("至少须有 {} 项符合所要求的形式", least)};
      });
    }
    return !most || found <= *most || evaluation.refuse(node, "maxContains", [this] {
      return Message{fmt::format("must contain at most {} items of the named form", *most),
                     fmt::format("至多可有 {} 项符合所述的形式", *most)};
    });
  }
};

class UnevaluatedItems final : public Keyword {
 public:
  explicit UnevaluatedItems(const SchemaNode* schema) : schema_(schema) {}
  bool check(SchemaEvaluation& evaluation, const SchemaNode&, const Json& instance,
             Evaluated* evaluated) const override {
    if (!instance.is_array()) return true;
    bool valid = true;
    for (std::size_t i = 0; i < instance.size(); ++i) {
      if (!evaluation.charge(1)) return false;
      if (!evaluated->has_item(i)) valid = evaluation.check_item(*schema_, i, instance[i]) && valid;
    }
    evaluated->add_items_below(instance.size());
    return valid;
  }

 private:
  const SchemaNode* schema_;
};

class UnevaluatedProperties final : public Keyword {
 public:
  explicit UnevaluatedProperties(const SchemaNode* schema) : schema_(schema) {}
  bool check(SchemaEvaluation& evaluation, const SchemaNode&, const Json& instance,
             Evaluated* evaluated) const override {
    if (!instance.is_object()) return true;
    bool valid = true;
    for (const auto& [name, value] : instance.get_ref<const Json::object_t&>()) {
      if (!evaluation.charge(1)) return false;
      if (!evaluated->has_member(name)) valid = evaluation.check_member(*schema_, name, value) && valid;
    }
    evaluated->add_all_members();
    return valid;
  }

 private:
  const SchemaNode* schema_;
};

}  // namespace

Status add_array_keywords(SchemaCompiler& compiler, SchemaNode& node, const Json& schema) {
  const Json* prefix = find_keyword(schema, "prefixItems");
  const Json* rest = find_keyword(schema, "items");
  if (prefix != nullptr || rest != nullptr) {
    auto items = std::make_unique<Items>();
    if (prefix != nullptr) {
      for (const Json& item : *prefix) items->prefix.push_back(compiler.node_of(item));
    }
    if (rest != nullptr) items->rest = compiler.node_of(*rest);
    node.keywords.push_back(std::move(items));
  }
  if (const Json* wanted = find_keyword(schema, "contains")) {
    auto contains = std::make_unique<Contains>();
    contains->wanted = compiler.node_of(*wanted);
    if (node.resource->vocabularies.validation) {
      ASSIGN_OR_RETURN(const std::optional<std::size_t> least, size_keyword(node, schema, "minContains"));
      ASSIGN_OR_RETURN(contains->most, size_keyword(node, schema, "maxContains"));
      contains->least = least.value_or(1);
    }
    node.keywords.push_back(std::move(contains));
  }
  return {};
}

Status add_unevaluated_keywords(SchemaCompiler& compiler, SchemaNode& node, const Json& schema) {
  if (const Json* items = find_keyword(schema, "unevaluatedItems")) {
    node.asks_for_evaluated = true;
    node.keywords.push_back(std::make_unique<UnevaluatedItems>(compiler.node_of(*items)));
  }
  if (const Json* members = find_keyword(schema, "unevaluatedProperties")) {
    node.asks_for_evaluated = true;
    node.keywords.push_back(std::make_unique<UnevaluatedProperties>(compiler.node_of(*members)));
  }
  return {};
}

}  // namespace chancery::packs
