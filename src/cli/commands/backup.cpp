#include <fmt/core.h>

#include "cli/all_commands.h"
#include "cli/backup_request.h"
#include "cli/files.h"
#include "cli/show.h"
#include "node/backup.h"
#include "node/node_files.h"

namespace chancery::cli {
namespace {

constexpr std::int64_t kBackupTimeout_ms = 3'600'000;

struct Options {
  std::string node = "data/node";
  std::string backup;
  bool fast = false;
};

nlohmann::json facts_of(const node::BackupFacts& facts) {
  return {
      {"network", to_hex(facts.network_id)}, {"name", facts.network_name}, {"height", facts.height},
      {"transactions", facts.transactions},  {"records", facts.records},   {"state_root", to_hex(facts.state_root)}};
}

Status copy_stopped(const Options& options) {
  ASSIGN_OR_RETURN(const std::string text, read_text(node::genesis_path(options.node)));
  ASSIGN_OR_RETURN(const ledger::Genesis genesis, ledger::Genesis::parse(text));
  ASSIGN_OR_RETURN(const auto store, storage::Store::open({.path = node::store_path(options.node)}));
  return node::write_backup(*store, genesis, options.node, options.backup);
}

Result<ExitCode> create(const Options& options, Terminal& terminal) {
  if (exists(options.backup))
    return fail(Reason::kAlreadyExists, options.backup + " exists already", options.backup + " 已经存在");
  terminal.say(Words{"正在复制并校验…", "copying and verifying ..."});
  if (const auto process = serving_process(options.node)) {
    TRY(request_backup(options.node, *process, options.backup, kBackupTimeout_ms));
  } else {
    TRY(copy_stopped(options));
  }
  ASSIGN_OR_RETURN(const node::BackupFacts facts, node::verify_backup(options.backup, false));
  show_done(terminal, {"备份完成（不含密钥，请另行保管）", "backup made (without keys: keep those elsewhere)"},
            facts_of(facts));
  return ExitCode::kOk;
}

Result<ExitCode> verify(const Options& options, Terminal& terminal) {
  terminal.say(Words{"正在校验…", "verifying ..."});
  ASSIGN_OR_RETURN(const node::BackupFacts facts, node::verify_backup(options.backup, !options.fast));
  show_done(terminal, {"备份完整，检查点签名成立", "the backup is whole; its checkpoint's signatures hold"},
            facts_of(facts));
  return ExitCode::kOk;
}

Result<ExitCode> restore(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const node::BackupFacts facts, node::verify_backup(options.backup, !options.fast));
  TRY(node::restore_backup(options.backup, options.node));
  show_done(terminal, {"已恢复；请把密钥放入 keys/ 后启动", "restored; put the keys into keys/ and start it"},
            facts_of(facts));
  return ExitCode::kOk;
}

}  // namespace

void add_backup(CommandTree& tree) {
  Command& backup = tree.root().sub("backup", {"备份与恢复", "Back up and restore"});
  backup.example("backup create --directory data/dev --out backup-1",
                 {"运行中的节点也可备份", "Also of a running node"});
  backup.example("backup verify backup-1", {"校验备份", "Verify a backup"});
  const auto options = std::make_shared<Options>();
  const Words directory_words{"节点目录", "Node directory"};
  Command& creating = backup.sub("create", {"备份节点（可在运行中进行）", "Back up a node, running or not"});
  creating.option("--directory", options->node, "DIR", directory_words);
  creating.option("--out", options->backup, "DIR", {"备份目录，须不存在", "Where to; must not exist"}).required();
  creating.example("backup create --directory data/dev --out backup-1", {"备份", "Back up"});
  creating.example("backup create --directory data/dev --out backup-2 --json", {"输出 JSON", "Answer as JSON"});
  creating.run([options](Terminal& terminal) { return create(*options, terminal); });
  Command& verifying =
      backup.sub("verify", {"校验备份：重算全部根与校验和", "Recompute every root and checksum of a backup"});
  verifying.positional("DIR", options->backup, {"备份目录", "Backup"});
  verifying.flag("--fast", options->fast, {"只重算状态与历史根", "Roots only, not every entry"});
  verifying.example("backup verify backup-1", {"完整校验", "Everything"});
  verifying.example("backup verify backup-1 --fast --json", {"快速校验", "Roots only"});
  verifying.run([options](Terminal& terminal) { return verify(*options, terminal); });
  Command& restoring = backup.sub("restore", {"恢复到新目录", "Restore to a new directory"});
  restoring.positional("DIR", options->backup, {"备份目录", "Backup"});
  restoring.option("--directory", options->node, "DIR", {"新节点目录，须为空", "New node directory; must be empty"})
      .required();
  restoring.flag("--fast", options->fast, {"只重算状态与历史根", "Roots only, not every entry"});
  restoring.example("backup restore backup-1 --directory data/restored", {"恢复", "Restore"});
  restoring.example("backup restore backup-1 --directory data/restored-2 --fast --json",
                    {"快速恢复", "Check roots only"});
  restoring.run([options](Terminal& terminal) { return restore(*options, terminal); });
}

}  // namespace chancery::cli
