#include <fmt/core.h>

#include <filesystem>

#include "base/log.h"
#include "cli/all_commands.h"
#include "cli/demo/load_sample.h"
#include "cli/files.h"
#include "cli/running_node.h"
#include "cli/setup/network.h"
#include "node/node_files.h"

namespace chancery::cli {
namespace {

struct Options {
  std::string directory = "data/dev";
  std::string suite = "gm";
  std::string address = "127.0.0.1";
  std::uint64_t port = 8700;
  std::uint64_t reserve_mib = kDefaultReserve_mib;
  bool empty = false;
};

Result<demo::Logins> ensure_network(const Options& options, const demo::Sample& sample, Terminal& terminal) {
  SystemRandom random;
  auto logins = demo::read_logins(options.directory);
  if (!logins && logins.error().reason == Reason::kNotFound) {
    logins = demo::make_logins(options.directory, options.suite, random);
  }
  if (!logins || exists(node::genesis_path(options.directory))) return logins;
  terminal.say(Words{"建立演示网络：3 个机构、12 名办事员…", "making a demo network: 3 offices, 12 clerks ..."});
  const NetworkPlan plan = plan_of_sample(sample, logins->suite, SystemClock().now_ms());
  TRY(make_network(options.directory, plan, {logins->node_passphrase, logins->member_passphrase}, random));
  return logins;
}

/// What a reader can paste: the program by the path that they started it with.
std::string program() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto shorter = std::filesystem::proximate(path, error);
  return error ? "chancery" : shorter.string();
}

void welcome(Terminal& terminal, const std::string& address, const demo::Sample& sample, const demo::Logins& logins,
             std::size_t residents) {
  terminal.print("");
  terminal.print(fmt::format("{}  {}", terminal.pick({"地址", "Address"}), address));
  terminal.print(fmt::format("{}  {}/docs", terminal.pick({"接口", "API    "}), address));
  terminal.print("");
  std::vector<std::vector<std::string>> rows;
  for (const demo::Office& office : sample.offices) {
    for (const demo::Clerk& clerk : office.clerks) {
      rows.push_back({clerk.account, std::string(terminal.pick({clerk.title_zh, clerk.title_en})),
                      std::string(terminal.pick({office.name_zh, office.name_en}))});
    }
  }
  terminal.print_table({std::string(terminal.pick({"账户", "account"})), std::string(terminal.pick({"岗位", "post"})),
                        std::string(terminal.pick({"机构", "office"}))},
                       rows);
  terminal.print(fmt::format("{} {}", terminal.pick({"全部账户的口令：", "passphrase of all accounts:"}),
                             logins.member_passphrase));
  terminal.print(fmt::format(fmt::runtime(terminal.pick({"{} 个机构、{} 名办事员、{} 名虚构居民",
                                                         "{} offices, {} clerks, {} synthetic residents"})),
                             sample.offices.size(), rows.size(), residents));
  terminal.print("");
}

void show_what_to_try(Terminal& terminal, const std::string& address, const demo::Sample& sample,
                      const demo::Logins& logins, const demo::Loaded& loaded, const std::string& directory) {
  const std::string chancery = program();
  const auto line = [&](const Words& words, const std::string& what) {
    terminal.print(fmt::format("  {}\n    {}", terminal.pick(words), what));
  };
  terminal.print(terminal.pick({"接下来可以：", "What to try next:"}));
  line({"看一份有效的证明", "look at a valid certificate"},
       fmt::format("{}/credential/{}", address, loaded.valid_example));
  line({"看一份已撤销的证明", "look at a revoked one"},
       fmt::format("{}/credential/{}", address, loaded.revoked_example));
  line({"看一份存证", "look at a piece of evidence"}, fmt::format("{}/evidence/{}", address, loaded.evidence_example));
  line({"下载凭证", "fetch a receipt"}, fmt::format("{} credential receipt {} --out my.receipt.json --server {}",
                                                    chancery, loaded.valid_example, address));
  line({"离线核验（不需要网络）", "verify it offline, without any network"},
       fmt::format("{} verify my.receipt.json --trust {}", chancery, node::trust_path(directory)));
  line({"撤销一份证明", "revoke a certificate"},
       fmt::format("CHANCERY_PASSPHRASE={} {} credential revoke {} --reason holder_request --as {} --server {}",
                   logins.member_passphrase, chancery, loaded.valid_example,
                   sample.offices.front().clerks.back().account, address));
  terminal.print("");
}

nlohmann::json facts(const std::string& address, const demo::Sample& sample, const demo::Logins& logins,
                     const demo::Loaded& loaded, std::size_t residents, const std::string& directory) {
  nlohmann::json clerks = nlohmann::json::array();
  for (const demo::Office& office : sample.offices) {
    for (const demo::Clerk& clerk : office.clerks)
      clerks.push_back({{"account", clerk.account}, {"office", office.id}});
  }
  return {{"address", address},
          {"directory", directory},
          {"trust", node::trust_path(directory)},
          {"register", demo::register_path(directory)},
          {"residents", residents},
          {"clerks", clerks},
          {"passphrase", logins.member_passphrase},
          {"node_passphrase", logins.node_passphrase},
          {"certificates", loaded.certificates},
          {"valid_example", loaded.valid_example},
          {"revoked_example", loaded.revoked_example},
          {"evidence_example", loaded.evidence_example}};
}

Result<ExitCode> run(const Options& options, Terminal& terminal) {
  constexpr std::uint64_t kHighestPort = 65'535;
  if (options.port > kHighestPort) return fail(Reason::kUsage, "a port is at most 65535", "端口最大为 65535");
  ASSIGN_OR_RETURN(const std::uint64_t reserve_bytes, reserve_bytes_of(options.reserve_mib));
  ASSIGN_OR_RETURN(const demo::Sample sample, demo::load_sample());
  ASSIGN_OR_RETURN(const demo::Logins logins, ensure_network(options, sample, terminal));
  LogSettings log;
  log.path = options.directory + "/node.log";
  TRY(open_log(log));
  const Signals signals;
  ASSIGN_OR_RETURN(const auto running, RunningNode::start({options.directory, logins.node_passphrase, options.address,
                                                           static_cast<std::uint16_t>(options.port), reserve_bytes}));
  const std::string address = fmt::format("http://{}:{}", options.address, running->port());
  ASSIGN_OR_RETURN(const std::size_t residents, demo::write_register(options.directory));
  demo::Loaded loaded;
  if (!options.empty) {
    auto before = demo::read_loaded(options.directory);
    if (!before) before = demo::load_sample_into(running->services(), sample, logins, terminal);
    ASSIGN_OR_RETURN(loaded, std::move(before));
  }
  if (terminal.json()) {
    terminal.print_json(facts(address, sample, logins, loaded, residents, options.directory));
  } else {
    welcome(terminal, address, sample, logins, residents);
    if (!options.empty) show_what_to_try(terminal, address, sample, logins, loaded, options.directory);
    terminal.print(terminal.pick({"按 Ctrl-C 停止。", "Ctrl-C stops it."}));
  }
  std::fflush(stdout);
  running->run_until_stopped(signals);
  terminal.say(Words{"正在停止…", "stopping ..."});
  running->stop();
  return ExitCode::kOk;
}

}  // namespace

