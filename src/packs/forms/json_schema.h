#pragma once
// JSON Schema 2020-12 (Core and Validation): compile once, validate many times.
//
// Bounded whatever the schema and the instance are: at most 10,000 subschemas, 128 levels of documents, 512 levels of
// evaluation, 2,000,000 steps of work for one validation (a step is about a microsecond at worst, usually far less).
// Patterns run in linear time (packs/forms/ecma_regex.h). Content keywords are annotations.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace chancery::packs {

/// Documents that a schema may refer to, by absolute URI without fragment. The metaschemas are built in.
using SchemaRegistry = std::map<std::string, std::shared_ptr<const Json>, std::less<>>;

struct SchemaOptions {
  /// `format` is an annotation by default, as the specification says; set it to assert the formats of formats.h. A
  /// schema whose metaschema names the format-assertion vocabulary asserts them in any case.
  bool assert_formats = false;
};

/// One thing that is wrong with an instance. The messages never repeat the instance's values.
struct SchemaFailure {
  std::string instance_pointer;  ///< RFC 6901; empty is the whole instance.
  std::string schema_pointer;    ///< "/properties/name/maxLength"; with its URI in a document that is not the main one.
  std::string keyword;           ///< "maxLength"; "false" where a schema `false` stands.
  std::string message_en;
  std::string message_zh;
};

struct CompiledSchema;

/// Immutable and cheap to copy; validate() is thread-safe.
class Schema {
 public:
  /// kMalformed (with the schema pointer in the detail) when a keyword is not what the specification asks for or a
  /// reference leads nowhere; kUnsupported for another dialect, an unknown required vocabulary or a pattern beyond us;
  /// kTooLarge beyond the bounds above. Takes any JSON (fuzz entry).
  static Result<Schema> compile(Json schema, const SchemaRegistry& registry = {}, SchemaOptions options = {});

  /// Empty: the instance is valid. At most 100 failures are listed. kTooLarge when the work would exceed the bounds.
  /// Takes any JSON (fuzz entry).
  Result<std::vector<SchemaFailure>> validate(const Json& instance) const;

 private:
  explicit Schema(std::shared_ptr<const CompiledSchema> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const CompiledSchema> compiled_;
};

/// The failures as one error: kSchemaMismatch, with each failure on a line in both languages.
Error schema_mismatch(const std::vector<SchemaFailure>& failures);

}  // namespace chancery::packs
