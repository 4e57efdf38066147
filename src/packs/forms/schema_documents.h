#pragma once
// The documents behind a schema, and which place in them each URI names: JSON Schema Core 2020-12 section 8.2
// ($id, $anchor, $dynamicAnchor) and section 8.1 (vocabularies). Nothing is ever fetched from a network.

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "packs/forms/json_schema.h"

namespace chancery::packs {

/// Which keywords mean something in a resource, by its metaschema.
struct Vocabularies {
  bool applicator = true;
  bool unevaluated = true;
  bool validation = true;
  bool format_assertion = false;
};

/// A schema resource: a schema object with its own URI.
struct SchemaResource {
  std::string uri;
  const Json* root = nullptr;
  std::string pointer;  ///< Of the root within its document, with the document's URI where it is not the main one.
  Vocabularies vocabularies;
  std::map<std::string, const Json*, std::less<>> anchors;  ///< Plain and dynamic.
  std::map<std::string, const Json*, std::less<>> dynamic_anchors;
};

struct SchemaPlace {
  SchemaResource* resource = nullptr;
  std::string pointer;  ///< For messages: "/properties/name", or "https://…#/$defs/name" in another document.
};

class SchemaDocuments {
 public:
  explicit SchemaDocuments(const SchemaRegistry& registry) : registry_(registry) {}

  /// Indexes the main document; `uri` is where it was found, which may be empty.
  Status add_main(std::shared_ptr<const Json> document);

  struct Target {
    const Json* schema = nullptr;
    /// The name when the reference was made by an anchor that is dynamic in its resource.
    std::string dynamic_anchor;
  };
  /// Follows a reference from a place in `from`; loads documents of the registry and metaschemas as they are named.
  Result<Target> resolve(const SchemaResource& from, std::string_view reference);

  const SchemaPlace& place_of(const Json& schema) const;
  const std::deque<SchemaResource>& resources() const { return resources_; }
  std::vector<std::shared_ptr<const Json>> take_documents() { return std::move(documents_); }
  /// Resources keep their addresses.
  std::deque<SchemaResource> take_resources() { return std::move(resources_); }

 private:
  Status add(std::shared_ptr<const Json> document, const std::string& uri, const std::string& message_prefix);
  Status index(const Json& schema, SchemaResource* resource, const std::string& base_uri, const std::string& pointer,
               int depth);
  Result<SchemaResource*> open_resource(const Json& schema, SchemaResource* outer, const std::string& base_uri,
                                        const std::string& pointer);
  Result<Vocabularies> vocabularies_of(const Json& schema, const SchemaResource* outer);
  Result<SchemaResource*> find_resource(const std::string& uri);
  Result<const Json*> find_by_pointer(SchemaResource& resource, std::string_view pointer);

  const SchemaRegistry& registry_;
  std::vector<std::shared_ptr<const Json>> documents_;
  std::deque<SchemaResource> resources_;
  std::map<std::string, SchemaResource*, std::less<>> resource_by_uri_;
  std::map<const Json*, SchemaPlace> places_;
};

}  // namespace chancery::packs
