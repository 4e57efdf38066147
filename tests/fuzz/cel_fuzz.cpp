// Rules: any bytes are read or refused in both languages; what was read prints as a rule that judges alike; and an
// evaluation ends within its cost, where more cost never changes an answer.

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "packs/rules/rule.h"
#include "packs/rules/testing/printer.h"

namespace {

using namespace chancery;
using namespace chancery::packs::rules;

Facts some_facts() {
  const auto text = [](std::string_view of) { return Value{std::string(of)}; };
  const auto number = [](std::int64_t of) { return Value{of}; };
  const Value document = make_map({{text("kind"), text("id")}, {text("pages"), number(3)}});
  Facts facts;
  facts["a"] = {number(17), "人口库", "population register"};
  facts["b.c"] = {Value{false}, "登记库", "land register"};
  facts["b.d"] = {std::nullopt, "登记库", "land register"};
  facts["s"] = {text("李四 Lee"), "人口库", "population register"};
  facts["t"] = {Value{Timestamp{1'764'000'000}}, "时钟", "clock"};
  facts["l"] = {make_list({document, document, number(-1)}), "申请", "application"};
  return facts;
}

/// `==` of the language is not used: the answers are compared as texts, which cuts long ones alike.
bool same(const Result<Value>& a, const Result<Value>& b) {
  if (a.has_value() != b.has_value()) return false;
  return a ? to_text(*a) == to_text(*b) : a.error().reason == b.error().reason;
}

bool too_costly(const Result<Value>& answer) {
  return !answer && answer.error().reason == Reason::kTooLarge;
}

void judge_both_ways(const Rule& rule, const Facts& facts, const Result<Value>& answer) {
  const Verdict verdict = rule.judge(facts);
  CHANCERY_CHECK(verdict.allowed != verdict.refusal.has_value());
  if (verdict.allowed) {
    CHANCERY_CHECK(answer && answer->is(true));
    return;
  }
  const bool cost = verdict.refusal->reason == Reason::kTooLarge;
  CHANCERY_CHECK(cost || !answer || !answer->is(true));
  CHANCERY_CHECK(verdict.refusal->detail_en.empty() == verdict.refusal->detail_zh.empty());
  CHANCERY_CHECK(is_utf8(verdict.refusal->text(Language::kZhCn)) && is_utf8(verdict.refusal->text(Language::kEn)));
}

void print_and_read(const Rule& rule, const Facts& facts, const Result<Value>& answer) {
  const std::string text = testing::printed(rule.expr());
  const auto again = Rule::read(text);
  if (!again) {
    // The brackets that printing adds may go beyond the limits; nothing else may be wrong.
    CHANCERY_CHECK(again.error().reason == Reason::kTooLarge);
    return;
  }
  CHANCERY_CHECK(testing::printed(again->expr()) == text);
  CHANCERY_CHECK(same(again->evaluate(facts), answer));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Facts facts = some_facts();
  static const DeclaredFacts declared = {{"a", Kind::kInt},    {"b.c", Kind::kBool},    {"b.d", Kind::kAny},
                                         {"s", Kind::kString}, {"t", Kind::kTimestamp}, {"l", Kind::kList}};
  const auto rule = Rule::read(as_text({data, size}));
  if (!rule) {
    CHANCERY_CHECK(!rule.error().detail.empty() && !rule.error().detail_zh.empty());
    return 0;
  }
  const Result<Value> answer = rule->evaluate(facts);
  const Result<Value> cheap = rule->evaluate(facts, 100);
  CHANCERY_CHECK(too_costly(cheap) || same(cheap, answer));
  CHANCERY_CHECK(too_costly(rule->evaluate(facts, 0)));
  if (const Status checked = rule->check(declared); !checked) {
    CHANCERY_CHECK(!checked.error().detail.empty() && !checked.error().detail_zh.empty());
  }
  judge_both_ways(*rule, facts, answer);
  print_and_read(*rule, facts, answer);
  return 0;
}
