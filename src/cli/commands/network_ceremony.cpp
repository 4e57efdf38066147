#include "cli/commands/network_ceremony.h"

#include <fmt/core.h>

#include "base/clock.h"
#include "cli/files.h"
#include "cli/key_files.h"
#include "cli/setup/organisation.h"
#include "crypto/x509/fingerprint_words.h"
#include "node/node_files.h"

namespace chancery::cli {
namespace {

constexpr std::size_t kOrganisationLimit_bytes = 128U << 10;
constexpr std::size_t kInvitationLimit_bytes = 16U << 20;

struct CreateOptions {
  std::string directory = "data/node";
  OrganisationPlan plan;
  std::string out;
  PassphraseSource passphrase;
};

struct InviteOptions {
  std::string directory = "data/node";
  std::string name;
  std::string origin;
  std::vector<std::string> files;
  std::string out = "invitation.json";
  PassphraseSource passphrase;
};

struct JoinOptions {
  std::string directory = "data/node";
  std::string invitation;
  std::string expected_words;
  PassphraseSource passphrase;
};

nlohmann::json fingerprint_json(const Digest& digest) {
  return {{"fingerprint", to_hex(digest)},
          {"words_zh", crypto::fingerprint_text(digest, Language::kZhCn)},
          {"words_en", crypto::fingerprint_text(digest, Language::kEn)}};
}

void print_organisation(Terminal& terminal, const node::OrganisationFile& file) {
  const node::OrganisationFacts& facts = file.facts();
  terminal.print(fmt::format("{} ({}, {})", facts.id, facts.name_zh, facts.address));
  terminal.print(fmt::format("    {}", crypto::fingerprint_text(file.fingerprint(), terminal.language())));
}

Result<ExitCode> create(const CreateOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::string passphrase, options.passphrase.get(terminal));
  SystemRandom random;
  ASSIGN_OR_RETURN(const node::OrganisationFile file,
                   make_organisation(options.directory, options.plan, passphrase, SystemClock().now_ms(), random));
  const std::string path = options.out.empty() ? organisation_path(options.directory) : options.out;
  if (!options.out.empty()) {
    TRY(write_file(path, as_bytes(file.to_json()), Overwrite::kRefuse, Access::kEverybody));
  }
  if (terminal.json()) {
    nlohmann::json out = fingerprint_json(file.fingerprint());
    out["file"] = path;
    out["organisation"] = file.facts().id;
    terminal.print_json(out);
    return ExitCode::kOk;
  }
  terminal.print(fmt::format("{} {}", terminal.pick({"机构文件：", "organisation file:"}), path));
  print_organisation(terminal, file);
  terminal.say(Words{"请把机构文件交给发起机构，并在电话中逐词核对以上指纹。私钥不离开本目录。",
                     "Hand the file to the founder, and compare the words above by telephone. No private key leaves "
                     "this directory."});
  return ExitCode::kOk;
}

Result<ExitCode> invite(const InviteOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::string passphrase, options.passphrase.get(terminal));
  ASSIGN_OR_RETURN(const node::OrganisationFile own, read_organisation(options.directory));
  ASSIGN_OR_RETURN(const std::string pem, read_text(node::node_key_path(options.directory)));
  ASSIGN_OR_RETURN(const crypto::PrivateKey key, crypto::PrivateKey::from_pkcs8_pem(pem, passphrase));
  std::vector<node::OrganisationFile> files = {own};
  for (const std::string& path : options.files) {
    ASSIGN_OR_RETURN(const std::string text, read_text(path, kOrganisationLimit_bytes));
    ASSIGN_OR_RETURN(node::OrganisationFile file, node::OrganisationFile::parse(text));
    if (file.fingerprint() != own.fingerprint()) files.push_back(std::move(file));
  }
  node::InvitationPlan plan;
  plan.name = options.name;
  plan.origin = options.origin.empty() ? "chancery.example/" + options.name : options.origin;
  plan.suite = own.facts().key.algorithm == crypto::suite_gm().signature ? "gm" : "intl";
  plan.created_ms = SystemClock().now_ms();
  ASSIGN_OR_RETURN(const node::Invitation made, node::Invitation::make(plan, own.facts().id, std::move(files), key));
  TRY(write_file(options.out, as_bytes(made.to_json()), Overwrite::kRefuse, Access::kEverybody));
  const Digest& network = made.genesis().network_id;
  if (terminal.json()) {
    nlohmann::json out = fingerprint_json(network);
    out["file"] = options.out;
    out["network"] = to_hex(network);
    for (const auto& file : made.organisations())
      out["organisations"][file.facts().id] = fingerprint_json(file.fingerprint());
    terminal.print_json(out);
    return ExitCode::kOk;
  }
  for (const auto& file : made.organisations()) print_organisation(terminal, file);
  terminal.print(fmt::format("{} {}", terminal.pick({"网络", "network"}), to_hex(network)));
  terminal.print(fmt::format("    {}", crypto::fingerprint_text(network, terminal.language())));
  terminal.print(fmt::format("{} {}", terminal.pick({"邀请文件：", "invitation:"}), options.out));
  terminal.say(Words{"请在电话中与每个机构逐词核对其指纹，再把邀请文件交给各机构。",
                     "Compare each organisation's words with it by telephone, then hand the invitation to all."});
  return ExitCode::kOk;
}

