#include <fmt/core.h>

#include <filesystem>

#include "base/log.h"
#include "cli/all_commands.h"
#include "cli/child_node.h"
#include "cli/commands/network_ceremony.h"
#include "cli/commands/network_observer.h"
#include "cli/demo/load_sample.h"
#include "cli/files.h"
#include "cli/key_files.h"
#include "cli/running_node.h"
#include "cli/setup/network.h"
#include "consensus/cometbft/comet_process.h"
#include "node/node_files.h"

namespace chancery::cli {
namespace {

constexpr std::uint64_t kFewestOrganisations = 4;  // fewer than four cannot bear the loss of one
constexpr std::uint64_t kMostOrganisations = 16;
constexpr std::uint64_t kHighestPort = 65'535;
/// The ports of node i: --port + i for HTTP, and above that by these for peers and for the engines.
constexpr std::uint64_t kPeerPorts = 100;
constexpr std::uint64_t kEnginePorts = 200;

struct Options {
  std::string directory = "data/network";
  std::string suite = "gm";
  std::uint64_t organisations = kFewestOrganisations;
  std::uint64_t port = 8700;
  bool empty = false;
};

/// The sample's offices, and further ones until there are as many as asked for.
void add_organisations(NetworkPlan& plan, std::uint64_t count) {
  while (plan.offices.size() + 1 < count) {
    const std::size_t number = plan.offices.size() + 1;
    plan.offices.push_back({fmt::format("partner-{}", number),
                            fmt::format("协作机构 {}", number),
                            fmt::format("Partner {}", number),
                            "",
                            {}});
  }
}

std::vector<NodePlace> places_of(const Options& options, const NetworkPlan& plan) {
  std::vector<NodePlace> out;
  std::vector<std::string> ids = {plan.operator_office.id};
  for (const demo::Office& office : plan.offices) ids.push_back(office.id);
  for (std::size_t i = 0; i < options.organisations; ++i) {
    out.push_back({ids[i], fmt::format("{}/{}", options.directory, ids[i]),
                   fmt::format("127.0.0.1:{}", options.port + kPeerPorts + i),
                   fmt::format("127.0.0.1:{}", options.port + kEnginePorts + i)});
  }
  return out;
}

/// The demonstration loads its sample through the first node, which therefore knows all clerks' keys too.
Status copy_member_keys(const std::vector<NodePlace>& places, const NetworkPlan& plan) {
  for (const AccountPlan& account : plan.accounts) {
    for (std::size_t i = 1; i < places.size(); ++i) {
      if (places[i].organisation != account.organisation) continue;
      ASSIGN_OR_RETURN(const std::string pem, read_text(key_file_path(places[i].directory + "/keys", account.id)));
      TRY(write_file(key_file_path(places.front().directory + "/keys", account.id), as_bytes(pem), Overwrite::kAllow,
                     Access::kOwnerOnly));
    }
  }
  return {};
}

Result<demo::Logins> ensure_network(const Options& options, const NetworkPlan& plan,
                                    const std::vector<NodePlace>& places, Terminal& terminal) {
  SystemRandom random;
  TRY(make_directories(options.directory, Access::kOwnerOnly));
  auto logins = demo::read_logins(options.directory);
  if (!logins && logins.error().reason == Reason::kNotFound) {
    logins = demo::make_logins(options.directory, options.suite, random);
  }
  if (!logins || exists(node::genesis_path(places.back().directory))) return logins;
  terminal.say(
      fmt::format(fmt::runtime(terminal.pick({"建立 {} 个机构的网络…", "making a network of {} organisations ..."})),
                  places.size()));
  TRY(make_consortium(places, plan, {logins->node_passphrase, logins->member_passphrase}, random));
  TRY(copy_member_keys(places, plan));
  return logins;
}

Result<ExitCode> up(const Options& options, Terminal& terminal) {
  if (options.port + kEnginePorts + kMostOrganisations > kHighestPort) {
    return fail(Reason::kUsage, "choose a port below 65000", "请选择小于 65000 的端口");
  }
  if (options.organisations < kFewestOrganisations || options.organisations > kMostOrganisations) {
    return fail(Reason::kUsage, "a local network has 4 to 16 organisations", "本地网络应有 4 至 16 个机构");
  }
  TRY(consensus::find_cometbft());
  ASSIGN_OR_RETURN(const demo::Sample sample, demo::load_sample());
  NetworkPlan plan = plan_of_sample(sample, options.suite, SystemClock().now_ms());
  add_organisations(plan, options.organisations);
  const std::vector<NodePlace> places = places_of(options, plan);
  ASSIGN_OR_RETURN(const demo::Logins logins, ensure_network(options, plan, places, terminal));
  LogSettings log;
  log.path = places.front().directory + "/node.log";
  TRY(open_log(log));
  const Signals signals;
  // The other organisations' nodes are processes of their own; the first runs here, where its sample is loaded.
  std::vector<std::unique_ptr<ChildNode>> children;
  constexpr std::int64_t kStartTimeout_ms = 60'000;
  for (std::size_t i = 1; i < places.size(); ++i) {
    terminal.say(fmt::format("{} {}", terminal.pick({"启动节点", "starting node"}), places[i].organisation));
    ASSIGN_OR_RETURN(auto child, ChildNode::start(own_program(), places[i].directory, logins.node_passphrase,
                                                  kStartTimeout_ms, static_cast<std::uint16_t>(options.port + i)));
    children.push_back(std::move(child));
  }
  terminal.say(fmt::format("{} {}", terminal.pick({"启动节点", "starting node"}), places.front().organisation));
  ASSIGN_OR_RETURN(const auto running, RunningNode::start({places.front().directory, logins.node_passphrase,
                                                           "127.0.0.1", static_cast<std::uint16_t>(options.port)}));
  if (!options.empty && !demo::read_loaded(places.front().directory)) {
    TRY(demo::write_register(places.front().directory));
    TRY(demo::load_sample_into(running->services(), sample, logins, terminal));
  }
  std::vector<std::vector<std::string>> rows;
  nlohmann::json nodes = nlohmann::json::array();
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string address = fmt::format("http://127.0.0.1:{}", options.port + i);
    rows.push_back({places[i].organisation, address, places[i].directory});
    nodes.push_back({{"organisation", places[i].organisation},
                     {"address", address},
                     {"directory", places[i].directory},
                     {"pid", i == 0 ? static_cast<int>(::getpid()) : static_cast<int>(children[i - 1]->pid())}});
  }
  if (terminal.json()) {
    terminal.print_json({{"nodes", nodes},
                         {"trust", node::trust_path(places.front().directory)},
                         {"passphrase", logins.member_passphrase}});
  } else {
    terminal.print("");
    terminal.print_table(
        {std::string(terminal.pick({"机构", "organisation"})), std::string(terminal.pick({"地址", "address"})),
         std::string(terminal.pick({"目录", "directory"}))},
        rows);
    terminal.print(fmt::format("{} {}", terminal.pick({"全部账户的口令：", "passphrase of all accounts:"}),
                               logins.member_passphrase));
    terminal.print(terminal.pick({"任一节点可停止，其余继续。按 Ctrl-C 停止全部。",
                                  "Any one node may stop, the others go on. Ctrl-C stops them all."}));
  }
  std::fflush(stdout);
  running->run_until_stopped(signals);
  terminal.say(Words{"正在停止…", "stopping ..."});
  for (const auto& child : children) child->stop();
  running->stop();
  return ExitCode::kOk;
}

}  // namespace

