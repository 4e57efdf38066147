// Keywords that look at the instance itself: type, enum, const, numbers (Validation sections 6.1 and 6.2).

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "packs/forms/exact_number.h"
#include "packs/forms/schema_compiler.h"
#include "packs/forms/schema_evaluation.h"

namespace chancery::packs {

namespace {

using Message = SchemaEvaluation::Message;

struct TypeName {
  std::string_view name;
  std::string_view zh;
  bool (*matches)(const Json&);
};

constexpr std::array<TypeName, 7> kTypes = {{
    {"null", "空值", [](const Json& value) { return value.is_null(); }},
    {"boolean", "布尔值", [](const Json& value) { return value.is_boolean(); }},
    {"object", "对象", [](const Json& value) { return value.is_object(); }},
    {"array", "数组", [](const Json& value) { return value.is_array(); }},
    {"number", "数字", [](const Json& value) { return value.is_number(); }},
    {"string", "文本", [](const Json& value) { return value.is_string(); }},
    {"integer", "整数", [](const Json& value) { return is_integer(value); }},
}};

class Type final : public Keyword {
 public:
  std::vector<const TypeName*> types;

  bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance, Evaluated*) const override {
    if (std::ranges::any_of(types, [&](const TypeName* type) { return type->matches(instance); })) return true;
    return evaluation.refuse(node, "type", [this] {
      Message message{"must be of type ", "类型须为"};
      for (const TypeName* type : types) {
        const bool first = type == types.front();
        message.en.append(first ? "" : " or ").append(type->name);
        message.zh.append(first ? "" : "或").append(type->zh);
      }
      return message;
    });
  }
};

/// enum, and const as an enum of one. Values are compared by their canonical text: 1 and 1.0 are one value.
class OneOfValues final : public Keyword {
 public:
  std::string_view keyword;
  std::vector<std::string> values;

  bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance, Evaluated*) const override {
    const std::string value = canonical_json(instance);
    if (!evaluation.charge(1 + value.size() / 64)) return false;
    if (std::ranges::binary_search(values, value)) return true;
    return evaluation.refuse(node, keyword,
                             [] { return Message{"is not one of the permitted values", "不是允许的值"}; });
  }
};

/// minimum, maximum, exclusiveMinimum, exclusiveMaximum.
class Bound final : public Keyword {
 public:
  Bound(std::string_view keyword, const Json* limit) : keyword_(keyword), limit_(limit) {}
  bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance, Evaluated*) const override {
    if (!instance.is_number()) return true;
    const std::strong_ordering order = compare_numbers(instance, *limit_);
    if (keyword_ == "minimum"            ? order >= 0
        : keyword_ == "maximum"          ? order <= 0
        : keyword_ == "exclusiveMinimum" ? order > 0
                                         : order < 0) {
      return true;
    }
    return evaluation.refuse(node, keyword_, [this] {
      const std::string limit = canonical_json(*limit_);
      if (keyword_ == "minimum") return Message{"must be at least " + limit, "不得小于 " + limit};
      if (keyword_ == "maximum") return Message{"must be at most " + limit, "不得大于 " + limit};
      if (keyword_ == "exclusiveMinimum") return Message{"must be above " + limit, "须大于 " + limit};
      return Message{"must be below " + limit, "须小于 " + limit};
    });
  }

 private:
  std::string_view keyword_;
  const Json* limit_;  // in a document of the compiled schema
};

class MultipleOf final : public Keyword {
 public:
  explicit MultipleOf(const Json* divisor) : divisor_(divisor) {}
  bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance, Evaluated*) const override {
    if (!instance.is_number()) return true;
    // Powers of ten are divided out one by one: up to 640 steps of 128-bit arithmetic where doubles are concerned.
    const bool integers = instance.is_number_integer() && divisor_->is_number_integer();
    if (!evaluation.charge(integers ? 1 : 16)) return false;
    if (is_multiple_of(instance, *divisor_)) return true;
    return evaluation.refuse(node, "multipleOf", [this] {
      const std::string divisor = canonical_json(*divisor_);
      return Message{"must be a multiple of " + divisor, "须为 " + divisor + " 的倍数"};
    });
  }

 private:
  const Json* divisor_;
};

const TypeName* find_type(const Json& name) {
  const auto found = std::ranges::find_if(kTypes, [&](const TypeName& type) { return name == Json(type.name); });
  return found == kTypes.end() ? nullptr : &*found;
}

}  // namespace

Status add_value_keywords(SchemaNode& node, const Json& schema) {
  if (const Json* type = find_keyword(schema, "type")) {
    auto keyword = std::make_unique<Type>();
    const Json names = type->is_array() ? *type : Json::array({*type});
    for (const Json& name : names) {
      const TypeName* known = find_type(name);
      if (known == nullptr || std::ranges::find(keyword->types, known) != keyword->types.end()) {
        return bad_keyword(node, "type", "must be one of the seven types, or an array of different ones");
      }
      keyword->types.push_back(known);
    }
    if (names.empty()) return bad_keyword(node, "type", "must not be empty");
    node.keywords.push_back(std::move(keyword));
  }
  for (const std::string_view name : {"enum", "const"}) {
    const Json* value = find_keyword(schema, name);
    if (value == nullptr) continue;
    auto keyword = std::make_unique<OneOfValues>();
    keyword->keyword = name;
    if (name == "const") {
      keyword->values.push_back(canonical_json(*value));
    } else {
      if (!value->is_array()) return bad_keyword(node, name, "must be an array");
      for (const Json& permitted : *value) keyword->values.push_back(canonical_json(permitted));
      std::ranges::sort(keyword->values);
    }
    node.keywords.push_back(std::move(keyword));
  }
  return {};
}

Status add_number_keywords(SchemaNode& node, const Json& schema) {
  for (const std::string_view name : {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}) {
    const Json* limit = find_keyword(schema, name);
    if (limit == nullptr) continue;
    if (!limit->is_number()) return bad_keyword(node, name, "must be a number");
    node.keywords.push_back(std::make_unique<Bound>(name, limit));
  }
  if (const Json* divisor = find_keyword(schema, "multipleOf")) {
    if (!divisor->is_number() || compare_numbers(*divisor, Json(0)) <= 0) {
      return bad_keyword(node, "multipleOf", "must be a number above zero");
    }
    node.keywords.push_back(std::make_unique<MultipleOf>(divisor));
  }
  return {};
}

}  // namespace chancery::packs
