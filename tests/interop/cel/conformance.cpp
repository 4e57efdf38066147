// Runs the cases that main.go prints: one JSON line each, from standard input. A case is skipped when it uses what the
// subset leaves out, told by the kinds of values and the words in it, never by its name.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iostream>
#include <map>
#include <optional>
#include <string>

#include "base/json.h"
#include "packs/rules/lexer.h"
#include "packs/rules/rule.h"

namespace {

using namespace chancery;
using namespace chancery::packs::rules;

std::optional<Value> value_of(const Json& json) {
  if (json.contains("nullValue")) return Value{};
  if (json.contains("boolValue")) return Value{json["boolValue"].get<bool>()};
  if (json.contains("stringValue")) return Value{json["stringValue"].get<std::string>()};
  if (json.contains("int64Value")) {
    const auto digits = json["int64Value"].get<std::string>();
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return Value{number};
  }
  if (json.contains("listValue")) {
    List items;
    for (const Json& item : json["listValue"].value("values", Json::array())) {
      const auto value = value_of(item);
      if (!value) return std::nullopt;
      items.push_back(*value);
    }
    return make_list(std::move(items));
  }
  if (!json.contains("mapValue")) return std::nullopt;
  Map entries;
  for (const Json& entry : json["mapValue"].value("entries", Json::array())) {
    const auto key = value_of(entry["key"]);
    const auto value = value_of(entry["value"]);
    if (!key || !value) return std::nullopt;
    entries.emplace_back(*key, *value);
  }
  return make_map(std::move(entries));
}

/// The word of the rule that the subset does not have, or empty.
std::string missing_word(std::string_view rule) {
  constexpr std::array<std::string_view, 14> kTypes = {
      "dyn",  "double", "uint",   "bytes",        "duration", "type", "bool",
      "list", "map",    "google", "TestAllTypes", "optional", "cel",  "getMilliseconds"};
  const auto tokens = read_tokens(rule);
  if (rule.find(".`") != std::string_view::npos) return "quoted fields";
  if (!tokens) return tokens.error().reason == Reason::kUnsupported ? "doubles, unsigned integers, bytes" : "";
  for (std::size_t i = 0; i < tokens->size(); ++i) {
    const Token& token = (*tokens)[i];
    if (token.kind == TokenKind::kString && token.text.find('/') != std::string::npos) return "zone names";
    if (token.kind == TokenKind::kSign && token.text == "{" && i > 0 && (*tokens)[i - 1].kind == TokenKind::kName) {
      return "messages";
    }
    const bool moment = token.kind == TokenKind::kString && token.text.size() > 20 && token.text[10] == 'T';
    if (moment && token.text[19] == '.') return "fractions of a second";
    const bool method = i > 0 && (*tokens)[i - 1].text == ".";
    const bool macro_map = token.text == "map" && method;
    if (token.kind == TokenKind::kName && !macro_map && std::ranges::find(kTypes, token.text) != kTypes.end()) {
      return "the word " + token.text;
    }
  }
  return "";
}

std::string verdict(const Json& test) {
  const auto text = test["expr"].get<std::string>();
  for (const char* feature : {"typedResult", "unknown", "anyUnknowns", "anyEvalErrors", "container", "disableMacros"}) {
    if (test.contains(feature)) return std::string("skipped: ") + feature;
  }
  if (const std::string word = missing_word(text); !word.empty()) return "skipped: " + word;
  Facts facts;
  const Json bindings = test.value("bindings", Json::object());
  for (const auto& [name, bound] : bindings.items()) {
    const auto value = value_of(bound.value("value", Json::object()));
    if (!value) return "skipped: a binding of a type left out";
    facts[name] = {*value, "", ""};
  }
  const auto rule = Rule::read(text);
  const auto got = rule ? rule->evaluate(facts) : Result<Value>(std::unexpected(rule.error()));
  if (test.contains("evalError")) return rule && !got ? "passed" : "failed: expected an error of evaluation";
  const auto wanted = test.contains("value") ? value_of(test["value"]) : Value{true};
  if (!wanted) return "skipped: a result of a type left out";
  if (!got) return "failed: " + got.error().message();
  const Facts both = {{"got", {*got, "", ""}}, {"wanted", {*wanted, "", ""}}};
  const auto same = Rule::read("got == wanted")->evaluate(both);
  return same && same->is(true) ? "passed" : "failed: got " + to_text(*got);
}

}  // namespace

int main() {
  std::map<std::string, int> skipped;
  int passed = 0, failed = 0, left_out = 0;
  for (std::string line; std::getline(std::cin, line);) {
    const Json test = Json::parse(line);
    const std::string answer = verdict(test);
    if (answer == "passed") ++passed;
    if (answer.starts_with("skipped")) ++left_out, ++skipped[answer];
    if (!answer.starts_with("failed")) continue;
    ++failed;
    std::cout << test["name"].get<std::string>() << ": " << test["expr"].get<std::string>() << ": " << answer << '\n';
  }
  for (const auto& [reason, count] : skipped) std::cout << reason << ": " << count << '\n';
  std::cout << passed << " passed, " << failed << " failed, " << left_out << " skipped" << std::endl;
  return failed == 0 && passed > 0 ? 0 : 1;
}
