#include "packs/forms/schema_compiler.h"

#include <fmt/format.h>

#include <cmath>

#include "packs/forms/schema_evaluation.h"

namespace chancery::packs {

const Json* find_keyword(const Json& schema, std::string_view name) {
  const auto found = schema.find(name);
  return found == schema.end() ? nullptr : &*found;
}

std::unexpected<Error> bad_keyword(const SchemaNode& node, std::string_view keyword, std::string_view sentence) {
  return fail(Reason::kMalformed,
              fmt::format("schema at \"{}\": {}", json_pointer_append(node.pointer, keyword), sentence));
}

Result<std::optional<std::size_t>> size_keyword(const SchemaNode& node, const Json& schema, std::string_view name) {
  constexpr double kMax = 9007199254740992.0;
  const Json* value = find_keyword(schema, name);
  if (value == nullptr) return std::nullopt;
  const double number = value->is_number() ? value->get<double>() : -1;
  if (number < 0 || number != std::floor(number)) return bad_keyword(node, name, "must be a non-negative integer");
  return static_cast<std::size_t>(std::min(number, kMax));
}

const SchemaNode* SchemaCompiler::node_of(const Json& schema) {
  SchemaNode*& node = nodes_[&schema];
  if (node == nullptr) {
    const SchemaPlace& place = documents_.place_of(schema);
    node = &out_->nodes.emplace_back();
    node->resource = place.resource;
    node->pointer = place.pointer;
    to_fill_.emplace_back(node, &schema);
  }
  return node;
}

Result<const SchemaNode*> SchemaCompiler::follow(const SchemaNode& node, std::string_view reference,
                                                 std::string& dynamic_anchor) {
  Result<SchemaDocuments::Target> target = documents_.resolve(*node.resource, reference);
  if (!target) {
    Error error = std::move(target).error();
    error.detail = fmt::format("schema at \"{}\": {}", node.pointer, error.detail);
    return std::unexpected(std::move(error));
  }
  dynamic_anchor = target->dynamic_anchor;
  return node_of(*target->schema);
}

bool SchemaCompiler::asserts_formats(const SchemaNode& node) const {
  return options_.assert_formats || node.resource->vocabularies.format_assertion;
}

Status SchemaCompiler::fill(SchemaNode& node, const Json& schema) {
  if (schema.is_boolean()) {
    node.always_false = !schema.get<bool>();
    return {};
  }
  const Vocabularies& vocabularies = node.resource->vocabularies;
  TRY(add_reference_keywords(*this, node, schema));
  if (vocabularies.validation) {
    TRY(add_value_keywords(node, schema));
    TRY(add_number_keywords(node, schema));
    TRY(add_size_keywords(node, schema));
    TRY(add_text_keywords(node, schema));
  }
  if (asserts_formats(node)) TRY(add_format_keyword(node, schema));
  if (vocabularies.applicator) {
    TRY(add_logic_keywords(*this, node, schema));
    TRY(add_object_keywords(*this, node, schema));
    TRY(add_array_keywords(*this, node, schema));
  }
  // Last, since they ask what all the others have looked at.
  if (vocabularies.unevaluated) TRY(add_unevaluated_keywords(*this, node, schema));
  return {};
}

Result<std::shared_ptr<const CompiledSchema>> SchemaCompiler::compile(std::shared_ptr<const Json> schema) {
  const Json& main = *schema;
  TRY(documents_.add_main(std::move(schema)));
  out_->root = node_of(main);
  // Filling a node may load documents, whose dynamic anchors a $dynamicRef may lead to.
  std::size_t resources_seen = 0;
  while (!to_fill_.empty() || resources_seen < documents_.resources().size()) {
    for (; resources_seen < documents_.resources().size(); ++resources_seen) {
      const SchemaResource& resource = documents_.resources()[resources_seen];
      for (const auto& [name, anchored] : resource.dynamic_anchors) {
        out_->dynamic_anchors[{&resource, name}] = node_of(*anchored);
      }
    }
    if (to_fill_.empty()) continue;
    const auto [node, source] = to_fill_.front();
    to_fill_.pop_front();
    TRY(fill(*node, *source));
  }
  out_->documents = documents_.take_documents();
  out_->resources = documents_.take_resources();
  return out_;
}

Result<Schema> Schema::compile(Json schema, const SchemaRegistry& registry, SchemaOptions options) {
  SchemaCompiler compiler(registry, options);
  ASSIGN_OR_RETURN(auto compiled, compiler.compile(std::make_shared<const Json>(std::move(schema))));
  return Schema(std::move(compiled));
}

Result<std::vector<SchemaFailure>> Schema::validate(const Json& instance) const {
  SchemaEvaluation evaluation(*compiled_);
  evaluation.check(*compiled_->root, instance, nullptr);
  if (evaluation.exhausted()) {
    return fail(Reason::kTooLarge, "checking the data against its schema would take too much work");
  }
  return evaluation.take_failures();
}

Error schema_mismatch(const std::vector<SchemaFailure>& failures) {
  Error error{Reason::kSchemaMismatch, {}, {}};
  for (const SchemaFailure& failure : failures) {
    if (!error.detail.empty()) error.detail.push_back('\n');
    if (!error.detail_zh.empty()) error.detail_zh.push_back('\n');
    const std::string at = failure.instance_pointer.empty() ? "/" : failure.instance_pointer;
    error.detail.append(at).append(": ").append(failure.message_en);
    error.detail_zh.append(at).append("：").append(failure.message_zh);
  }
  return error;
}

}  // namespace chancery::packs
