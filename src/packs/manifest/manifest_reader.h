#pragma once
// pack.yaml becomes a Manifest; every mistake becomes a finding at its place.

#include "packs/manifest/manifest.h"
#include "packs/manifest/yaml_file.h"

namespace chancery::packs {

class ManifestReader {
 public:
  ManifestReader(YamlFile& file, const PackFiles& files, Manifest& out) : file_(file), files_(files), out_(out) {}

  void read();

 private:
  using Titles = std::map<std::string, Text, std::less<>>;

  Text text_pair(const std::optional<YAML::Node>& node, const Text& what);
  std::string identifier(const YAML::Node& node, const std::string& name, const Text& what);
  Titles titles(const std::optional<YAML::Node>& node, const Text& what);
  void head(YamlFields& fields);
  void facts(const YAML::Node& node);
  void fact(const YamlEntry& entry);
  void records(const YAML::Node& node);
  RecordType record(const YamlEntry& entry);
  void schema(const YAML::Node& node, RecordType& record);
  void states(const YAML::Node& node, RecordType& record);
  void transitions(const YAML::Node& node, RecordType& record);
  void transition(const YAML::Node& node, RecordType& record);
  std::string reference(const YAML::Node& node, const Text& what, bool known_there, const std::string& name);
  void guard(const YAML::Node& node, Transition& transition);

  YamlFile& file_;
  const PackFiles& files_;
  Manifest& out_;
};

}  // namespace chancery::packs
