#include <fmt/format.h>

#include <filesystem>

#include "cli/all_commands.h"
#include "cli/files.h"
#include "packs/manifest/manifest.h"

namespace chancery::cli {
namespace {

constexpr std::size_t kPackFileLimit_bytes = 1U << 20U;

nlohmann::json as_json(const packs::Finding& finding) {
  return {{"file", finding.file},           {"line", finding.place.line},     {"column", finding.place.column},
          {"message_zh", finding.wrong.zh}, {"message_en", finding.wrong.en}, {"remedy_zh", finding.remedy.zh},
          {"remedy_en", finding.remedy.en}};
}

void print(Terminal& terminal, const std::string& folder, const packs::CheckedPack& pack) {
  for (const packs::Finding& finding : pack.findings) {
    const std::string path = (std::filesystem::path(folder) / finding.file).string();
    packs::Finding named = finding;
    named.file = path;
    terminal.print(named.text(terminal.language()));
  }
  const packs::Manifest& manifest = pack.manifest;
  if (pack.findings.empty()) {
    terminal.print_marked(
        Mark::kOk, fmt::format("{} {}: {}", manifest.id, manifest.version, manifest.title.in(terminal.language())));
  } else {
    terminal.print_marked(Mark::kFailed,
                          fmt::format("{}: {}", terminal.pick({"问题数", "findings"}), pack.findings.size()));
  }
}

Result<ExitCode> check(const std::string& folder, Terminal& terminal) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    return fail(Reason::kNotFound, fmt::format("{} is no directory", folder), fmt::format("{} 不是目录", folder));
  }
  const packs::CheckedPack pack = packs::check_pack([&](const std::string& path) {
    return read_text((std::filesystem::path(folder) / path).string(), kPackFileLimit_bytes);
  });
  if (terminal.json()) {
    nlohmann::json findings = nlohmann::json::array();
    for (const packs::Finding& finding : pack.findings) findings.push_back(as_json(finding));
    terminal.print_json({{"id", pack.manifest.id}, {"version", pack.manifest.version}, {"findings", findings}});
  } else {
    print(terminal, folder, pack);
  }
  return pack.findings.empty() ? ExitCode::kOk : ExitCode::kVerificationFailed;
}

}  // namespace

void add_pack(CommandTree& tree) {
  Command& pack =
      tree.root().sub("pack", {"服务包：一个文件夹描述一项服务", "Service packs: a folder that describes a service"});
  pack.example("pack check packs/service-rating", {"检查一个服务包", "Check a service pack"});
  pack.example("pack check packs/service-rating --json", {"供编辑器和脚本使用", "For editors and scripts"});
  Command& sub = pack.sub("check", {"检查服务包，逐条指出文件、行、列和改法",
                                    "Check a service pack; each mistake with file, line, column and remedy"});
  const auto folder = std::make_shared<std::string>();
  sub.positional("DIR", *folder, {"服务包的文件夹", "Folder of the pack"});
  sub.example("pack check packs/service-rating", {"检查一个服务包", "Check a service pack"});
  sub.example("pack check packs/service-rating --json", {"供编辑器和脚本使用", "For editors and scripts"});
  sub.run([folder](Terminal& terminal) { return check(*folder, terminal); });
}

}  // namespace chancery::cli
