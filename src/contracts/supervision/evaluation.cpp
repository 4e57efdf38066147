#include "contracts/supervision/evaluation.h"

#include <fmt/format.h>
#include <google/protobuf/unknown_field_set.h>

#include <algorithm>

#include "base/bytes.h"
#include "contracts/supervision/records.h"

namespace chancery::contracts::supervision {

namespace {

using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

/// China has kept UTC+8 all year since 1992: no table of time zones is needed, or wanted.
constexpr std::int64_t kShanghaiOffsetMs = 8LL * 3'600'000;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kMinuteMs = 60'000;

bool matches(const wire::SupervisionRule& rule, std::string_view method) {
  if (rule.methods().empty()) return true;
  return std::ranges::any_of(rule.methods(), [&](std::string_view pattern) {
    if (!pattern.ends_with(".*")) return pattern == method;
    return method.starts_with(pattern.substr(0, pattern.size() - 1));
  });
}

template <class List>
bool contains_or_empty(const List& list, std::string_view item) {
  return list.empty() || std::ranges::any_of(list, [&](const std::string& each) { return each == item; });
}

/// The last field of this path in the arguments, as protobuf itself would take it; nothing else of them is known here.
template <class Visit>
bool visit_field(std::string_view args, const wire::SupervisionRule& rule, Visit visit) {
  UnknownFieldSet fields;
  std::string bytes(args);
  for (int depth = 0; depth < rule.field_path_size(); ++depth) {
    if (!fields.ParseFromString(bytes)) return false;
    const auto wanted = static_cast<int>(rule.field_path(depth));
    const UnknownField* found = nullptr;
    for (int i = 0; i < fields.field_count(); ++i) {
      if (fields.field(i).number() == wanted) found = &fields.field(i);
    }
    if (depth + 1 == rule.field_path_size()) return visit(found);
    if (found == nullptr || found->type() != UnknownField::TYPE_LENGTH_DELIMITED) return false;
    bytes = std::string(found->length_delimited());
    fields.Clear();
  }
  return false;
}

/// 0 when absent: proto3 doesn't write zeros.
std::uint64_t amount_of(std::string_view args, const wire::SupervisionRule& rule) {
  std::uint64_t amount = 0;
  visit_field(args, rule, [&](const UnknownField* field) {
    if (field != nullptr && field->type() == UnknownField::TYPE_VARINT) amount = field->varint();
    return true;
  });
  return amount;
}

std::string text_of(std::string_view args, const wire::SupervisionRule& rule) {
  std::string text;
  visit_field(args, rule, [&](const UnknownField* field) {
    if (field != nullptr && field->type() == UnknownField::TYPE_LENGTH_DELIMITED) text = field->length_delimited();
    return true;
  });
  return text;
}

struct LocalTime {
  std::uint32_t weekday;  ///< 1 Monday to 7 Sunday
  std::uint32_t minute;
};

LocalTime in_shanghai(std::int64_t time_ms) {
  const std::int64_t local_ms = time_ms + kShanghaiOffsetMs;
  const std::int64_t day = local_ms / kDayMs;  // 1 January 1970 was a Thursday
  return {static_cast<std::uint32_t>((day + 3) % 7 + 1), static_cast<std::uint32_t>(local_ms % kDayMs / kMinuteMs)};
}

bool is_open(const wire::SupervisionRule& rule, LocalTime time) {
  const bool day = std::ranges::find(rule.weekdays(), time.weekday) != rule.weekdays().end();
  return day && time.minute >= rule.opens_minute() && time.minute < rule.closes_minute();
}

/// What a caller wrote is shown only where it is short and plain.
std::string shown(const std::string& text) {
  const bool plain = text.size() <= 64 && std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
  return plain ? text : "hex:" + to_hex(as_bytes(text)).substr(0, 64);
}

}  // namespace

struct Evaluator::Seen {
  std::uint64_t leaf_index;
  const wire::Entry& entry;
  const wire::Call& call;
  std::uint32_t index;
  std::string method;
  std::string account;

