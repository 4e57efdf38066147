#pragma once
// What `chancery bench` finds: a table for people, build/bench.json for programs, with exactly the names of the
// targets.

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/terminal.h"

namespace chancery::cli::bench {

struct Figure {
  std::string name;
  double value = 0;
  std::string unit;
  nlohmann::json settings = nlohmann::json::object();
  std::map<std::string, double> peers;  ///< the same work by others, in the same unit, in the same run
};

/// What a figure must reach on the two-core machine; `at_least` false: at most.
struct Target {
  std::string_view name;
  double value;
  bool at_least;
};
const std::vector<Target>& targets();

class Report {
 public:
  void add(Figure figure) { figures_.push_back(std::move(figure)); }
  const std::vector<Figure>& figures() const { return figures_; }
  /// A list of { name, value, unit, settings, peers }.
  nlohmann::json to_json() const;
  void print(Terminal& terminal) const;
  Status write(const std::string& path) const;

 private:
  std::vector<Figure> figures_;
};

/// CPU, cores, memory, kernel, disk of `directory`, compiler, crypto backend.
nlohmann::json hardware(const std::string& directory);

/// The value that `share` (0 to 1) of the samples do not exceed; 0 without samples. Sorts them.
double percentile(std::vector<double>& samples, double share);

}  // namespace chancery::cli::bench
