#pragma once
// YAML read strictly: one document, no key twice, no key that nobody asks for, and the place of everything.

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "packs/manifest/finding.h"

namespace chancery::packs {

constexpr std::size_t kMaxYaml_bytes = 256U << 10U;

struct YamlEntry {
  std::string key;
  YAML::Node key_node, value;
  bool taken = false;
};

/// Reports into `findings`, which it borrows.
class YamlFile {
 public:
  /// nullopt, after a finding, for what is no YAML or too long.
  static std::optional<YamlFile> load(std::string name, std::string text, Findings& findings);

  const YAML::Node& root() const { return root_; }
  rules::Place place_of(const YAML::Node& node) const;
  /// Where the byte `offset` of a scalar's value stands in the file; the scalar's own place where folding or escapes
  /// make that unknowable.
  rules::Place place_within(const YAML::Node& scalar, rules::Place inside) const;
  void report(const YAML::Node& at, Text wrong, Text remedy);
  void report(rules::Place at, Text wrong, Text remedy);

  /// The entries of a map, each key once; a finding where `what` is no map.
  std::vector<YamlEntry> entries(const YAML::Node& node, const Text& what);
  /// A text that is not empty; "" after a finding.
  std::string text_of(const YAML::Node& node, const Text& what);
  /// true or false; false after a finding.
  bool flag_of(const YAML::Node& node, const Text& what);
  std::vector<YAML::Node> items_of(const YAML::Node& node, const Text& what);

 private:
  YamlFile(std::string name, std::string text, Findings& findings)
      : name_(std::move(name)), text_(std::move(text)), findings_(&findings) {}
  std::string_view line(std::size_t number) const;

  std::string name_;
  std::string text_;
  YAML::Node root_;
  Findings* findings_;
};

/// The members of one map, asked for by name; what was never asked for is reported.
class YamlFields {
 public:
  YamlFields(YamlFile& file, const YAML::Node& node, Text what);

  std::optional<YAML::Node> optional(std::string_view key);
  /// nullopt after a finding.
  std::optional<YAML::Node> required(std::string_view key);
  void refuse_others();

 private:
  YamlFile& file_;
  YAML::Node node_;
  Text what_;
  std::vector<YamlEntry> entries_;
  std::vector<std::string> known_;
};

}  // namespace chancery::packs
