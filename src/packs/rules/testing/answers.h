#pragma once
// One rule asked about the same few facts, its answer as a text.

#include <string>
#include <string_view>

#include "packs/rules/rule.h"

namespace chancery::packs::rules::testing {

inline Facts sample_facts() {
  Facts facts;
  facts["applicant.age"] = {Value{std::int64_t{17}}, "人口库", "population register"};
  facts["applicant.name"] = {Value{std::string("李四")}, "人口库", "population register"};
  facts["applicant.address"] = {std::nullopt, "户籍库", "household register"};
  facts["register.frozen"] = {Value{false}, "登记库", "land register"};
  const auto document = [](std::string kind, bool valid) {
    return make_map(
        {{Value{std::string("kind")}, Value{std::move(kind)}}, {Value{std::string("valid")}, Value{valid}}});
  };
  facts["documents"] = {make_list({document("id", true), document("deed", false)}), "申请", "application"};
  return facts;
}

/// What the rule gives, "unread: reason" or "error: reason".
inline std::string answer(std::string_view text) {
  const auto rule = Rule::read(text);
  if (!rule) return "unread: " + std::string(reason_text(rule.error().reason).wire_name);
  const auto value = rule->evaluate(sample_facts());
  return value ? to_text(*value) : "error: " + std::string(reason_text(value.error().reason).wire_name);
}

}  // namespace chancery::packs::rules::testing
