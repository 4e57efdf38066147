#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "cli/all_commands.h"
#include "cli/bench/bench_run.h"
#include "cli/files.h"

namespace chancery::cli {
namespace {

struct Options {
  std::vector<std::string> parts;
  std::string out;
  std::string directory = "build/bench";
  std::string suite = "gm";
  std::uint64_t seconds = 60;
  std::uint64_t many_records = 10'000'000;
  std::uint64_t snapshot_records = 1'000'000;
  bool quick = false;
  bool no_peers = false;
};

constexpr std::uint64_t kQuickSeconds = 10;
constexpr std::uint64_t kQuickDeposits = 100'000;

Result<ExitCode> run(const Options& options, Terminal& terminal) {
  using Part = Status (*)(bench::BenchRun&);
  // In this order: later parts need what earlier ones left in the node.
  const std::vector<std::pair<std::string, Part>> all = {
      {"solo", bench::bench_solo},        {"receipt", bench::bench_receipt},   {"deposits", bench::bench_deposits},
      {"start", bench::bench_start},      {"snapshot", bench::bench_snapshot}, {"network", bench::bench_network},
      {"many", bench::bench_many_records}};
  bench::BenchOptions bench_options;
  bench_options.directory = options.directory;
  bench_options.suite = options.suite;
  bench_options.seconds = options.quick ? kQuickSeconds : options.seconds;
  bench_options.many_records = options.many_records;
  bench_options.snapshot_records = options.snapshot_records;
  bench_options.peers = !options.no_peers;
  if (options.quick) bench_options.deposits = kQuickDeposits;
  const auto wanted = [&](const std::string& name) {
    if (std::ranges::find(options.parts, "all") != options.parts.end()) return !(options.quick && name == "many");
    return std::ranges::find(options.parts, name) != options.parts.end();
  };
  std::error_code none;
  const bool in_use = exists(options.directory) && !std::filesystem::is_empty(options.directory, none);
  if (in_use && !terminal.confirm({"工作目录非空，清空它？", "The work directory is not empty. Empty it?"})) {
    return fail(Reason::kConflict, options.directory + " is not empty: choose another directory, or --yes",
                options.directory + " 非空：请换一个目录，或加 --yes");
  }
  TRY(make_directories(options.directory, Access::kEverybody));
  const nlohmann::json machine = bench::hardware(options.directory);
  terminal.say(machine.dump());
  ASSIGN_OR_RETURN(const auto bench_run, bench::BenchRun::open(bench_options, terminal));
  for (const auto& [name, part] : all) {
    if (!wanted(name)) continue;
    terminal.say(fmt::format("== {}", name));
    TRY(part(*bench_run));
    if (!options.out.empty()) TRY(bench_run->report().write(options.out));
  }
  bench_run->stop_nodes();
  std::error_code ignored;
  std::filesystem::remove_all(options.directory, ignored);
  if (terminal.json()) {
    terminal.print_json(bench_run->report().to_json());
  } else {
    terminal.print(machine.dump());
    bench_run->report().print(terminal);
    for (const bench::Figure& figure : bench_run->report().figures()) {
      terminal.print(fmt::format("  {} {}", figure.name, figure.settings.dump()));
    }
  }
  return ExitCode::kOk;
}

}  // namespace

void add_bench(CommandTree& tree) {
  Command& command = tree.root().sub("bench", {"测量速度与大小", "Measure speed and size"});
  const auto options = std::make_shared<Options>();
  command
      .positional("PART", options->parts,
                  {"all、solo、receipt、deposits、start、snapshot、network、many",
                   "all, or some of solo, receipt, deposits, start, snapshot, network, many"})
      .one_of({"all", "solo", "receipt", "deposits", "start", "snapshot", "network", "many"});
  command.option("--out", options->out, "FILE", {"另写 JSON 到此文件", "Also write the figures there as JSON"});
  command.option("--directory", options->directory, "DIR",
                 {"工作目录，会被清空，默认 build/bench", "Work directory, emptied, default build/bench"});
  command.option("--suite", options->suite, "SUITE", {"算法套件，默认 gm", "Suite, default gm"}).one_of({"gm", "intl"});
  command.option("--seconds", options->seconds, "N",
                 {"每次计时负载的秒数，默认 60", "Seconds of each timed load, default 60"});
  command.option("--many", options->many_records, "N",
                 {"many 部分的记录数，默认 10000000", "Records for the part many, default 10000000"});
  command.option("--records", options->snapshot_records, "N",
                 {"snapshot 部分的记录数，默认 1000000", "Records for the part snapshot, default 1000000"});
  command.flag("--quick", options->quick, {"10 秒的简短测量，不含 many", "Short loads of 10 s, without many"});
  command.flag("--no-peers", options->no_peers, {"不测对照项", "Without the peers"});
  command.example("bench receipt --quick --directory /tmp/chancery-bench",
                  {"只测离线核验", "Offline verification only"});
  command.example("bench all --quick --no-peers --directory /tmp/chancery-bench --out bench.json",
                  {"简短测量全部", "Everything, shortly"});
  command.example("bench snapshot --records 20000 --directory /tmp/chancery-bench",
                  {"写出并装入两万条记录的快照", "Write and install a snapshot of 20,000 records"});
  command.run([options](Terminal& terminal) { return run(*options, terminal); });
}

}  // namespace chancery::cli
