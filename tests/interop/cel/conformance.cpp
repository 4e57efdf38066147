// Runs the cases that main.go prints: one JSON line each, from standard input. A case is skipped only for a feature
// that the subset leaves out, told by the kinds of values and the words in it, never by its name; and even then it may
// only be refused, not answered wrongly.

#include <fmt/format.h>

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

/// The features that the subset leaves out, by the word that asks for them.
const std::map<std::string_view, std::string_view>& features_of_words() {
  static const std::map<std::string_view, std::string_view> words = {
      {"dyn", "dyn()"},
      {"double", "doubles"},
      {"uint", "unsigned integers"},
      {"bytes", "bytes"},
      {"duration", "durations"},
      {"getMilliseconds", "fractions of a second"},
      {"bool", "bool() and the type bool"},
      {"type", "type values"},
      {"list", "type values"},
      {"map", "type values"},
      {"null_type", "type values"},
      {"google", "protobuf messages"},
      {"cel", "extensions"},
      {"optional", "optional values"},
      {"optMap", "optional values"},
      {"existsOne", "macros of two variables"},
      {"transformList", "macros of two variables"},
      {"transformMap", "macros of two variables"},
  };
  return words;
}

/// exists(i, v, ...), all(i, v, ...)
bool has_two_variables(const std::vector<Token>& tokens, std::size_t at) {
  if (at + 5 >= tokens.size() || (tokens[at].text != "all" && tokens[at].text != "exists")) return false;
  return tokens[at + 2].kind == TokenKind::kName && tokens[at + 3].text == "," &&
         tokens[at + 4].kind == TokenKind::kName && tokens[at + 5].text == ",";
}

std::string feature_of_string(const std::vector<Token>& tokens, std::size_t at) {
  const std::string& text = tokens[at].text;
  const bool argument_of_getter = at > 1 && tokens[at - 2].text.starts_with("get");
  if (argument_of_getter && text.find('/') != std::string::npos) return "names of time zones";
  if (text.size() > 20 && text[10] == 'T' && text[19] == '.') return "fractions of a second";
  return "";
}

std::string feature_of_token(const std::vector<Token>& tokens, std::size_t at) {
  const Token& token = tokens[at];
  if (token.kind == TokenKind::kString) return feature_of_string(tokens, at);
  const bool after_name = at > 0 && tokens[at - 1].kind == TokenKind::kName && tokens[at - 1].text != "in";
  if (token.text == "{" && after_name) return "protobuf messages";
  if (token.kind != TokenKind::kName) return "";
  if (has_two_variables(tokens, at)) return "macros of two variables";
  if (token.text == "map" && at > 0 && tokens[at - 1].text == ".") return "";
  const auto found = features_of_words().find(token.text);
  return found == features_of_words().end() ? "" : std::string(found->second);
}

/// The feature that a rule asks for and the subset leaves out, or empty.
std::string missing_feature(std::string_view rule) {
  if (rule.find(".`") != std::string_view::npos) return "quoted fields";
  const auto tokens = read_tokens(rule);
  if (!tokens) {
    for (const char* kind : {"doubles", "unsigned integers", "bytes"}) {
      if (tokens.error().detail.find(kind) != std::string::npos) return kind;
    }
    return "";
  }
  for (std::size_t i = 0; i < tokens->size(); ++i) {
    if (const std::string feature = feature_of_token(*tokens, i); !feature.empty()) return feature;
  }
  return "";
}

/// "uint64Value": the first value inside this one that the subset cannot hold; empty without one.
std::string kind_left_out(const Json& value) {
  if (value_of(value)) return "";
  if (value.contains("listValue")) {
    for (const Json& item : value["listValue"]["values"]) {
      if (const std::string kind = kind_left_out(item); !kind.empty()) return kind;
    }
  }
  if (value.contains("mapValue")) {
    for (const Json& entry : value["mapValue"]["entries"]) {
      for (const char* part : {"key", "value"}) {
        if (const std::string kind = kind_left_out(entry[part]); !kind.empty()) return kind;
      }
    }
  }
  return value.empty() ? "nothing" : value.begin().key();
}

struct Outcome {
  std::string failure;  ///< Empty: as expected.
  std::string skipped;  ///< The feature, or empty.
};

/// What the case asks for beyond the subset, or empty.
std::string feature_of(const Json& test, const std::optional<Value>& wanted) {
  for (const char* feature : {"typedResult", "unknown", "anyUnknowns", "anyEvalErrors", "disableMacros"}) {
    if (test.contains(feature)) return std::string("the test's field ") + feature;
  }
  if (const std::string feature = missing_feature(test["expr"].get<std::string>()); !feature.empty()) return feature;
  const Json bindings = test.value("bindings", Json::object());
  for (const auto& [name, bound] : bindings.items()) {
    const Json value = bound.value("value", Json::object());
    if (!value_of(value)) return "a fact of the kind " + kind_left_out(value);
  }
  if (test.contains("container")) return "names in a container";
  if (!test.contains("evalError") && !wanted) return "a result of the kind " + kind_left_out(test["value"]);
  return "";
}

std::string failure_of(const Json& test, const std::optional<Value>& wanted) {
  Facts facts;
  const Json bindings = test.value("bindings", Json::object());
  for (const auto& [name, bound] : bindings.items()) {
    const auto value = value_of(bound.value("value", Json::object()));
    if (value) facts[name] = {*value, "", ""};
  }
  const auto rule = Rule::read(test["expr"].get<std::string>());
  const auto got = rule ? rule->evaluate(facts) : Result<Value>(std::unexpected(rule.error()));
  if (test.contains("evalError")) {
    if (got) return "expected an error, got " + to_text(*got);
    return rule ? "" : "refused: expected an error of evaluation, not of reading";
  }
  if (!got) return "refused: " + got.error().message();
  if (!wanted) return "got " + to_text(*got);
  const Facts both = {{"got", {*got, "", ""}}, {"wanted", {*wanted, "", ""}}};
  const auto same = Rule::read("got == wanted")->evaluate(both);
  return same && same->is(true) ? "" : "got " + to_text(*got);
}

/// A case that asks for more than the subset has may be refused; a wrong answer is a failure there too.
Outcome outcome(const Json& test) {
  const auto wanted = test.contains("value") ? value_of(test["value"]) : std::optional(Value{true});
  std::string feature = feature_of(test, wanted);
  std::string failure = failure_of(test, wanted);
  if (!feature.empty() && failure.starts_with("refused")) failure.clear();
  return {std::move(failure), std::move(feature)};
}

}  // namespace

int main() {
  std::map<std::string, int> skipped;
  int passed = 0, failed = 0, left_out = 0;
  for (std::string line; std::getline(std::cin, line);) {
    const Json test = Json::parse(line);
    const Outcome got = outcome(test);
    if (!got.failure.empty()) {
      ++failed;
      std::cout << test["name"].get<std::string>() << ": " << test["expr"].get<std::string>() << ": " << got.failure
                << (got.skipped.empty() ? "" : ", although without " + got.skipped) << '\n';
    } else if (!got.skipped.empty()) {
      ++left_out;
      ++skipped[got.skipped];
    } else {
      ++passed;
    }
  }
  for (const auto& [reason, count] : skipped) std::cout << "skipped for " << reason << ": " << count << '\n';
  std::cout << passed << " passed, " << failed << " failed, " << left_out << " skipped" << std::endl;
  return failed == 0 && passed > 0 ? 0 : 1;
}
