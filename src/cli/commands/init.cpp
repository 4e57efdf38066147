#include <fmt/core.h>

#include "base/clock.h"
#include "cli/all_commands.h"
#include "cli/key_files.h"
#include "cli/setup/network.h"

namespace chancery::cli {
namespace {

struct Options {
  std::string directory = "data/node";
  std::string name = "chancery";
  std::string origin;
  std::string suite = "gm";
  std::string organisation = "operator";
  std::string organisation_name = "运营机构";
  std::string uscc;
  std::string administrator = "admin";
  PassphraseSource passphrase;
};

Result<ExitCode> run(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::string passphrase, options.passphrase.get(terminal));
  SystemRandom random;
  NetworkPlan plan;
  plan.name = options.name;
  plan.origin = options.origin.empty() ? "chancery.example/" + options.name : options.origin;
  plan.suite = options.suite;
  plan.created_ms = SystemClock().now_ms();
  plan.operator_office = {options.organisation, options.organisation_name, "", options.uscc, {}};
  plan.accounts.push_back({options.administrator, "member", options.organisation, {"network_admin", "org_admin"}});
  ASSIGN_OR_RETURN(const MadeNetwork made, make_network(options.directory, plan, {passphrase, passphrase}, random));
  terminal.say(fmt::format("{} {}", terminal.pick({"已建立网络", "made the network"}), to_hex(made.network_id)));
  if (terminal.json()) {
    terminal.print_json({{"network", to_hex(made.network_id)},
                         {"genesis", made.genesis_path},
                         {"trust", made.trust_path},
                         {"directory", options.directory}});
  } else {
    terminal.print(fmt::format("{}: {}", terminal.pick({"创世文件", "genesis"}), made.genesis_path));
    terminal.print(fmt::format("{}: {}", terminal.pick({"信任文件（交给核验方）", "trust file (for verifiers)"}),
                               made.trust_path));
    terminal.say(
        fmt::format("{} chancery serve --directory {}", terminal.pick({"下一步：", "next:"}), options.directory));
  }
  return ExitCode::kOk;
}

}  // namespace

void add_init(CommandTree& tree) {
  Command& init = tree.root().sub(
      "init", {"建立新网络：创世文件、节点密钥、管理员", "Make a new network: genesis, node keys, administrator"});
  const auto options = std::make_shared<Options>();
  init.option("--directory", options->directory, "DIR",
              {"节点目录，默认 data/node", "Node directory, default data/node"});
  init.option("--name", options->name, "NAME", {"网络名称", "Name of the network"});
  init.option("--origin", options->origin, "ORIGIN",
              {"检查点首行，默认 chancery.example/名称", "First line of checkpoints"});
  init.option("--suite", options->suite, "SUITE", {"算法套件，默认 gm", "Algorithm suite, default gm"})
      .one_of({"gm", "intl"});
  init.option("--organisation", options->organisation, "ID", {"运营机构标识", "Id of the operator's organisation"});
  init.option("--organisation-name", options->organisation_name, "TEXT", {"运营机构名称", "Its name"});
  init.option("--uscc", options->uscc, "CODE",
              {"统一社会信用代码，可省略", "Its unified social credit code, optional"});
  init.option("--administrator", options->administrator, "ACCOUNT",
              {"管理员账户，默认 admin", "Administrator's account, default admin"});
  options->passphrase.add_to(init);
  init.example("init --directory data/node", {"国密网络", "A network of the gm suite"});
  init.example("init --directory data/intl --name harbour --suite intl",
               {"国际算法网络", "A network of the intl suite"});
  init.run([options](Terminal& terminal) { return run(*options, terminal); });
}

}  // namespace chancery::cli
