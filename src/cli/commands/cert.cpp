#include <fmt/core.h>

#include "base/clock.h"
#include "cli/all_commands.h"
#include "cli/files.h"
#include "cli/key_files.h"
#include "crypto/x509/chain.h"
#include "crypto/x509/fingerprint_words.h"
#include "node/peers/certificates.h"
#include "node/peers/peer_client.h"

namespace chancery::cli {
namespace {

constexpr std::size_t kPeersLimit_bytes = 4U << 20;

struct Options {
  std::string directory = "data/node";
  std::string node;
  bool probe = false;
  std::uint64_t days = node::kNodeValidityDays;
  std::string root_key;
  PassphraseSource passphrase;
};

Result<node::PeerList> read_peers(const std::string& directory) {
  ASSIGN_OR_RETURN(const std::string text, read_text(node::peers_path(directory), kPeersLimit_bytes));
  return node::PeerList::parse(text);
}

Status write_peers(const std::string& directory, const node::PeerList& list) {
  return write_file(node::peers_path(directory), as_bytes(list.to_json()), Overwrite::kAllow, Access::kEverybody);
}

/// Calls every peer and keeps the certificates that they show. A peer that does not answer keeps its entry.
Result<node::PeerList> probe_all(const Options& options, const node::PeerList& list, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::string passphrase, options.passphrase.get(terminal));
  ASSIGN_OR_RETURN(const node::NodeIdentity identity, node::load_identity(options.directory, passphrase));
  const SystemClock clock;
  ASSIGN_OR_RETURN(const auto tls, node::PeerTls::create(list, identity, clock));
  node::PeerClient client(tls);
  for (const node::Peer& peer : list.peers) {
    if (peer.name == list.own_name) continue;
    const auto shown = client.probe(peer.name, clock);
    if (!shown) {
      terminal.say(fmt::format("{}: {}", peer.name,
                               terminal.language() == Language::kZhCn && !shown.error().detail_zh.empty()
                                   ? shown.error().detail_zh
                                   : shown.error().message()));
    }
  }
  node::PeerList seen = tls->seen();
  TRY(write_peers(options.directory, seen));
  return seen;
}

nlohmann::json entry_json(const node::CalendarEntry& entry) {
  nlohmann::json out = {{"kind", entry.kind == node::CalendarEntry::Kind::kRoot ? "root" : "node"},
                        {"organisation", entry.organisation},
                        {"urgency", node::to_string(entry.urgency)},
                        {"zh", node::sentence_of(entry, Language::kZhCn)},
                        {"en", node::sentence_of(entry, Language::kEn)}};
  if (!entry.node.empty()) out["node"] = entry.node;
  if (entry.urgency == node::Urgency::kUnknown) return out;
  out["not_before_ms"] = entry.not_before_ms;
  out["not_after_ms"] = entry.not_after_ms;
  out["days_left"] = entry.days_left;
  out["fingerprint"] = to_hex(entry.fingerprint);
  return out;
}

Result<ExitCode> list(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(node::PeerList peers, read_peers(options.directory));
  if (options.probe) {
    ASSIGN_OR_RETURN(peers, probe_all(options, peers, terminal));
  }
  const auto calendar = node::certificate_calendar(peers, SystemClock().now_ms());
  if (terminal.json()) {
    nlohmann::json out = nlohmann::json::array();
    for (const auto& entry : calendar) out.push_back(entry_json(entry));
    terminal.print_json(out);
    return ExitCode::kOk;
  }
  for (const auto& entry : calendar) {
    const Mark mark = entry.urgency == node::Urgency::kGood      ? Mark::kOk
                      : entry.urgency == node::Urgency::kExpired ? Mark::kFailed
                                                                 : Mark::kNote;
    terminal.print_marked(mark, node::sentence_of(entry, terminal.language()));
  }
  return ExitCode::kOk;
}

void show_certificate(Terminal& terminal, const Words& what, const crypto::Certificate& certificate) {
  terminal.print(fmt::format("{}: {}", terminal.pick(what), certificate.subject().common_name));
  terminal.print(fmt::format("  {} {} – {} (UTC)", terminal.pick({"有效期", "valid"}),
                             crypto::day_of(certificate.not_before_ms()), crypto::day_of(certificate.not_after_ms())));
  for (const std::string& uri : certificate.alternative_names().uri) terminal.print("  " + uri);
  terminal.print(fmt::format("  SHA-256 {}", to_hex(certificate.fingerprint())));
  terminal.print("  " + crypto::fingerprint_text(certificate.fingerprint(), terminal.language()));
}

nlohmann::json certificate_json(const crypto::Certificate& certificate) {
  return {{"subject", certificate.subject().common_name},
          {"organisation", certificate.subject().organisation},
          {"serial", certificate.serial()},
          {"not_before_ms", certificate.not_before_ms()},
          {"not_after_ms", certificate.not_after_ms()},
          {"uri", certificate.alternative_names().uri},
          {"fingerprint", to_hex(certificate.fingerprint())},
          {"words_zh", crypto::fingerprint_text(certificate.fingerprint(), Language::kZhCn)},
          {"words_en", crypto::fingerprint_text(certificate.fingerprint(), Language::kEn)},
          {"pem", certificate.pem()}};
}

Result<ExitCode> show_one(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const node::PeerList peers, read_peers(options.directory));
  const std::string& name = options.node.empty() ? peers.own_name : options.node;
  const node::Peer* const peer = peers.find(name);
  if (peer == nullptr) return fail(Reason::kNotFound, "there is no node " + name, "没有节点 " + name);
  if (terminal.json()) {
    nlohmann::json out = {{"node", peer->name}, {"root", certificate_json(peer->root)}};
    if (peer->certificate) out["certificate"] = certificate_json(*peer->certificate);
    terminal.print_json(out);
    return ExitCode::kOk;
  }
  show_certificate(terminal, {"根证书", "root"}, peer->root);
  if (peer->certificate) show_certificate(terminal, {"节点证书", "node certificate"}, *peer->certificate);
  return ExitCode::kOk;
}