/// The words that were read out, or a person's yes.
Status agree(const JoinOptions& options, const Digest& network, Terminal& terminal) {
  if (!options.expected_words.empty()) {
    if (crypto::fingerprint_matches(network, options.expected_words)) return {};
    return fail(Reason::kProofUntrusted, "the words are not those of this network", "所给指纹与该网络不符");
  }
  if (terminal.confirm({"以上指纹已在电话中逐词核对无误？", "Have all these words been compared by telephone?"}))
    return {};
  return fail(Reason::kUsage, "nothing was written: compare the words, then give --expect or --yes",
              "未写入任何内容：请核对指纹，再以 --expect 或 --yes 运行");
}

Result<ExitCode> join(const JoinOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::string text, read_text(options.invitation, kInvitationLimit_bytes));
  ASSIGN_OR_RETURN(const node::Invitation invitation, node::Invitation::parse(text));
  const Digest& network = invitation.genesis().network_id;
  if (!terminal.json()) {
    for (const auto& file : invitation.organisations()) print_organisation(terminal, file);
    terminal.print(fmt::format("{} {} ({} {})", terminal.pick({"网络", "network"}), invitation.genesis().name,
                               terminal.pick({"发起机构", "founder"}), invitation.founder()));
    terminal.print(fmt::format("    {}", crypto::fingerprint_text(network, terminal.language())));
  }
  TRY(agree(options, network, terminal));
  ASSIGN_OR_RETURN(const std::string passphrase, options.passphrase.get(terminal));
  SystemRandom random;
  TRY(join_network(options.directory, invitation, passphrase, SystemClock().now_ms(), random));
  if (terminal.json()) {
    nlohmann::json out = fingerprint_json(network);
    out["network"] = to_hex(network);
    out["directory"] = options.directory;
    terminal.print_json(out);
  }
  terminal.say(
      fmt::format("{} chancery serve --directory {}", terminal.pick({"下一步：", "next:"}), options.directory));
  return ExitCode::kOk;
}

