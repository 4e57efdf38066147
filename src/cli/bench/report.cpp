#include "cli/bench/report.h"

#include <fmt/core.h>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "cli/files.h"
#include "crypto/signature.h"

namespace chancery::cli::bench {
namespace {

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

std::string number(double value) {
  if (value >= 1000) return fmt::format("{:.0f}", value);
  return value >= 10 ? fmt::format("{:.1f}", value) : fmt::format("{:.3f}", value);
}

}  // namespace

const std::vector<Target>& targets() {
  static const std::vector<Target> all = {
      {"solo_tx_per_s", 15'000, true},
      {"solo_final_p99_ms", 250, false},
      {"solo_10m_ratio", 0.8, true},
      {"proof_p99_ms", 5, false},
      {"batch_deposits_per_s", 500'000, true},
      {"verify_receipt_ms", 1, false},
      {"bytes_per_tx", 1'200, false},
      {"start_1m_s", 3, false},
      {"net4_tx_per_s", 5'000, true},
      {"net4_final_p99_ms", 3'000, false},
      {"net4_ratio_to_cometbft_signed", 4, true},
      {"snapshot_install_s", 60, false},
  };
  return all;
}

double percentile(std::vector<double>& samples, double share) {
  if (samples.empty()) return 0;
  std::ranges::sort(samples);
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples.size())));
  return samples[std::min(samples.size(), std::max<std::size_t>(rank, 1)) - 1];
}

nlohmann::json Report::to_json() const {
  nlohmann::json out = nlohmann::json::array();
  for (const Figure& figure : figures_) {
    out.push_back({{"name", figure.name},
                   {"value", figure.value},
                   {"unit", figure.unit},
                   {"settings", figure.settings},
                   {"peers", figure.peers}});
  }
  return out;
}

void Report::print(Terminal& terminal) const {
  std::vector<std::vector<std::string>> rows;
  for (const Figure& figure : figures_) {
    std::string wanted = "-";
    std::string reached = "-";
    for (const Target& target : targets()) {
      if (target.name != figure.name) continue;
      wanted = (target.at_least ? ">= " : "<= ") + number(target.value);
      const bool good = target.at_least ? figure.value >= target.value : figure.value <= target.value;
      reached = std::string(good ? terminal.pick({"达到", "reached"}) : terminal.pick({"未达到", "MISSED"}));
    }
    rows.push_back({figure.name, number(figure.value), figure.unit, wanted, reached});
  }
  terminal.print_table(
      {std::string(terminal.pick({"指标", "figure"})), std::string(terminal.pick({"数值", "value"})),
       std::string(terminal.pick({"单位", "unit"})), std::string(terminal.pick({"目标", "target"})), ""},
      rows);
  for (const Figure& figure : figures_) {
    for (const auto& [name, value] : figure.peers) {
      const double ratio = value == 0 ? 0 : figure.value / value;
      terminal.print(
          fmt::format("  {} / {} = {} ({} {})", figure.name, name, number(ratio), number(value), figure.unit));
    }
  }
}

Status Report::write(const std::string& path) const {
  return write_file(path, as_bytes(to_json().dump(2) + "\n"), Overwrite::kAllow, Access::kEverybody);
}

nlohmann::json hardware(const std::string& directory) {
  utsname kernel{};
  uname(&kernel);
  struct statfs disk{};
  statfs(directory.c_str(), &disk);
  const auto page_bytes = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return {{"cpu", cpu_model()},
          {"cores", sysconf(_SC_NPROCESSORS_ONLN)},
          {"memory_bytes", static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * page_bytes},
          {"kernel", std::string(kernel.release)},
          {"disk_free_bytes", static_cast<std::uint64_t>(disk.f_bavail) * static_cast<std::uint64_t>(disk.f_bsize)},
          {"compiler", __VERSION__},
          {"crypto", crypto::to_string(crypto::active_backend())}};
}

}  // namespace chancery::cli::bench
