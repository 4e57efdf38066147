#include "cli/commands/network_observer.h"

#include <fmt/core.h>

#include "base/clock.h"
#include "cli/files.h"
#include "cli/key_files.h"
#include "cli/setup/organisation.h"
#include "crypto/x509/fingerprint_words.h"
#include "node/peers/peer_list.h"

namespace chancery::cli {
namespace {

constexpr std::size_t kOrganisationLimit_bytes = 128U << 10;
constexpr std::size_t kPeersLimit_bytes = 4U << 20;
constexpr std::size_t kGenesisLimit_bytes = 8U << 20;

struct AdmitOptions {
  std::string directory = "data/node";
  std::string file;
};

struct ObserveOptions {
  std::string directory = "data/node";
  std::string genesis;
  std::string peers;
  std::string expected_words;
  PassphraseSource passphrase;
};

Result<ExitCode> admit(const AdmitOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::string text, read_text(options.file, kOrganisationLimit_bytes));
  ASSIGN_OR_RETURN(const node::OrganisationFile observer, node::OrganisationFile::parse(text));
  const std::string words = crypto::fingerprint_text(observer.fingerprint(), terminal.language());
  if (!terminal.json()) {
    terminal.print(fmt::format("{} ({}, {})", observer.facts().node, observer.facts().id, observer.facts().address));
    terminal.print("    " + words);
  }
  if (!terminal.confirm({"以上指纹已在电话中逐词核对无误？", "Have these words been compared by telephone?"})) {
    return fail(Reason::kUsage, "nothing was written: compare the words, then give --yes",
                "未写入任何内容：请核对指纹，再以 --yes 运行");
  }
  TRY(admit_observer(options.directory, observer));
  if (terminal.json()) {
    terminal.print_json({{"node", observer.facts().node}, {"fingerprint", to_hex(observer.fingerprint())}});
  } else {
    terminal.print_marked(
        Mark::kOk, terminal.pick({"已准入；运行中的节点会自行生效", "admitted; a running node takes it up by itself"}));
  }
  return ExitCode::kOk;
}

/// The words that were read out, or a person's yes.
Status agree(const ObserveOptions& options, const Digest& network, Terminal& terminal) {
  if (!options.expected_words.empty()) {
    if (crypto::fingerprint_matches(network, options.expected_words)) return {};
    return fail(Reason::kProofUntrusted, "the words are not those of this network", "所给指纹与该网络不符");
  }
  if (terminal.confirm({"以上网络指纹已在电话中逐词核对无误？", "Have these words been compared by telephone?"}))
    return {};
  return fail(Reason::kUsage, "nothing was written: compare the words, then give --expect or --yes",
              "未写入任何内容：请核对指纹，再以 --expect 或 --yes 运行");
}

Result<ExitCode> observe(const ObserveOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::string genesis_text, read_text(options.genesis, kGenesisLimit_bytes));
  ASSIGN_OR_RETURN(const ledger::Genesis genesis, ledger::Genesis::parse(genesis_text));
  ASSIGN_OR_RETURN(const std::string peers_text, read_text(options.peers, kPeersLimit_bytes));
  ASSIGN_OR_RETURN(node::PeerList peers, node::PeerList::parse(peers_text));
  if (!terminal.json()) {
    terminal.print(fmt::format("{} {}", terminal.pick({"网络", "network"}), genesis.name));
    terminal.print("    " + crypto::fingerprint_text(genesis.network_id, terminal.language()));
  }
  TRY(agree(options, genesis.network_id, terminal));
  ASSIGN_OR_RETURN(const std::string passphrase, options.passphrase.get(terminal));
  SystemRandom random;
  TRY(observe_network(options.directory, genesis, std::move(peers), passphrase, SystemClock().now_ms(), random));
  if (terminal.json()) {
    terminal.print_json({{"directory", options.directory}, {"network", to_hex(genesis.network_id)}});
  } else {
    terminal.print_marked(Mark::kOk, terminal.pick({"已成为观察节点的目录；接着运行 snapshot fetch，再运行 serve",
                                                    "ready to observe; next: snapshot fetch, then serve"}));
  }
  return ExitCode::kOk;
}

}  // namespace

void add_network_observer(Command& network) {
  Command& admitting =
      network.sub("admit", {"准许一个观察节点连接本节点", "Let a node that observes connect to this node"});
  const auto admit_options = std::make_shared<AdmitOptions>();
  admitting.option("--directory", admit_options->directory, "DIR",
                   {"本机构的节点目录，默认 data/node", "This organisation's node directory, default data/node"});
  admitting.positional("FILE", admit_options->file, {"观察方的机构文件", "The observer's organisation file"});
  admitting.example("network admit --directory data/mawei audit.json --yes",
                    {"指纹已核对", "The words were compared before"});
  admitting.example("network admit --directory data/gulou audit.json --yes --json",
                    {"每个成员各自准入", "Every member admits it by itself"});
  admitting.run([admit_options](Terminal& terminal) { return admit(*admit_options, terminal); });

  Command& observing = network.sub("observe", {"使本目录成为该网络的观察节点（无表决权）",
                                               "Make this directory a node that follows a network without a vote"});
  const auto options = std::make_shared<ObserveOptions>();
  observing.option("--directory", options->directory, "DIR",
                   {"由 network create 建立的目录，默认 data/node", "As network create made it, default data/node"});
  observing.option("--genesis", options->genesis, "FILE", {"网络的 genesis.json", "The network's genesis.json"})
      .required();
  observing
      .option("--peers", options->peers, "FILE",
              {"任一成员的 peers.json", "The peers.json of any member of the network"})
      .required();
  observing.option(
      "--expect", options->expected_words, "WORDS",
      {"电话中听到的网络指纹，十六个词", "The network's fingerprint as heard by telephone, sixteen words"});
  options->passphrase.add_to(observing);
  observing.example("network observe --directory data/audit --genesis genesis.json --peers peers.json --yes",
                    {"指纹已核对", "The words were compared before"});
  observing.example("network observe --directory data/audit --genesis genesis.json --peers peers.json --yes --json",
                    {"输出 JSON", "Answer as JSON"});
  observing.run([options](Terminal& terminal) { return observe(*options, terminal); });
}

}  // namespace chancery::cli
