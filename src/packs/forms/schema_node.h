#pragma once
// A compiled schema: a graph of nodes, each a list of keywords in the order in which they are evaluated.

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "packs/forms/schema_documents.h"

namespace chancery::packs {

class SchemaEvaluation;
class Evaluated;
struct SchemaNode;

/// One keyword of one schema object, or several that work together (properties with additionalProperties).
class Keyword {
 public:
  virtual ~Keyword() = default;
  /// False when the instance fails; failures go to `evaluation`. `evaluated` collects which members and items were
  /// looked at, for unevaluated*; null when nobody asks.
  virtual bool check(SchemaEvaluation& evaluation, const SchemaNode& node, const Json& instance,
                     Evaluated* evaluated) const = 0;
};

struct SchemaNode {
  bool always_false = false;
  bool asks_for_evaluated = false;  ///< Has unevaluatedProperties or unevaluatedItems.
  const SchemaResource* resource = nullptr;
  std::string pointer;
  std::vector<std::unique_ptr<const Keyword>> keywords;
};

struct CompiledSchema {
  std::vector<std::shared_ptr<const Json>> documents;
  std::deque<SchemaResource> resources;
  std::deque<SchemaNode> nodes;
  /// Where $dynamicRef may lead: nodes by resource and dynamic anchor.
  std::map<std::pair<const SchemaResource*, std::string>, const SchemaNode*> dynamic_anchors;
  const SchemaNode* root = nullptr;
};

}  // namespace chancery::packs
