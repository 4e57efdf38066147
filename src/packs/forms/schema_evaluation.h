#pragma once
// The state of one validation: where we are, what went wrong, how much work is left.

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "packs/forms/schema_node.h"

namespace chancery::packs {

/// At most `max_bytes` of a UTF-8 text, and then an ellipsis.
std::string cut_text(std::string_view text, std::size_t max_bytes);

/// Which members or items of one instance location its schema has looked at (Core section 11).
class Evaluated {
 public:
  void add_member(std::string_view name) { members_.insert(name); }
  void add_all_members() { all_members_ = true; }
  void add_item(std::size_t index) { items_.insert(index); }
  void add_items_below(std::size_t end) { items_below_ = std::max(items_below_, end); }

  bool has_member(std::string_view name) const { return all_members_ || members_.contains(name); }
  bool has_item(std::size_t index) const { return index < items_below_ || items_.contains(index); }
  void merge(const Evaluated& other);
  std::size_t size() const { return members_.size() + items_.size(); }

 private:
  bool all_members_ = false;
  std::size_t items_below_ = 0;
  std::set<std::string_view> members_;
  std::set<std::size_t> items_;
};

class SchemaEvaluation {
 public:
  explicit SchemaEvaluation(const CompiledSchema& schema) : schema_(schema) {}

  bool check(const SchemaNode& node, const Json& instance, Evaluated* evaluated);
  /// The same one step down the instance.
  bool check_member(const SchemaNode& node, const std::string& name, const Json& value);
  bool check_item(const SchemaNode& node, std::size_t index, const Json& value);
  /// The same without reporting failures: for branches that may fail, and whether a name matches.
  bool check_quietly(const SchemaNode& node, const Json& instance, Evaluated* evaluated);
  bool check_item_quietly(const SchemaNode& node, std::size_t index, const Json& value);

  /// Takes `steps` from the budget; false when it is used up. Then nothing that was found means anything.
  bool charge(std::size_t steps);
  bool exhausted() const { return exhausted_; }

  struct Message {
    std::string en;
    std::string zh;
  };
  /// Records a failure at the present instance location; returns false for `return evaluation.refuse(...)`.
  template <class MakeMessage>
  bool refuse(const SchemaNode& node, std::string_view keyword, MakeMessage make_message) {
    if (quiet_ == 0 && failures_.size() < kMaxFailures) record(node, keyword, make_message());
    return false;
  }

  /// The outermost resource of the dynamic scope with this dynamic anchor (Core section 8.2.3.2), or null.
  const SchemaNode* find_dynamic_anchor(const std::string& name);

  std::vector<SchemaFailure> take_failures() { return std::move(failures_); }

 private:
  static constexpr std::size_t kMaxFailures = 100;
  using Step = std::variant<const std::string*, std::size_t>;

  bool check_below(Step step, const SchemaNode& node, const Json& value);
  void record(const SchemaNode& node, std::string_view keyword, Message message);

  const CompiledSchema& schema_;
  std::vector<Step> path_;
  std::vector<const SchemaResource*> dynamic_scope_;
  std::vector<SchemaFailure> failures_;
  std::size_t steps_left_ = 2'000'000;
  int depth_ = 0;
  int quiet_ = 0;
  bool exhausted_ = false;
};

}  // namespace chancery::packs