void add_network(CommandTree& tree) {
  Command& network = tree.root().sub("network", {"多机构网络", "Networks of several organisations"});
  network.example("network up --orgs 4", {"在本机演示", "A demonstration on this machine"});
  network.example(
      "network create --directory data/gulou --id gulou --name-zh 鼓楼区 --address 192.0.2.2:8701 "
      "--engine-address 192.0.2.2:26656",
      {"真实网络的第一步", "The first step of a real one"});
  add_network_ceremony(network);
  add_network_observer(network);
  Command& command = network.sub(
      "up", {"在本机启动多机构网络（演示）", "Run a network of several organisations on this machine, with demo data"});
  const auto options = std::make_shared<Options>();
  command.option("--orgs", options->organisations, "N",
                 {"机构数，4 至 16，默认 4", "Organisations, 4 to 16, default 4"});
  command.option("--directory", options->directory, "DIR",
                 {"各节点目录的上级目录，默认 data/network", "Holds a directory for each node, default data/network"});
  command.option(
      "--port", options->port, "PORT",
      {"第一个节点的端口，默认 8700；其余依次加一", "Port of the first node, default 8700; the others follow"});
  command.option("--suite", options->suite, "SUITE", {"算法套件，默认 gm", "Algorithm suite, default gm"})
      .one_of({"gm", "intl"});
  command.flag("--empty", options->empty, {"不装载演示数据", "Without the demo data"});
  command.example("network up --orgs 4", {"四个机构、四个节点", "Four organisations on four nodes"});
  command.example("network up --orgs 5 --suite intl --empty",
                  {"国际算法，五个机构，无演示数据", "Five of the intl suite, without data"});
  command.run([options](Terminal& terminal) { return up(*options, terminal); });
}

}  // namespace chancery::cli