  Finding finding(const wire::SupervisionRule& rule, std::string zh, std::string en) const {
    return {rule.id(), leaf_index, entry.height(), entry.time_ms(), index,
            method,    account,    std::move(zh),  std::move(en)};
  }
};

Evaluator::Evaluator(const std::vector<wire::SupervisionRule>& rules) {
  for (const wire::SupervisionRule& rule : rules) watched_[rule.id()] = {rule, {}};
}

Result<std::vector<Finding>> Evaluator::take(std::uint64_t leaf_index, const wire::Entry& entry) {
  wire::Transaction transaction;
  wire::Body body;
  if (!transaction.ParseFromString(entry.transaction()) || !body.ParseFromString(transaction.body())) {
    return fail(Reason::kMalformed, fmt::format("entry {} can't be read", leaf_index));
  }
  const std::string account = transaction.signatures().empty() ? std::string() : transaction.signatures(0).account();
  std::vector<Finding> out;
  std::uint32_t index = 0;
  for (const wire::Call& call : body.calls()) {
    const Seen seen{leaf_index, entry, call, index++, call.contract() + "." + call.method(), account};
    for (auto& [id, watched] : watched_) {
      if (matches(watched.rule, seen.method) && contains_or_empty(watched.rule.accounts(), account)) {
        examine(watched, seen, out);
      }
    }
    // One refusal ends a transaction: its first call stands for it.
    if (!entry.reason().empty()) break;
  }
  if (entry.reason().empty()) {
    for (const wire::Call& call : body.calls()) learn(call);
  }
  return out;
}

void Evaluator::examine(Watched& watched, const Seen& seen, std::vector<Finding>& out) {
  const wire::SupervisionRule& rule = watched.rule;
  const bool refused = !seen.entry.reason().empty();
  if (refused != (rule.kind() == wire::RULE_KIND_REPEATED_REFUSAL)) return;
  switch (rule.kind()) {
    case wire::RULE_KIND_RATE:
      return count(watched, seen, out);
    case wire::RULE_KIND_REPEATED_REFUSAL:
      if (contains_or_empty(rule.reasons(), seen.entry.reason())) count(watched, seen, out);
      return;
    case wire::RULE_KIND_AMOUNT: {
      const std::uint64_t amount = amount_of(seen.call.args(), rule);
      if (amount <= rule.amount_above()) return;
      out.push_back(
          seen.finding(rule, fmt::format("{} 的数额为 {}，超过 {}", seen.method, amount, rule.amount_above()),
                       fmt::format("{} has the amount {}, above {}", seen.method, amount, rule.amount_above())));
      return;
    }
    case wire::RULE_KIND_AFTER_HOURS: {
      const LocalTime time = in_shanghai(seen.entry.time_ms());
      if (is_open(rule, time)) return;
      out.push_back(seen.finding(rule,
                                 fmt::format("{} 于星期{} {:02}:{:02}（北京时间）办理，不在工作时间", seen.method,
                                             time.weekday, time.minute / 60, time.minute % 60),
                                 fmt::format("{} on weekday {} at {:02}:{:02} in Shanghai, outside working hours",
                                             seen.method, time.weekday, time.minute / 60, time.minute % 60)));
      return;
    }
    case wire::RULE_KIND_OUT_OF_SCOPE: {
      const std::string text = text_of(seen.call.args(), rule);
      if (std::ranges::find(rule.allowed(), text) != rule.allowed().end()) return;
      out.push_back(seen.finding(rule, fmt::format("{} 用于 {}，超出许可范围", seen.method, shown(text)),
                                 fmt::format("{} was used for {}, outside its scope", seen.method, shown(text))));
      return;
    }
    default:
      return;
  }
}

void Evaluator::count(Watched& watched, const Seen& seen, std::vector<Finding>& out) {
  const wire::SupervisionRule& rule = watched.rule;
  const std::string group = rule.grouping() == wire::RULE_GROUPING_ACCOUNT  ? seen.account
                            : rule.grouping() == wire::RULE_GROUPING_METHOD ? seen.method
                                                                            : std::string();
  std::deque<std::int64_t>& times = watched.times_ms[group];
  const std::int64_t now_ms = seen.entry.time_ms();
  while (!times.empty() && times.front() <= now_ms - rule.window_ms()) times.pop_front();
  times.push_back(now_ms);
  // One more than the threshold tells "above" from "just reached"; older ones add nothing.
  if (times.size() > rule.threshold() + 1) times.pop_front();
  // Told once when the threshold is reached, not again for every call above it.
  if (times.size() != rule.threshold()) return;
  const bool refusals = rule.kind() == wire::RULE_KIND_REPEATED_REFUSAL;
  out.push_back(
      seen.finding(rule, fmt::format("{} 毫秒内{} {} 次", rule.window_ms(), refusals ? "被拒绝" : "办理", times.size()),
                   fmt::format("{} {} within {} ms", times.size(), refusals ? "refusals" : "calls", rule.window_ms())));
}

void Evaluator::learn(const wire::Call& call) {
  if (call.contract() != kContractName) return;
  if (call.method() == "set_rule") {
    wire::SetRule request;
    if (request.ParseFromString(call.args())) watched_[request.rule().id()] = {request.rule(), {}};
  } else if (call.method() == "retire_rule") {
    wire::RetireRule request;
    if (request.ParseFromString(call.args())) watched_.erase(request.id());
  }
}

std::vector<wire::SupervisionRule> Evaluator::rules() const {
  std::vector<wire::SupervisionRule> out;
  for (const auto& [id, watched] : watched_) out.push_back(watched.rule);
  return out;
}

std::int64_t Evaluator::memory_ms() const {
  std::int64_t longest_ms = 0;
  for (const auto& [id, watched] : watched_) longest_ms = std::max(longest_ms, watched.rule.window_ms());
  return longest_ms;
}

}  // namespace chancery::contracts::supervision
