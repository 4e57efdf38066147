#include <fmt/core.h>

#include "base/log.h"
#include "cli/all_commands.h"
#include "cli/key_files.h"
#include "cli/running_node.h"

namespace chancery::cli {
namespace {

constexpr std::uint64_t kHighestPort = 65'535;

struct Options {
  std::string directory = "data/node";
  std::string address = "127.0.0.1";
  std::uint64_t port = 8700;
  std::uint64_t reserve_mib = kDefaultReserve_mib;
  std::string log;
  PassphraseSource passphrase;
};

Result<ExitCode> run(const Options& options, Terminal& terminal) {
  if (options.port > kHighestPort) return fail(Reason::kUsage, "a port is at most 65535", "端口最大为 65535");
  ASSIGN_OR_RETURN(const std::uint64_t reserve_bytes, reserve_bytes_of(options.reserve_mib));
  ASSIGN_OR_RETURN(const std::string passphrase, options.passphrase.get(terminal));
  if (!options.log.empty()) {
    LogSettings log;
    log.path = options.log;
    TRY(open_log(log));
  }
  const Signals signals;
  ASSIGN_OR_RETURN(const auto running, RunningNode::start({options.directory, passphrase, options.address,
                                                           static_cast<std::uint16_t>(options.port), reserve_bytes}));
  const std::string address = fmt::format("http://{}:{}", options.address, running->port());
  terminal.say(fmt::format("{} {}", terminal.pick({"节点已启动：", "serving at"}), address));
  if (terminal.json()) terminal.print_json({{"address", address}, {"directory", options.directory}});
  std::fflush(stdout);
  running->run_until_stopped(signals);
  terminal.say(Words{"正在停止…", "stopping ..."});
  running->stop();
  return ExitCode::kOk;
}

}  // namespace

void add_serve(CommandTree& tree) {
  Command& serve = tree.root().sub("serve", {"运行节点", "Run a node"});
  const auto options = std::make_shared<Options>();
  serve.option("--directory", options->directory, "DIR",
               {"节点目录，默认 data/node", "Node directory, default data/node"});
  serve.option("--address", options->address, "IP",
               {"监听地址，默认 127.0.0.1", "Address to listen at, default 127.0.0.1"});
  serve.option("--port", options->port, "PORT", {"监听端口，默认 8700；0 为任意", "Port, default 8700; 0 takes any"});
  serve.option("--reserve-mib", options->reserve_mib, "N",
               {"卷的可用空间低于 N MiB 时停止写入，默认 256", "Write nothing below N MiB of free space, default 256"});
  serve.option("--log", options->log, "FILE", {"日志文件，默认标准错误输出", "Log file, default standard error"});
  options->passphrase.add_to(serve);
  serve.example("serve --directory data/node", {"运行已初始化的节点", "Run a node that was initialised"});
  serve.example("serve --directory data/node --port 0 --json",
                {"任意端口，JSON 输出地址", "Any port, address as JSON"});
  serve.run([options](Terminal& terminal) { return run(*options, terminal); });
}

}  // namespace chancery::cli
