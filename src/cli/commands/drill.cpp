#include <fmt/core.h>
#include <unistd.h>

#include <filesystem>

#include "cli/all_commands.h"
#include "cli/files.h"
#include "cli/restore_drill.h"
#include "cli/show.h"
#include "node/genesis_file.h"
#include "node/node_files.h"

namespace chancery::cli {
namespace {

struct Options {
  std::string node = "data/node";
  std::string scratch;
  DrillPlan plan;
};

/// Beside the backups: there is room for copies of them.
std::string scratch_beside(const std::string& backups) {
  const auto folder = std::filesystem::absolute(backups).lexically_normal();
  const auto parent = folder.has_filename() ? folder.parent_path() : folder.parent_path().parent_path();
  return (parent / fmt::format("chancery-drill-{}", getpid())).string();
}

void print_report(Terminal& terminal, const DrillReport& report) {
  if (terminal.json()) return terminal.print_json(report.to_json());
  const Words verdict = report.passed ? Words{"恢复演练通过：备份可以恢复", "the drill passed: this backup restores"}
                                      : Words{"恢复演练未通过", "the drill failed"};
  terminal.print_marked(report.passed ? Mark::kOk : Mark::kFailed, terminal.pick(verdict));
  if (!report.passed) terminal.print("  " + std::string(terminal.pick({report.failure_zh, report.failure_en})));
  nlohmann::json members = report.to_json();
  for (const char* said : {"format", "passed", "failure_zh", "failure_en"}) members.erase(said);
  show_members(terminal, members);
}

Result<ExitCode> run(const Options& options, Terminal& terminal) {
  if (!exists(node::genesis_path(options.node))) {
    return fail(Reason::kNotFound, "there is no node in " + options.node, options.node + " 中没有节点");
  }
  ASSIGN_OR_RETURN(const ledger::Genesis genesis, node::read_genesis(options.node));
  DrillPlan plan = options.plan;
  plan.network_id = genesis.network_id;
  plan.scratch = options.scratch.empty() ? scratch_beside(plan.backups) : options.scratch;
  // It is emptied: only what does not exist may be given.
  if (exists(plan.scratch)) {
    return fail(Reason::kAlreadyExists, plan.scratch + " exists already", plan.scratch + " 已经存在");
  }
  terminal.say(Words{"正在恢复到临时目录并重新执行…", "restoring to a scratch directory and executing again ..."});
  std::optional<Progress> progress;
  const DrillReport report = rehearse_restore(plan, SystemClock(), [&](std::uint64_t done, std::uint64_t total) {
    if (!progress) progress.emplace(terminal, Words{"从创世重新执行", "re-executing from the genesis"}, total);
    progress->advance_to(done);
  });
  progress.reset();
  TRY(keep_drill_report(options.node, report));
  print_report(terminal, report);
  return report.passed ? ExitCode::kOk : ExitCode::kFailed;
}

}  // namespace

void add_drill(CommandTree& tree) {
  Command& drill = tree.root().sub(
      "drill", {"恢复演练：把最新备份恢复到临时目录并核验", "Rehearse a restore of the newest backup, and verify it"});
  const auto options = std::make_shared<Options>();
  drill.positional("BACKUPS", options->plan.backups,
                   {"备份，或存放备份的目录（取最新者）", "A backup, or a directory of backups (the newest is taken)"});
  drill.option("--directory", options->node, "DIR",
               {"节点目录，报告写入其中的 drill.json", "Node directory; the report goes to drill.json in it"});
  drill.option(
      "--receipt", options->plan.receipts, "FILE",
      {"原节点签发的凭证，须与恢复的账本一致；可多次", "A receipt of before, which must hold; may be repeated"});
  drill.option("--scratch", options->scratch, "DIR",
               {"临时目录，须不存在；默认在备份旁", "Scratch directory, must not exist; default beside the backups"});
  drill.flag("--fast", options->plan.fast, {"不逐条校验，不重新执行", "Neither every entry nor executing again"});
  drill.example("drill backup-1 --directory data/dev", {"演练一份备份", "Rehearse with a backup"});
  drill.example("drill . --directory data/dev --fast --json",
                {"取最新备份，输出 JSON", "The newest backup here; JSON"});
  drill.run([options](Terminal& terminal) { return run(*options, terminal); });
}

}  // namespace chancery::cli
