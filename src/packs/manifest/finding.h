#pragma once
// What is wrong with a pack, where exactly, and what to do: for people and for editors.

#include <string>
#include <vector>

#include "packs/rules/place.h"

namespace chancery::packs {

/// One sentence or title in both languages.
struct Text {
  std::string zh, en;

  const std::string& in(Language language) const { return language == Language::kZhCn ? zh : en; }
};

struct Finding {
  std::string file;  ///< Within the pack: "pack.yaml".
  rules::Place place;
  Text wrong, remedy;

  /// "pack.yaml:12:7: wrong. Remedy."
  std::string text(Language language) const;
};

/// At most kMaxFindings are kept: whoever made so many mistakes starts with the first.
class Findings {
 public:
  static constexpr std::size_t kMaxFindings = 100;

  void add(Finding finding);
  /// In the order of files and lines.
  std::vector<Finding> sorted() &&;

 private:
  std::vector<Finding> all_;
};

}  // namespace chancery::packs
