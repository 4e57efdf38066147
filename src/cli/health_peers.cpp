#include <fmt/core.h>

#include <cstdlib>
#include <filesystem>

#include "base/clock.h"
#include "base/json.h"
#include "cli/files.h"
#include "cli/health.h"
#include "node/node_files.h"
#include "node/peers/certificates.h"
#include "node/peers/peer_client.h"

namespace chancery::cli {
namespace {

constexpr std::size_t kPeersLimit_bytes = 4U << 20;

/// An error of the one table as a finding: its sentence about this case, and the table's remedy.
Finding finding_of(std::string name, const Error& error, const std::string& who) {
  const ReasonText& text = reason_text(error.reason);
  const std::string zh = error.detail_zh.empty() ? std::string(text.title_zh) : error.detail_zh;
  return {std::move(name),
          Health::kBad,
          fmt::format("{}：{}：{}", who, text.title_zh, zh),
          fmt::format("{}: {}: {}", who, text.title_en, error.detail),
          std::string(text.remedy_zh),
          std::string(text.remedy_en)};
}

Finding certificate_finding(const node::CalendarEntry& entry) {
  using node::Urgency;
  const bool bad = entry.urgency == Urgency::kExpired || entry.urgency == Urgency::kNotYetValid ||
                   entry.urgency == Urgency::kWithin7Days;
  const Health health = bad                                  ? Health::kBad
                        : entry.urgency == Urgency::kGood    ? Health::kGood
                        : entry.urgency == Urgency::kUnknown ? Health::kSkipped
                                                             : Health::kWarning;
  return {"certificate",
          health,
          node::sentence_of(entry, Language::kZhCn),
          node::sentence_of(entry, Language::kEn),
          "",
          ""};
}

std::vector<Finding> probe_findings(const std::string& directory, const node::PeerList& list,
                                    const std::string& passphrase) {
  const auto identity = node::load_identity(directory, passphrase);
  if (!identity) return {finding_of("identity", identity.error(), list.own_name)};
  const SystemClock clock;
  const auto tls = node::PeerTls::create(list, *identity, clock);
  if (!tls) return {finding_of("identity", tls.error(), list.own_name)};
  node::PeerClient client(*tls);
  std::vector<Finding> out;
  for (const node::Peer& peer : list.peers) {
    if (peer.name == list.own_name) continue;
    const auto shown = client.probe(peer.name, clock);
    if (!shown) {
      out.push_back(finding_of("peer", shown.error(), peer.name));
      continue;
    }
    out.push_back({"peer", Health::kGood, fmt::format("节点 {} 应答，证书与时钟无误。", peer.name),
                   fmt::format("{} answers; its certificate and clock are right.", peer.name), "", ""});
  }
  return out;
}

std::vector<Finding> conflict_findings(const std::string& directory) {
  std::vector<Finding> out;
  std::error_code none;
  for (const auto& file : std::filesystem::directory_iterator(node::conflicts_directory(directory), none)) {
    const auto text = read_text(file.path().string(), kPeersLimit_bytes);
    const auto json = text ? parse_json(*text) : Result<Json>(std::unexpected(text.error()));
    if (!json || !json->is_object()) continue;
    const std::string who = json->value("validators", Json::array()).dump();
    const std::uint64_t height = json->value("height", std::uint64_t{0});
    out.push_back({"conflict", Health::kBad,
                   fmt::format("{} 在高度 {} 签署了另一份检查点：{}", who, height, file.path().string()),
                   fmt::format("{} signed another checkpoint of height {}: {}", who, height, file.path().string()),
                   "请先与该机构核实，再以 chancery proposal create 提请暂停该机构，并附上此文件。",
                   "Ask that organisation, then propose its suspension (chancery proposal create) with this file as "
                   "the reason."});
  }
  return out;
}

}  // namespace

std::vector<Finding> examine_peers(const HealthQuestion& question) {
  if (!exists(node::peers_path(question.directory))) return {};
  const auto text = read_text(node::peers_path(question.directory), kPeersLimit_bytes);
  const auto list = text ? node::PeerList::parse(*text) : Result<node::PeerList>(std::unexpected(text.error()));
  if (!list) return {finding_of("peers", list.error(), "peers.json")};
  std::vector<Finding> out = conflict_findings(question.directory);
  for (const auto& entry : node::certificate_calendar(*list, SystemClock().now_ms())) {
    out.push_back(certificate_finding(entry));
  }
  const char* const passphrase = std::getenv("CHANCERY_PASSPHRASE");
  if (passphrase == nullptr) {
    out.push_back({"peer", Health::kSkipped, "未逐一连接其他节点：需要节点口令。",
                   "The peers were not called: that needs the node's passphrase.",
                   "请设置 CHANCERY_PASSPHRASE 后重试。", "Set CHANCERY_PASSPHRASE and run it again."});
    return out;
  }
  for (Finding& finding : probe_findings(question.directory, *list, passphrase)) out.push_back(std::move(finding));
  return out;
}

}  // namespace chancery::cli
