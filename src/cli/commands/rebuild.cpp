#include <fmt/core.h>

#include "base/clock.h"
#include "cli/all_commands.h"
#include "cli/backup_request.h"
#include "cli/key_files.h"
#include "cli/reexecution.h"
#include "node/services.h"

namespace chancery::cli {
namespace {

struct Options {
  std::string directory = "data/node";
  bool state = false;
  PassphraseSource passphrase;
};

Result<ExitCode> rebuild_state(const Options& options, Terminal& terminal) {
  std::optional<Progress> progress;
  ASSIGN_OR_RETURN(
      const Reexecution result,
      reexecute(options.directory, options.directory + "/reexecution", [&](std::uint64_t done, std::uint64_t total) {
        if (!progress) progress.emplace(terminal, Words{"从创世重新执行", "re-executing from the genesis"}, total);
        progress->advance_to(done);
      }));
  progress.reset();
  if (terminal.json()) {
    terminal.print_json(
        {{"height", result.height}, {"transactions", result.transactions}, {"state_root", to_hex(result.state_root)}});
  } else {
    terminal.print_marked(Mark::kOk,
                          fmt::format("{} {} ({} {})",
                                      terminal.pick({"每一区块的状态根均一致，至高度",
                                                     "the state root is the same at every height up to"}),
                                      result.height, result.transactions, terminal.pick({"笔交易", "transactions"})));
  }
  return ExitCode::kOk;
}

Result<ExitCode> rebuild_read_model(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::string passphrase, options.passphrase.get(terminal));
  SystemClock clock;
  SystemRandom random;
  node::NodeOptions node_options;
  node_options.directory = options.directory;
  node_options.passphrase = passphrase;
  ASSIGN_OR_RETURN(const auto node, node::Node::open(node_options, clock, random));
  node::ServicesOptions services_options;
  services_options.passphrase = passphrase;
  services_options.follow = false;
  ASSIGN_OR_RETURN(const auto services, node::Services::open(*node, services_options));
  terminal.say(Words{"正在重建查询库…", "rebuilding the read model ..."});
  TRY(services->rebuild_read_model());
  TRY(services->follow_to_head());
  const auto position = services->read_model().position();
  if (terminal.json()) {
    terminal.print_json({{"height", position.height}, {"entries", position.entries}});
  } else {
    terminal.print_marked(
        Mark::kOk,
        fmt::format("{} {} ({} {})", terminal.pick({"查询库已重建，至高度", "the read model is rebuilt up to height"}),
                    position.height, position.entries, terminal.pick({"笔交易", "transactions"})));
  }
  services->stop();
  node->stop();
  return ExitCode::kOk;
}

Result<ExitCode> run(const Options& options, Terminal& terminal) {
  if (serving_process(options.directory)) {
    return fail(Reason::kConflict, "the node is running: stop it first, or work on a backup",
                "节点正在运行：请先停止，或对备份操作");
  }
  return options.state ? rebuild_state(options, terminal) : rebuild_read_model(options, terminal);
}

}  // namespace

void add_rebuild(CommandTree& tree) {
  Command& rebuild = tree.root().sub("rebuild", {"重建查询库，或从创世重新执行并比对",
                                                 "Rebuild the read model, or re-execute from the genesis and compare"});
  const auto options = std::make_shared<Options>();
  rebuild.option("--directory", options->directory, "DIR",
                 {"已停止的节点或备份的目录", "Directory of a stopped node or a backup"});
  rebuild.flag("--state", options->state,
               {"重新执行全部交易，逐块比对状态根", "Re-execute everything and compare state roots block by block"});
  options->passphrase.add_to(rebuild);
  rebuild.example("rebuild --directory data/node", {"重建查询库", "The read model"});
  rebuild.example("rebuild --state --directory backup-1", {"重新执行并比对", "Re-execute and compare"});
  rebuild.run([options](Terminal& terminal) { return run(*options, terminal); });
}

}  // namespace chancery::cli
