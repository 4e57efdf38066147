// Lengths, counts, required members, patterns and formats (Validation sections 6.3 to 6.5 and 7).

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "packs/forms/ecma_regex.h"
#include "packs/forms/formats.h"
#include "packs/forms/schema_compiler.h"
#include "packs/forms/schema_evaluation.h"

namespace chancery::packs {

namespace {

using Message = SchemaEvaluation::Message;

/// What a limit counts; nullopt where the instance is of another type.
using Count = std::optional<std::size_t> (*)(const Json&);

struct SizeKeyword {
  std::string_view name;
  bool is_minimum;
  Count count;
  std::string_view unit_en;
  std::string_view unit_zh;
};

std::optional<std::size_t> count_characters(const Json& value) {
  if (!value.is_string()) return std::nullopt;
  return utf8_length(value.get_ref<const std::string&>());
}
std::optional<std::size_t> count_items(const Json& value) {
  return value.is_array() ? std::optional(value.size()) : std::nullopt;
}
std::optional<std::size_t> count_members(const Json& value) {
  return value.is_object() ? std::optional(value.size()) : std::nullopt;
}

constexpr SizeKeyword kSizeKeywords[] = {
    {"minLength", true, count_characters, "characters", "个字符"},
    {"maxLength", false, count_characters, "characters", "个字符"},
    {"minItems", true, count_items, "items", "项"},
    {"maxItems", false, count_items, "items", "项"},
    {"minProperties", true, count_members, "members", "个成员"},
    {"maxProperties", false, count_members, "members", "个成员"},
};

class Size final : public Keyword {
 public:
  Size(const SizeKeyword& keyword, std::size_t limit) : keyword_(keyword), limit_(limit) {}
  bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance, Evaluated*) const override {
    const std::optional<std::size_t> count = keyword_.count(instance);
    if (!count) return true;
    if (instance.is_string() && !evaluation.charge(instance.get_ref<const std::string&>().size() / 1024)) return false;
    if (keyword_.is_minimum ? *count >= limit_ : *count <= limit_) return true;
    return evaluation.refuse(node, keyword_.name, [&] {
      return Message{fmt::format("has {} {}, {} {} are permitted", *count, keyword_.unit_en,
                                 keyword_.is_minimum ? "at least" : "at most", limit_),
                     fmt::format("有 {} {}，{} {} {}", *count, keyword_.unit_zh,
                                 keyword_.is_minimum ? "至少须有" : "至多可有", limit_, keyword_.unit_zh)};
    });
  }

 private:
  const SizeKeyword& keyword_;
  std::size_t limit_;
};

class UniqueItems final : public Keyword {
 public:
  bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance, Evaluated*) const override {
    if (!instance.is_array()) return true;
    std::vector<std::string> items;
    items.reserve(instance.size());
    for (const Json& item : instance) {
      items.push_back(canonical_json(item));
      if (!evaluation.charge(1 + items.back().size() / 64)) return false;
    }
    std::ranges::sort(items);
    if (std::ranges::adjacent_find(items) == items.end()) return true;
    return evaluation.refuse(node, "uniqueItems", [] { return Message{"has equal items", "有重复的项"}; });
  }
};

class Required final : public Keyword {
 public:
  std::vector<std::string> names;

  bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance, Evaluated*) const override {
    if (!instance.is_object()) return true;
    if (!evaluation.charge(names.size())) return false;
    bool valid = true;
    for (const std::string& name : names) {
      if (instance.contains(name)) continue;
      valid = evaluation.refuse(node, "required", [&name] {
        return Message{fmt::format("lacks the member \"{}\"", name), fmt::format("缺少“{}”", name)};
      });
    }
    return valid;
  }
};

class DependentRequired final : public Keyword {
 public:
  std::map<std::string, std::vector<std::string>> names;

  bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance, Evaluated*) const override {
    if (!instance.is_object()) return true;
    bool valid = true;
    for (const auto& [trigger, needed] : names) {
      if (!evaluation.charge(1 + needed.size())) return false;
      if (!instance.contains(trigger)) continue;
      for (const std::string& name : needed) {
        if (instance.contains(name)) continue;
        valid = evaluation.refuse(node, "dependentRequired", [&] {
          return Message{fmt::format("has \"{}\" but lacks \"{}\"", trigger, name),
                         fmt::format("有“{}”时须有“{}”", trigger, name)};
        });
      }
    }
    return valid;
  }
};

