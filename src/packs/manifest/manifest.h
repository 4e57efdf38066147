#pragma once
// What a pack declares (docs/formats/pack.md), read from pack.yaml and checked as far as the files alone allow.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "packs/forms/json_schema.h"
#include "packs/manifest/finding.h"
#include "packs/rules/rule.h"

namespace chancery::packs {

struct FactDeclaration {
  rules::Kind kind = rules::Kind::kAny;
  std::string source;
  Text title;
};

struct State {
  Text title;
  bool final = false;
  rules::Place place;
};

struct Transition {
  std::string id;
  Text title;
  std::vector<std::string> from;
  std::string to;
  std::vector<std::string> roles;
  std::optional<rules::Rule> guard;
  rules::Place place;
};

struct RecordType {
  Text title;
  std::optional<Schema> schema;
  std::string initial;
  std::map<std::string, State, std::less<>> states;
  std::vector<Transition> transitions;
  rules::Place place;
};

struct Manifest {
  std::string id;
  std::string version;
  Text title, description;
  std::map<std::string, Text, std::less<>> roles;
  std::map<std::string, Text, std::less<>> sources;
  std::map<std::string, FactDeclaration, std::less<>> facts;
  std::map<std::string, RecordType, std::less<>> records;
  std::map<std::string, Text, std::less<>> texts;
};

/// The content of a file of the pack by its path within it: "pack.yaml". kNotFound where there is none.
using PackFiles = std::function<Result<std::string>(const std::string& path)>;

struct CheckedPack {
  Manifest manifest;              ///< Complete only without findings.
  std::vector<Finding> findings;  ///< By file and line.
};

/// Reads pack.yaml and everything that it names. Takes any bytes.
CheckedPack check_pack(const PackFiles& files);

/// The kinds that the guards of a pack may use: its facts, and what every record has: `record`, its data as a map, and
/// `now`, the time of the block.
rules::DeclaredFacts declared_facts(const Manifest& manifest);

}  // namespace chancery::packs