void add_create(Command& network) {
  Command& command = network.sub(
      "create", {"建立本机构的目录、密钥与机构文件", "Make this organisation's directory, keys and organisation file"});
  const auto options = std::make_shared<CreateOptions>();
  OrganisationPlan& plan = options->plan;
  const Words directory{"节点目录，默认 data/node", "Node directory, default data/node"};
  command.option("--directory", options->directory, "DIR", directory);
  command.option("--id", plan.id, "ID", {"机构标识，[a-z0-9._-]", "Id of the organisation, [a-z0-9._-]"}).required();
  command.option("--name-zh", plan.name_zh, "TEXT", {"机构名称", "Its Chinese name"}).required();
  command.option("--name-en", plan.name_en, "TEXT", {"英文名称，可省略", "Its English name, optional"});
  command.option("--uscc", plan.uscc, "CODE", {"统一社会信用代码，可省略", "Its unified social credit code, optional"});
  command.option("--address", plan.address, "HOST:PORT", {"供其他节点访问的地址", "Where other nodes reach this one"})
      .required();
  command
      .option("--engine-address", plan.engine_address, "HOST:PORT",
              {"共识引擎的地址", "Where other consensus engines reach this one's"})
      .required();
  command.option("--node", plan.node, "NAME", {"节点名称，默认 机构标识-1", "Name of the node, default ID-1"});
  command.option("--administrator", plan.administrator, "ACCOUNT",
                 {"管理员账户，默认 机构标识-admin", "Administrator's account, default ID-admin"});
  command.option("--suite", plan.suite, "SUITE", {"算法套件，默认 gm", "Algorithm suite, default gm"})
      .one_of({"gm", "intl"});
  command.option("--out", options->out, "FILE", {"机构文件的副本", "Also write the organisation file here"});
  options->passphrase.add_to(command);
  command.example(
      "network create --directory data/gulou --id gulou --name-zh 鼓楼区 --address 192.0.2.2:8701 --engine-address "
      "192.0.2.2:26656 --out gulou.json",
      {"机构文件写到 gulou.json", "The organisation file as gulou.json"});
  command.example(
      "network create --directory data/harbour --id harbour --name-zh 港务局 --suite intl --address "
      "harbour.example:8701 "
      "--engine-address harbour.example:26656 --json",
      {"国际算法，JSON 输出指纹", "The intl suite, fingerprint as JSON"});
  command.run([options](Terminal& terminal) { return create(*options, terminal); });
}

void add_invite(Command& network) {
  Command& command = network.sub(
      "invite", {"发起机构：把各机构文件合成邀请文件", "The founder: combine organisation files into an invitation"});
  const auto options = std::make_shared<InviteOptions>();
  command.option("--directory", options->directory, "DIR",
                 {"发起机构的节点目录，默认 data/node", "The founder's node directory, default data/node"});
  command.option("--name", options->name, "NAME", {"网络名称", "Name of the network"}).required();
  command.option("--origin", options->origin, "ORIGIN",
                 {"检查点首行，默认 chancery.example/名称", "First line of checkpoints"});
  command.option("--out", options->out, "FILE", {"邀请文件，默认 invitation.json", "Default invitation.json"});
  command.positional("FILE", options->files, {"其他机构的机构文件", "Organisation files of the others"});
  options->passphrase.add_to(command);
  command.example("network invite --directory data/mawei --name mawei-net gulou.json",
                  {"马尾与鼓楼的网络", "A network of Mawei and Gulou"});
  command.example("network invite --directory data/mawei --name mawei-net gulou.json --out net.json --json",
                  {"写到 net.json，JSON 输出指纹", "As net.json, fingerprints as JSON"});
  command.run([options](Terminal& terminal) { return invite(*options, terminal); });
}

void add_join(Command& network) {
  Command& command = network.sub(
      "join", {"核对邀请文件，使本目录成为该网络的节点", "Check an invitation and make this directory a node of it"});
  const auto options = std::make_shared<JoinOptions>();
  command.option("--directory", options->directory, "DIR",
                 {"本机构的节点目录，默认 data/node", "This organisation's node directory, default data/node"});
  command.positional("INVITATION", options->invitation, {"邀请文件", "The invitation"});
  command.option("--expect", options->expected_words, "WORDS",
                 {"电话中听到的网络指纹，十六个词", "The network's fingerprint as heard by telephone, sixteen words"});
  options->passphrase.add_to(command);
  command.example("network join --directory data/gulou invitation.json --yes",
                  {"指纹已核对", "The words were compared before"});
  command.example("network join --directory data/mawei invitation.json --yes --json",
                  {"发起机构也要加入", "The founder joins, too"});
  command.run([options](Terminal& terminal) { return join(*options, terminal); });
}

}  // namespace

void add_network_ceremony(Command& network) {
  add_create(network);
  add_invite(network);
  add_join(network);
}

}  // namespace chancery::cli