class Pattern final : public Keyword {
 public:
  explicit Pattern(EcmaRegex regex) : regex_(std::move(regex)) {}
  bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance, Evaluated*) const override {
    if (!instance.is_string()) return true;
    const auto& text = instance.get_ref<const std::string&>();
    if (!evaluation.charge(regex_.search_cost(text.size()))) return false;
    return regex_.found_in(text) || evaluation.refuse(node, "pattern", [] {
      return Message{"does not have the required pattern", "不符合所要求的格式"};
    });
  }

 private:
  EcmaRegex regex_;
};

class AssertedFormat final : public Keyword {
 public:
  explicit AssertedFormat(const Format* format) : format_(format) {}
  bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance, Evaluated*) const override {
    if (!instance.is_string()) return true;
    const auto& text = instance.get_ref<const std::string&>();
    if (!evaluation.charge(1 + text.size() / 64)) return false;
    return format_->check(text) || evaluation.refuse(node, "format", [this] {
      return Message{fmt::format("must be {}", format_->text_en), fmt::format("须为有效的{}", format_->text_zh)};
    });
  }

 private:
  const Format* format_;
};

/// An array of distinct strings, as `required` asks.
Result<std::vector<std::string>> name_list(const SchemaNode& node, std::string_view keyword, const Json& list) {
  std::vector<std::string> names;
  if (!list.is_array()) return bad_keyword(node, keyword, "must be an array of distinct names");
  for (const Json& name : list) {
    if (!name.is_string()) return bad_keyword(node, keyword, "must be an array of distinct names");
    names.push_back(name.get<std::string>());
  }
  std::vector<std::string> sorted = names;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end()) {
    return bad_keyword(node, keyword, "must be an array of distinct names");
  }
  return names;
}

}  // namespace

Status add_size_keywords(SchemaNode& node, const Json& schema) {
  for (const SizeKeyword& keyword : kSizeKeywords) {
    ASSIGN_OR_RETURN(const std::optional<std::size_t> limit, size_keyword(node, schema, keyword.name));
    if (limit) node.keywords.push_back(std::make_unique<Size>(keyword, *limit));
  }
  if (const Json* unique = find_keyword(schema, "uniqueItems")) {
    if (!unique->is_boolean()) return bad_keyword(node, "uniqueItems", "must be true or false");
    if (unique->get<bool>()) node.keywords.push_back(std::make_unique<UniqueItems>());
  }
  if (const Json* required = find_keyword(schema, "required")) {
    auto keyword = std::make_unique<Required>();
    ASSIGN_OR_RETURN(keyword->names, name_list(node, "required", *required));
    node.keywords.push_back(std::move(keyword));
  }
  if (const Json* dependent = find_keyword(schema, "dependentRequired")) {
    if (!dependent->is_object()) return bad_keyword(node, "dependentRequired", "must be an object");
    auto keyword = std::make_unique<DependentRequired>();
    for (const auto& [trigger, list] : dependent->get_ref<const Json::object_t&>()) {
      ASSIGN_OR_RETURN(keyword->names[trigger], name_list(node, "dependentRequired", list));
    }
    node.keywords.push_back(std::move(keyword));
  }
  return {};
}

Status add_text_keywords(SchemaNode& node, const Json& schema) {
  const Json* pattern = find_keyword(schema, "pattern");
  if (pattern == nullptr) return {};
  if (!pattern->is_string()) return bad_keyword(node, "pattern", "must be a string");
  Result<EcmaRegex> regex = EcmaRegex::compile(pattern->get_ref<const std::string&>());
  if (!regex) {
    return fail(regex.error().reason, fmt::format("schema at \"{}\": {}", json_pointer_append(node.pointer, "pattern"),
                                                  regex.error().detail));
  }
  node.keywords.push_back(std::make_unique<Pattern>(*std::move(regex)));
  return {};
}

Status add_format_keyword(SchemaNode& node, const Json& schema) {
  const Json* name = find_keyword(schema, "format");
  if (name == nullptr) return {};
  if (!name->is_string()) return bad_keyword(node, "format", "must be a string");
  if (const Format* format = find_format(name->get_ref<const std::string&>())) {
    node.keywords.push_back(std::make_unique<AssertedFormat>(format));
  }
  return {};
}

}  // namespace chancery::packs
