#include <fmt/core.h>

#include "cli/all_commands.h"
#include "cli/health.h"

namespace chancery::cli {
namespace {

struct Options {
  std::string directory = "data/dev";
  std::uint64_t port = 8700;
};

std::string_view name_of(Health health) {
  switch (health) {
    case Health::kGood:
      return "good";
    case Health::kWarning:
      return "warning";
    case Health::kBad:
      return "bad";
    case Health::kSkipped:
      return "skipped";
  }
  return "bad";
}

Result<ExitCode> run(const Options& options, Terminal& terminal) {
  constexpr std::uint64_t kHighestPort = 65'535;
  if (options.port > kHighestPort) return fail(Reason::kUsage, "a port is at most 65535", "端口最大为 65535");
  HealthQuestion question;
  question.directory = options.directory;
  question.server = terminal.options().server;
  question.port = static_cast<std::uint16_t>(options.port);
  std::vector<Finding> findings = examine_machine(question);
  for (Finding& finding : examine_node(question)) findings.push_back(std::move(finding));
  for (Finding& finding : examine_growth(question)) findings.push_back(std::move(finding));
  for (Finding& finding : examine_drill(question)) findings.push_back(std::move(finding));
  for (Finding& finding : examine_peers(question)) findings.push_back(std::move(finding));
  nlohmann::json out = nlohmann::json::array();
  bool bad = false;
  for (const Finding& finding : findings) {
    bad = bad || finding.health == Health::kBad;
    const Mark mark = finding.health == Health::kGood  ? Mark::kOk
                      : finding.health == Health::kBad ? Mark::kFailed
                                                       : Mark::kNote;
    terminal.print_marked(mark, terminal.pick({finding.text_zh, finding.text_en}));
    const std::string_view remedy = terminal.pick({finding.remedy_zh, finding.remedy_en});
    if (!remedy.empty()) terminal.print(fmt::format("    {}", remedy));
    out.push_back({{"name", finding.name},
                   {"health", name_of(finding.health)},
                   {"zh", finding.text_zh},
                   {"en", finding.text_en},
                   {"remedy_zh", finding.remedy_zh},
                   {"remedy_en", finding.remedy_en}});
  }
  if (terminal.json()) terminal.print_json({{"healthy", !bad}, {"findings", out}});
  return bad ? ExitCode::kFailed : ExitCode::kOk;
}

}  // namespace

void add_doctor(CommandTree& tree) {
  Command& doctor =
      tree.root().sub("doctor", {"体检：时钟、磁盘、密钥、账本、端口", "Examine clock, disk, keys, store, port"});
  const auto options = std::make_shared<Options>();
  doctor.option("--directory", options->directory, "DIR",
                {"节点目录，默认 data/dev", "Node directory, default data/dev"});
  doctor.option("--port", options->port, "PORT",
                {"准备使用的端口，默认 8700", "Port that is to be used, default 8700"});
  doctor.example("doctor", {"体检", "Examine"});
  doctor.example("doctor --directory data/node --json", {"输出 JSON", "Answer as JSON"});
  doctor.run([options](Terminal& terminal) { return run(*options, terminal); });
}

}  // namespace chancery::cli
