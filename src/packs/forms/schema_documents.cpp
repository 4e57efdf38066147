#include "packs/forms/schema_documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "packs/forms/metaschemas.h"
#include "packs/forms/uri_reference.h"

namespace chancery::packs {

namespace {

constexpr int kMaxDepth = 128;
constexpr std::size_t kMaxSubschemas = 10'000;
constexpr std::size_t kMaxPointerBytes = 4096;
constexpr std::string_view kDialect = "https://json-schema.org/draft/2020-12/schema";
constexpr std::string_view kVocabularyRoot = "https://json-schema.org/draft/2020-12/vocab/";
/// The URI of a schema that has none; a relative reference in it must still resolve to itself.
constexpr std::string_view kUnnamed = "chancery:unnamed-schema";

// Where the specification puts subschemas. `definitions` is the older name of `$defs`, which the metaschema still has.
constexpr std::string_view kSingle[] = {"additionalProperties",
                                        "propertyNames",
                                        "items",
                                        "contains",
                                        "not",
                                        "if",
                                        "then",
                                        "else",
                                        "unevaluatedItems",
                                        "contentSchema",
                                        "unevaluatedProperties"};
constexpr std::string_view kMaps[] = {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"};
constexpr std::string_view kArrays[] = {"allOf", "anyOf", "oneOf", "prefixItems"};

const std::string* string_member(const Json& schema, std::string_view name) {
  const auto found = schema.find(name);
  return found != schema.end() && found->is_string() ? found->get_ptr<const std::string*>() : nullptr;
}

/// Core section 8.2.2: [A-Za-z_][-A-Za-z0-9._]*
bool is_anchor(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && letter(name[0]) && std::ranges::all_of(name, [letter](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

std::string without_fragment(std::string_view uri) {
  return std::string(uri.substr(0, uri.find('#')));
}

std::unexpected<Error> malformed(const std::string& pointer, std::string_view sentence) {
  return fail(Reason::kMalformed, fmt::format("schema at \"{}\": {}", pointer, sentence));
}

}  // namespace

Status SchemaDocuments::add_main(std::shared_ptr<const Json> document) {
  return add(std::move(document), std::string(kUnnamed), "");
}

Status SchemaDocuments::add(std::shared_ptr<const Json> document, const std::string& uri,
                            const std::string& message_prefix) {
  documents_.push_back(std::move(document));
  return index(*documents_.back(), nullptr, uri, message_prefix, 0);
}

const SchemaPlace& SchemaDocuments::place_of(const Json& schema) const {
  const auto found = places_.find(&schema);
  CHANCERY_CHECK(found != places_.end());
  return found->second;
}

Status SchemaDocuments::index(const Json& schema, SchemaResource* resource, const std::string& base_uri,
                              const std::string& pointer, int depth) {
  if (depth > kMaxDepth) return fail(Reason::kTooLarge, "a schema nests deeper than 128 levels");
  // Each subschema keeps its pointer: long names on the way to many of them would multiply.
  if (pointer.size() > kMaxPointerBytes) return fail(Reason::kTooLarge, "a pointer into a schema has more than 4 KiB");
  if (places_.size() >= kMaxSubschemas) return fail(Reason::kTooLarge, "a schema has more than 10,000 subschemas");
  if (!schema.is_object() && !schema.is_boolean()) return malformed(pointer, "a schema is an object or a boolean");
  if (resource == nullptr || string_member(schema, "$id") != nullptr) {
    ASSIGN_OR_RETURN(resource, open_resource(schema, resource, base_uri, pointer));
  }
  if (!places_.try_emplace(&schema, SchemaPlace{resource, pointer}).second || schema.is_boolean()) return {};
  for (const bool dynamic : {false, true}) {
    const auto anchor = schema.find(dynamic ? "$dynamicAnchor" : "$anchor");
    if (anchor == schema.end()) continue;
    if (!anchor->is_string() || !is_anchor(anchor->get_ref<const std::string&>())) {
      return malformed(pointer, "an anchor is a plain name");
    }
    const auto [at, added] = resource->anchors.try_emplace(anchor->get<std::string>(), &schema);
    if (!added && at->second != &schema) return malformed(pointer, "an anchor occurs twice");
    if (dynamic) resource->dynamic_anchors[anchor->get<std::string>()] = &schema;
  }
  for (const auto& [name, value] : schema.get_ref<const Json::object_t&>()) {
    const std::string at = json_pointer_append(pointer, name);
    if (std::ranges::find(kSingle, name) != std::end(kSingle)) {
      TRY(index(value, resource, resource->uri, at, depth + 1));
    } else if (std::ranges::find(kMaps, name) != std::end(kMaps)) {
      if (!value.is_object()) return malformed(at, "must be an object of schemas");
      for (const auto& [key, subschema] : value.get_ref<const Json::object_t&>()) {
        TRY(index(subschema, resource, resource->uri, json_pointer_append(at, key), depth + 1));
      }
    } else if (std::ranges::find(kArrays, name) != std::end(kArrays)) {
      if (!value.is_array() || value.empty()) return malformed(at, "must be a non-empty array of schemas");
      for (std::size_t i = 0; i < value.size(); ++i) {
        TRY(index(value[i], resource, resource->uri, json_pointer_append(at, std::to_string(i)), depth + 1));
      }
    }
  }
  return {};
}

Result<SchemaResource*> SchemaDocuments::open_resource(const Json& schema, SchemaResource* outer,
                                                       const std::string& base_uri, const std::string& pointer) {
  SchemaResource resource;
  resource.uri = base_uri;
  resource.root = &schema;
  resource.pointer = pointer;
  if (schema.is_object() && schema.contains("$id")) {
    const std::string* id = string_member(schema, "$id");
    if (id == nullptr) return malformed(pointer, "$id must be a URI reference");
    UriReference uri = resolve_uri_reference(split_uri_reference(base_uri), split_uri_reference(*id));
    if (uri.fragment && !uri.fragment->empty()) return malformed(pointer, "$id must not have a fragment");
    uri.fragment.reset();
    resource.uri = uri.text();
  }
  ASSIGN_OR_RETURN(resource.vocabularies, vocabularies_of(schema, outer));
  resources_.push_back(std::move(resource));
  SchemaResource* added = &resources_.back();
  if (!resource_by_uri_.try_emplace(added->uri, added).second) {
    return malformed(pointer, fmt::format("two schemas have the $id {}", added->uri));
  }
  return added;
}

Result<Vocabularies> SchemaDocuments::vocabularies_of(const Json& schema, const SchemaResource* outer) {
  const std::string* dialect = schema.is_object() ? string_member(schema, "$schema") : nullptr;
  if (dialect == nullptr) return outer == nullptr ? Vocabularies{} : outer->vocabularies;
  const std::string uri = without_fragment(*dialect);
  if (uri == kDialect) return Vocabularies{};
  const auto found = registry_.find(uri);
  if (found == registry_.end()) return fail(Reason::kUnsupported, "the dialect " + uri + " is not JSON Schema 2020-12");
  const Json& metaschema = *found->second;
  const auto list = metaschema.is_object() ? metaschema.find("$vocabulary") : metaschema.end();
  if (!metaschema.is_object() || list == metaschema.end() || !list->is_object()) return Vocabularies{};
  Vocabularies out{.applicator = false, .unevaluated = false, .validation = false, .format_assertion = false};
  for (const auto& [name, required] : list->get_ref<const Json::object_t&>()) {
    const std::string_view known =
        name.starts_with(kVocabularyRoot) ? std::string_view(name).substr(kVocabularyRoot.size()) : "";
    if (known == "applicator") {
      out.applicator = true;
    } else if (known == "unevaluated") {
      out.unevaluated = true;
    } else if (known == "validation") {
      out.validation = true;
    } else if (known == "format-assertion") {
      out.format_assertion = true;
    } else if (known != "core" && known != "meta-data" && known != "format-annotation" && known != "content" &&
               required == true) {
      return fail(Reason::kUnsupported, "the vocabulary " + name + " is required and unknown");
    }
  }
  return out;
}

Result<SchemaResource*> SchemaDocuments::find_resource(const std::string& uri) {
  if (const auto found = resource_by_uri_.find(uri); found != resource_by_uri_.end()) return found->second;
  std::shared_ptr<const Json> document;
  if (const auto registered = registry_.find(uri); registered != registry_.end()) {
    document = registered->second;
  } else {
    for (const Metaschema& metaschema : metaschemas()) {
      if (metaschema.uri != uri) continue;
      ASSIGN_OR_RETURN(Json parsed, parse_json(metaschema.text));
      document = std::make_shared<const Json>(std::move(parsed));
    }
  }
  if (document == nullptr) return fail(Reason::kMalformed, "no schema is known under " + uri);
  const Json* root = document.get();
  TRY(add(std::move(document), uri, uri + "#"));
  // A document with an $id of its own is also known under the URI where it was found.
  SchemaResource* resource = nullptr;
  for (SchemaResource& candidate : resources_) {
    if (candidate.root == root) resource = &candidate;
  }
  CHANCERY_CHECK(resource != nullptr);
  resource_by_uri_.try_emplace(uri, resource);
  return resource;
}

Result<const Json*> SchemaDocuments::find_by_pointer(SchemaResource& resource, std::string_view pointer) {
  const Json* at = resource.root;
  SchemaPlace nearest{&resource, resource.pointer};
  std::string pointer_so_far = resource.pointer;
  while (!pointer.empty()) {
    const std::size_t slash = pointer.find('/', 1);
    std::string token(pointer.substr(1, slash == std::string_view::npos ? slash : slash - 1));
    pointer = slash == std::string_view::npos ? std::string_view{} : pointer.substr(slash);
    for (const auto& [escaped, plain] : {std::pair{"~1", '/'}, std::pair{"~0", '~'}}) {
      for (std::size_t i = token.find(escaped); i != std::string::npos; i = token.find(escaped, i + 1)) {
        token.replace(i, 2, 1, plain);
      }
    }
    if (at->is_object() && at->contains(token)) {
      at = &at->at(token);
    } else if (std::size_t i = 0;
               at->is_array() &&
               std::from_chars(token.data(), token.data() + token.size(), i).ptr == token.data() + token.size() &&
               i < at->size() && std::to_string(i) == token) {
      at = &(*at)[i];
    } else {
      return fail(Reason::kMalformed, "a reference leads nowhere in " + resource.uri);
    }
    pointer_so_far = json_pointer_append(pointer_so_far, token);
    if (const auto known = places_.find(at); known != places_.end()) nearest = known->second;
  }
  if (!places_.contains(at)) {
    // A schema in a place that the specification does not know, such as below an unknown keyword.
    TRY(index(*at, nearest.resource, nearest.resource->uri, pointer_so_far, 0));
  }
  return at;
}

Result<SchemaDocuments::Target> SchemaDocuments::resolve(const SchemaResource& from, std::string_view reference) {
  UriReference uri = resolve_uri_reference(split_uri_reference(from.uri), split_uri_reference(reference));
  const std::optional<std::string> fragment = percent_decode(uri.fragment.value_or(""));
  if (!fragment) return fail(Reason::kMalformed, "a reference has a malformed percent escape");
  uri.fragment.reset();
  ASSIGN_OR_RETURN(SchemaResource * resource, find_resource(uri.text()));
  if (fragment->empty()) return Target{resource->root, ""};
  if (fragment->starts_with('/')) {
    ASSIGN_OR_RETURN(const Json* schema, find_by_pointer(*resource, *fragment));
    return Target{schema, ""};
  }
  const auto anchor = resource->anchors.find(*fragment);
  if (anchor == resource->anchors.end()) {
    return fail(Reason::kMalformed, "no anchor " + *fragment + " in " + resource->uri);
  }
  return Target{anchor->second, resource->dynamic_anchors.contains(*fragment) ? *fragment : ""};
}

}  // namespace chancery::packs