void add_dev(CommandTree& tree) {
  Command& dev = tree.root().sub("dev", {"零配置演示：建网、载入样例、启动服务",
                                         "Demo without configuration: make a network, load the sample, serve"});
  const auto options = std::make_shared<Options>();
  dev.option("--directory", options->directory, "DIR", {"目录，默认 data/dev", "Directory, default data/dev"});
  dev.option("--suite", options->suite, "SUITE", {"新网络的算法套件，默认 gm", "Suite of a new network, default gm"})
      .one_of({"gm", "intl"});
  dev.option("--address", options->address, "IP",
             {"监听地址，默认 127.0.0.1", "Address to listen at, default 127.0.0.1"});
  dev.option("--port", options->port, "PORT", {"监听端口，默认 8700；0 为任意", "Port, default 8700; 0 takes any"});
  dev.option("--reserve-mib", options->reserve_mib, "N",
             {"卷的可用空间低于 N MiB 时停止写入，默认 256", "Write nothing below N MiB of free space, default 256"});
  dev.flag("--empty", options->empty, {"不签发样例证明", "Do not issue sample certificates"});
  dev.example("dev", {"启动演示", "Start the demo"});
  dev.example("dev --directory data/intl --suite intl --port 8701",
              {"另起一个国际算法网络", "Another one, of the intl suite"});
  dev.run([options](Terminal& terminal) { return run(*options, terminal); });
}

}  // namespace chancery::cli
