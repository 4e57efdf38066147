#pragma once
// From schema documents to a graph of nodes.

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "packs/forms/schema_node.h"

namespace chancery::packs {

class SchemaCompiler {
 public:
  SchemaCompiler(const SchemaRegistry& registry, SchemaOptions options) : documents_(registry), options_(options) {}

  Result<std::shared_ptr<const CompiledSchema>> compile(std::shared_ptr<const Json> schema);

  /// The node of a subschema that stands in a place of the documents; compiled later when it is new.
  const SchemaNode* node_of(const Json& schema);
  /// The node that a reference from `node` leads to; fills `dynamic_anchor` as SchemaDocuments::resolve does.
  Result<const SchemaNode*> follow(const SchemaNode& node, std::string_view reference, std::string& dynamic_anchor);
  bool asserts_formats(const SchemaNode& node) const;

 private:
  Status fill(SchemaNode& node, const Json& schema);

  SchemaDocuments documents_;
  SchemaOptions options_;
  std::shared_ptr<CompiledSchema> out_ = std::make_shared<CompiledSchema>();
  std::map<const Json*, SchemaNode*> nodes_;
  std::deque<std::pair<SchemaNode*, const Json*>> to_fill_;
};

/// Adds the keywords of one group that `schema` has; an error's detail names the keyword.
Status add_reference_keywords(SchemaCompiler& compiler, SchemaNode& node, const Json& schema);
Status add_logic_keywords(SchemaCompiler& compiler, SchemaNode& node, const Json& schema);
Status add_object_keywords(SchemaCompiler& compiler, SchemaNode& node, const Json& schema);
Status add_array_keywords(SchemaCompiler& compiler, SchemaNode& node, const Json& schema);
Status add_unevaluated_keywords(SchemaCompiler& compiler, SchemaNode& node, const Json& schema);
Status add_value_keywords(SchemaNode& node, const Json& schema);
Status add_number_keywords(SchemaNode& node, const Json& schema);
Status add_size_keywords(SchemaNode& node, const Json& schema);
Status add_text_keywords(SchemaNode& node, const Json& schema);
Status add_format_keyword(SchemaNode& node, const Json& schema);

/// The member of a schema object; null when absent.
const Json* find_keyword(const Json& schema, std::string_view name);
/// kMalformed: "schema at "/a/b/<keyword>": <sentence>".
std::unexpected<Error> bad_keyword(const SchemaNode& node, std::string_view keyword, std::string_view sentence);
/// A non-negative integer, also when written 2.0; nullopt when absent. Beyond 2^53 it is taken as 2^53.
Result<std::optional<std::size_t>> size_keyword(const SchemaNode& node, const Json& schema, std::string_view name);

}  // namespace chancery::packs
