#include "packs/forms/schema_evaluation.h"

#include <algorithm>

namespace chancery::packs {

namespace {

constexpr int kMaxEvaluationDepth = 512;
// Member names of an instance may be long; 100 failures must not repeat them in full.
constexpr std::size_t kMaxPointerBytes = 2048;

}  // namespace

std::string cut_text(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return std::string(text);
  // Not inside a code point.
  while (max_bytes > 0 && (static_cast<unsigned char>(text[max_bytes]) & 0xC0) == 0x80) --max_bytes;
  return std::string(text.substr(0, max_bytes)) + "…";
}

void Evaluated::merge(const Evaluated& other) {
  all_members_ = all_members_ || other.all_members_;
  items_below_ = std::max(items_below_, other.items_below_);
  members_.insert(other.members_.begin(), other.members_.end());
  items_.insert(other.items_.begin(), other.items_.end());
}

bool SchemaEvaluation::charge(std::size_t steps) {
  if (steps > steps_left_) exhausted_ = true;
  if (exhausted_) return false;
  steps_left_ -= steps;
  return true;
}

bool SchemaEvaluation::check(const SchemaNode& node, const Json& instance, Evaluated* evaluated) {
  if (!charge(1)) return false;
  if (node.always_false) {
    return refuse(node, "false", [] { return Message{"is not allowed here", "此处不允许出现该内容"}; });
  }
  if (depth_ >= kMaxEvaluationDepth) {
    exhausted_ = true;
    return false;
  }
  ++depth_;
  const bool enters_resource = dynamic_scope_.empty() || dynamic_scope_.back() != node.resource;
  if (enters_resource) dynamic_scope_.push_back(node.resource);

  Evaluated here;
  Evaluated* const collected = evaluated != nullptr || node.asks_for_evaluated ? &here : nullptr;
  bool valid = true;
  for (const auto& keyword : node.keywords) {
    valid = keyword->check(*this, node, instance, collected) && valid;
    if (exhausted_ || (!valid && quiet_ > 0)) break;
  }
  if (valid && evaluated != nullptr && charge(here.size())) evaluated->merge(here);

  if (enters_resource) dynamic_scope_.pop_back();
  --depth_;
  return valid && !exhausted_;
}

bool SchemaEvaluation::check_below(Step step, const SchemaNode& node, const Json& value) {
  path_.push_back(step);
  const bool valid = check(node, value, nullptr);
  path_.pop_back();
  return valid;
}

bool SchemaEvaluation::check_member(const SchemaNode& node, const std::string& name, const Json& value) {
  return check_below(&name, node, value);
}

bool SchemaEvaluation::check_item(const SchemaNode& node, std::size_t index, const Json& value) {
  return check_below(index, node, value);
}

bool SchemaEvaluation::check_quietly(const SchemaNode& node, const Json& instance, Evaluated* evaluated) {
  ++quiet_;
  const bool valid = check(node, instance, evaluated);
  --quiet_;
  return valid;
}

bool SchemaEvaluation::check_item_quietly(const SchemaNode& node, std::size_t index, const Json& value) {
  ++quiet_;
  const bool valid = check_below(index, node, value);
  --quiet_;
  return valid;
}

const SchemaNode* SchemaEvaluation::find_dynamic_anchor(const std::string& name) {
  if (!charge(dynamic_scope_.size() / 4)) return nullptr;
  for (const SchemaResource* resource : dynamic_scope_) {
    const auto found = schema_.dynamic_anchors.find({resource, name});
    if (found != schema_.dynamic_anchors.end()) return found->second;
  }
  return nullptr;
}

void SchemaEvaluation::record(const SchemaNode& node, std::string_view keyword, Message message) {
  std::string at;
  for (const Step& step : path_) {
    if (at.size() > kMaxPointerBytes) break;
    at = std::holds_alternative<std::size_t>(step)
             ? json_pointer_append(at, std::to_string(std::get<std::size_t>(step)))
             : json_pointer_append(at, *std::get<const std::string*>(step));
  }
  at = cut_text(at, kMaxPointerBytes);
  std::string schema_pointer = keyword == "false" ? node.pointer : json_pointer_append(node.pointer, keyword);
  failures_.push_back(
      {std::move(at), std::move(schema_pointer), std::string(keyword), std::move(message.en), std::move(message.zh)});
}

}  // namespace chancery::packs
