#include <fmt/core.h>

#include "base/clock.h"
#include "cli/all_commands.h"
#include "cli/backup_request.h"
#include "cli/files.h"
#include "cli/key_files.h"
#include "cli/show.h"
#include "ledger/snapshot/directory.h"
#include "ledger/snapshot/writer.h"
#include "node/node_files.h"
#include "node/peering.h"
#include "node/peers/peer_list.h"
#include "node/snapshot_join.h"

namespace chancery::cli {
namespace {

constexpr std::int64_t kSnapshotTimeout_ms = 3'600'000;
constexpr std::size_t kGenesisLimit_bytes = 8U << 20;

struct Options {
  std::string directory = "data/node";
  std::vector<std::string> peers;
  PassphraseSource passphrase;
};

Result<ledger::Genesis> genesis_of(const std::string& directory) {
  ASSIGN_OR_RETURN(const std::string text, read_text(node::genesis_path(directory), kGenesisLimit_bytes));
  return ledger::Genesis::parse(text);
}

nlohmann::json facts_json(const ledger::SnapshotFacts& facts) {
  return {{"height", facts.height},
          {"records", facts.records},
          {"entries", facts.entries},
          {"chunks", facts.chunks},
          {"bytes", facts.stored_bytes},
          {"state_root", to_hex(facts.state_root)},
          {"manifest", to_hex(facts.manifest_id)}};
}

Result<ExitCode> create(const Options& options, Terminal& terminal) {
  const auto process = serving_process(options.directory);
  if (!process) {
    return fail(Reason::kUnavailable, "no node serves " + options.directory + ": start it with chancery serve",
                options.directory + " 没有运行中的节点：请先运行 chancery serve");
  }
  terminal.say(Words{"正在写快照…", "writing a snapshot ..."});
  TRY(request_snapshot(options.directory, *process, kSnapshotTimeout_ms));
  ASSIGN_OR_RETURN(const ledger::Genesis genesis, genesis_of(options.directory));
  const std::string parent = node::snapshots_path(options.directory);
  const auto heights = ledger::snapshot_heights(parent);
  if (heights.empty()) return fail(Reason::kNotFound, "the snapshot was removed already");
  ASSIGN_OR_RETURN(const ledger::SnapshotFacts facts,
                   ledger::read_snapshot_facts(ledger::snapshot_directory(parent, heights.back()), genesis));
  show_done(terminal, {"快照已写好，可供新节点加入", "snapshot written; nodes that join can take it"},
            facts_json(facts));
  return ExitCode::kOk;
}

Result<ExitCode> list(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const ledger::Genesis genesis, genesis_of(options.directory));
  const std::string parent = node::snapshots_path(options.directory);
  nlohmann::json all = nlohmann::json::array();
  std::vector<std::vector<std::string>> rows;
  for (const std::uint64_t height : ledger::snapshot_heights(parent)) {
    ASSIGN_OR_RETURN(const ledger::SnapshotFacts facts,
                     ledger::read_snapshot_facts(ledger::snapshot_directory(parent, height), genesis));
    all.push_back(facts_json(facts));
    rows.push_back({fmt::format("{}", facts.height), fmt::format("{}", facts.records), fmt::format("{}", facts.chunks),
                    fmt::format("{}", facts.stored_bytes)});
  }
  if (terminal.json()) {
    terminal.print_json(all);
  } else {
    terminal.print_table(
        {std::string(terminal.pick({"区块", "block"})), std::string(terminal.pick({"记录", "records"})),
         std::string(terminal.pick({"块数", "chunks"})), std::string(terminal.pick({"字节", "bytes"}))},
        rows);
  }
  return ExitCode::kOk;
}

Result<ExitCode> fetch(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::string passphrase, options.passphrase.get(terminal));
  ASSIGN_OR_RETURN(const ledger::Genesis genesis, genesis_of(options.directory));
  const SystemClock clock;
  ASSIGN_OR_RETURN(const auto peering, node::Peering::open(options.directory, passphrase, genesis, clock));
  ASSIGN_OR_RETURN(const std::string list_text, read_text(node::peers_path(options.directory), 4U << 20));
  ASSIGN_OR_RETURN(const node::PeerList peers, node::PeerList::parse(list_text));
  node::JoinOptions join{.directory = options.directory, .peers = options.peers, .progress = nullptr};
  if (join.peers.empty()) {
    for (const node::Peer& peer : peers.peers) {
      if (peer.name != peers.own_name) join.peers.push_back(peer.name);
    }
  }
  std::size_t told_percent = 0;
  join.progress = [&](std::size_t done, std::size_t of) {
    const std::size_t percent = done * 100 / of;
    if (percent / 10 == told_percent / 10 && done != of) return;
    told_percent = percent;
    terminal.say(fmt::format("{} {}/{}", terminal.pick({"已核验", "verified"}), done, of));
  };
  ASSIGN_OR_RETURN(const node::JoinResult joined, node::join_by_snapshot(genesis, *peering, join));
  nlohmann::json members = facts_json(joined.facts);
  members["fetched"] = joined.fetched;
  members["refused_peers"] = joined.refused_peers;
  show_done(terminal, {"快照已核验并装入；现在可以运行 serve", "snapshot verified and installed; serve can run now"},
            members);
  return ExitCode::kOk;
}

}  // namespace

void add_snapshot(CommandTree& tree) {
  Command& snapshot = tree.root().sub("snapshot", {"新节点用的快照", "Snapshots for nodes that join"});
  snapshot.example("snapshot create --directory data/dev", {"在成员节点上", "On a member's node"});
  snapshot.example("snapshot fetch --directory data/audit", {"在新节点上", "On the new node"});
  const auto options = std::make_shared<Options>();
  const Words directory_words{"节点目录，默认 data/node", "Node directory, default data/node"};
  Command& creating =
      snapshot.sub("create", {"由运行中的节点现在写一份快照", "Have a running node write a snapshot now"});
  creating.option("--directory", options->directory, "DIR", directory_words);
  creating.example("snapshot create --directory data/dev", {"节点照常运行", "The node goes on meanwhile"});
  creating.example("snapshot create --directory data/dev --json", {"输出 JSON", "Answer as JSON"});
  creating.run([options](Terminal& terminal) { return create(*options, terminal); });
  Command& listing = snapshot.sub("list", {"列出节点保存的快照", "List the snapshots that a node keeps"});
  listing.option("--directory", options->directory, "DIR", directory_words);
  listing.example("snapshot list --directory data/dev", {"最多两份", "Two at most"});
  listing.example("snapshot list --directory data/dev --json", {"输出 JSON", "Answer as JSON"});
  listing.run([options](Terminal& terminal) { return list(*options, terminal); });
  Command& fetching = snapshot.sub("fetch", {"从其他节点取得快照，逐块核验后装入",
                                             "Fetch a snapshot from other nodes, verify each chunk, and install it"});
  fetching.option("--directory", options->directory, "DIR", directory_words);
  fetching.option("--peer", options->peers, "NAME", {"只问这些节点，可重复", "Ask these nodes alone; repeatable"});
  options->passphrase.add_to(fetching);
  fetching.example("snapshot fetch --directory data/audit",
                   {"中断后再次运行即继续", "Run again, it goes on where it stopped"});
  fetching.example("snapshot fetch --directory data/audit --peer mawei-1 --json",
                   {"只问一个节点", "From one node alone"});
  fetching.run([options](Terminal& terminal) { return fetch(*options, terminal); });
}

}  // namespace chancery::cli