Result<ExitCode> rotate(const Options& options, Terminal& terminal) {
  constexpr std::uint64_t kMostDays = node::kRootValidityDays;
  if (options.days == 0 || options.days > kMostDays) {
    return fail(Reason::kUsage, "a certificate lives 1 to 3650 days", "有效期应为 1 至 3650 天");
  }
  ASSIGN_OR_RETURN(node::PeerList peers, read_peers(options.directory));
  ASSIGN_OR_RETURN(const std::string passphrase, options.passphrase.get(terminal));
  ASSIGN_OR_RETURN(const std::string pem,
                   read_text(options.root_key.empty() ? node::tls_root_key_path(options.directory) : options.root_key));
  ASSIGN_OR_RETURN(crypto::PrivateKey key, crypto::PrivateKey::from_pkcs8_pem(pem, passphrase));
  ASSIGN_OR_RETURN(const auto authority, crypto::CertificateAuthority::open(peers.own().root, std::move(key)));
  SystemRandom random;
  const SystemClock clock;
  ASSIGN_OR_RETURN(const node::NodeIdentity identity,
                   node::issue_identity(authority, peers.network_id, peers.own(), clock.now_ms(),
                                        static_cast<std::int64_t>(options.days), random));
  // What a running node would refuse to load is not written in the first place.
  TRY(node::PeerTls::create(peers, identity, clock));
  TRY(node::save_identity(options.directory, identity, passphrase, random));
  for (node::Peer& peer : peers.peers) {
    if (peer.name == peers.own_name) peer.certificate = identity.certificate;
  }
  TRY(write_peers(options.directory, peers));
  if (terminal.json()) {
    terminal.print_json({{"node", peers.own_name}, {"certificate", certificate_json(identity.certificate)}});
  } else {
    show_certificate(terminal, {"新的节点证书", "new node certificate"}, identity.certificate);
  }
  terminal.say(
      Words{"运行中的节点一秒内换用，不中断请求；其他节点无须改动。",
            "A running node takes it up within a second, without a failed request; the others need no change."});
  return ExitCode::kOk;
}

}  // namespace

void add_cert(CommandTree& tree) {
  Command& cert = tree.root().sub("cert", {"节点证书与证书日历", "Node certificates and their calendar"});
  cert.example("cert list --directory data/node",
               {"各机构证书的到期日历", "When each organisation's certificates end"});
  cert.example("cert rotate --directory data/node", {"换发本节点证书", "A new certificate for this node"});
  const auto options = std::make_shared<Options>();
  const auto leaf = [&](const char* name, Words words,
                        Result<ExitCode> (*action)(const Options&, Terminal&)) -> Command& {
    Command& command = cert.sub(name, words);
    command.option("--directory", options->directory, "DIR",
                   {"节点目录，默认 data/node", "Node directory, default data/node"});
    command.run([options, action](Terminal& terminal) { return action(*options, terminal); });
    return command;
  };

  Command& all = leaf("list", {"证书日历：最紧迫的在前", "The calendar, the most urgent first"}, list);
  all.flag("--probe", options->probe,
           {"逐一连接各节点，记下其出示的证书", "Call every peer and note the certificate that it shows"});
  options->passphrase.add_to(all);
  all.example("cert list --directory data/node", {"日历", "The calendar"});
  all.example("cert list --directory data/node --json", {"以 JSON 输出", "As JSON"});

  Command& one = leaf("show", {"一个节点的证书与指纹", "A node's certificate and its fingerprint"}, show_one);
  one.positional("NODE", options->node, {"节点名称，默认本节点", "Name of the node, default this one"}, false);
  one.example("cert show --directory data/node", {"本节点", "This node's"});
  one.example("cert show --directory data/node --json", {"以 JSON 输出", "As JSON"});

  Command& fresh = leaf("rotate", {"换发本节点证书", "Issue a new certificate for this node"}, rotate);
  fresh.option("--days", options->days, "N", {"有效天数，默认 365", "Days of validity, default 365"});
  fresh.option("--root-key", options->root_key, "FILE",
               {"机构 TLS 根私钥，默认 keys/tls-root.p8", "The organisation's TLS root key, default keys/tls-root.p8"});
  options->passphrase.add_to(fresh);
  fresh.example("cert rotate --directory data/node", {"换发", "A new one"});
  fresh.example("cert rotate --directory data/node --days 90 --json", {"九十天，JSON 输出", "For 90 days, as JSON"});
}

}  // namespace chancery::cli
