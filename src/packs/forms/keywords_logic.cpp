// References, and the keywords that combine schemas for the same instance (Core sections 8.2.3, 10.2).

#include "packs/forms/schema_compiler.h"
#include "packs/forms/schema_evaluation.h"

namespace chancery::packs {

namespace {

using Message = SchemaEvaluation::Message;

class Ref final : public Keyword {
 public:
  explicit Ref(const SchemaNode* target) : target_(target) {}
  bool check(SchemaEvaluation& evaluation, const SchemaNode&, const Json& instance,
             Evaluated* evaluated) const override {
    return evaluation.check(*target_, instance, evaluated);
  }

 private:
  const SchemaNode* target_;
};

class DynamicRef final : public Keyword {
 public:
  DynamicRef(const SchemaNode* initial, std::string anchor) : initial_(initial), anchor_(std::move(anchor)) {}
  bool check(SchemaEvaluation& evaluation, const SchemaNode&, const Json& instance,
             Evaluated* evaluated) const override {
    const SchemaNode* outermost = evaluation.find_dynamic_anchor(anchor_);
    return evaluation.check(outermost == nullptr ? *initial_ : *outermost, instance, evaluated);
  }

 private:
  const SchemaNode* initial_;
  std::string anchor_;
};

class AllOf final : public Keyword {
 public:
  explicit AllOf(std::vector<const SchemaNode*> branches) : branches_(std::move(branches)) {}
  bool check(SchemaEvaluation& evaluation, const SchemaNode&, const Json& instance,
             Evaluated* evaluated) const override {
    bool valid = true;
    for (const SchemaNode* branch : branches_) valid = evaluation.check(*branch, instance, evaluated) && valid;
    return valid;
  }

 private:
  std::vector<const SchemaNode*> branches_;
};

class AnyOf final : public Keyword {
 public:
  explicit AnyOf(std::vector<const SchemaNode*> branches) : branches_(std::move(branches)) {}
  bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance,
             Evaluated* evaluated) const override {
    bool any = false;
    for (const SchemaNode* branch : branches_) {
      any = evaluation.check_quietly(*branch, instance, evaluated) || any;
      if (any && evaluated == nullptr) break;
    }
    return any || evaluation.refuse(node, "anyOf", [] {
      return Message{"matches none of the permitted forms", "不符合任何一种允许的形式"};
    });
  }

 private:
  std::vector<const SchemaNode*> branches_;
};

class OneOf final : public Keyword {
 public:
  explicit OneOf(std::vector<const SchemaNode*> branches) : branches_(std::move(branches)) {}
  bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance,
             Evaluated* evaluated) const override {
    std::size_t matches = 0;
    for (const SchemaNode* branch : branches_) {
      if (evaluation.check_quietly(*branch, instance, evaluated)) ++matches;
      if (matches > 1) break;
    }
    if (matches == 1) return true;
    return evaluation.refuse(node, "oneOf", [matches] {
      return matches == 0 ? Message{"matches none of the permitted forms", "不符合任何一种允许的形式"}
                          : Message{"matches more than one form, where exactly one is permitted",
                                    "同时符合多种形式，只允许符合其中一种"};
    });
  }

 private:
  std::vector<const SchemaNode*> branches_;
};

class Not final : public Keyword {
 public:
  explicit Not(const SchemaNode* excluded) : excluded_(excluded) {}
  bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance, Evaluated*) const override {
    return !evaluation.check_quietly(*excluded_, instance, nullptr) ||
           evaluation.refuse(node, "not", [] { return Message{"has a form that is excluded", "属于不允许的形式"}; });
  }

 private:
  const SchemaNode* excluded_;
};

class IfThenElse final : public Keyword {
 public:
  IfThenElse(const SchemaNode* condition, const SchemaNode* then, const SchemaNode* otherwise)
      : condition_(condition), then_(then), otherwise_(otherwise) {}
  bool check(SchemaEvaluation& evaluation, const SchemaNode&, const Json& instance,
             Evaluated* evaluated) const override {
    const SchemaNode* branch = evaluation.check_quietly(*condition_, instance, evaluated) ? then_ : otherwise_;
    return branch == nullptr || evaluation.check(*branch, instance, evaluated);
  }

 private:
  const SchemaNode* condition_;
  const SchemaNode* then_;
  const SchemaNode* otherwise_;
};

std::vector<const SchemaNode*> branches_of(SchemaCompiler& compiler, const Json& list) {
  std::vector<const SchemaNode*> out;
  for (const Json& branch : list) out.push_back(compiler.node_of(branch));
  return out;
}

}  // namespace

Status add_reference_keywords(SchemaCompiler& compiler, SchemaNode& node, const Json& schema) {
  std::string anchor;
  if (const Json* ref = find_keyword(schema, "$ref")) {
    if (!ref->is_string()) return bad_keyword(node, "$ref", "must be a URI reference");
    ASSIGN_OR_RETURN(const SchemaNode* target, compiler.follow(node, ref->get_ref<const std::string&>(), anchor));
    node.keywords.push_back(std::make_unique<Ref>(target));
  }
  if (const Json* ref = find_keyword(schema, "$dynamicRef")) {
    if (!ref->is_string()) return bad_keyword(node, "$dynamicRef", "must be a URI reference");
    ASSIGN_OR_RETURN(const SchemaNode* target, compiler.follow(node, ref->get_ref<const std::string&>(), anchor));
    if (anchor.empty()) {
      node.keywords.push_back(std::make_unique<Ref>(target));
    } else {
      node.keywords.push_back(std::make_unique<DynamicRef>(target, anchor));
    }
  }
  return {};
}

Status add_logic_keywords(SchemaCompiler& compiler, SchemaNode& node, const Json& schema) {
  if (const Json* list = find_keyword(schema, "allOf")) {
    node.keywords.push_back(std::make_unique<AllOf>(branches_of(compiler, *list)));
  }
  if (const Json* list = find_keyword(schema, "anyOf")) {
    node.keywords.push_back(std::make_unique<AnyOf>(branches_of(compiler, *list)));
  }
  if (const Json* list = find_keyword(schema, "oneOf")) {
    node.keywords.push_back(std::make_unique<OneOf>(branches_of(compiler, *list)));
  }
  if (const Json* excluded = find_keyword(schema, "not")) {
    node.keywords.push_back(std::make_unique<Not>(compiler.node_of(*excluded)));
  }
  if (const Json* condition = find_keyword(schema, "if")) {
    const Json* then = find_keyword(schema, "then");
    const Json* otherwise = find_keyword(schema, "else");
    node.keywords.push_back(
        std::make_unique<IfThenElse>(compiler.node_of(*condition), then == nullptr ? nullptr : compiler.node_of(*then),
                                     otherwise == nullptr ? nullptr : compiler.node_of(*otherwise)));
  }
  return {};
}

}  // namespace chancery::packs
