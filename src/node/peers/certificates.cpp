#include "node/peers/certificates.h"

#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/metrics.h"
#include "crypto/x509/chain.h"
#include "node/files.h"

namespace chancery::node {

namespace {

constexpr std::int64_t kClockTolerance_ms = 300'000;
constexpr std::size_t kMostIdentityBytes = 64U << 10;

bool is_ip(const std::string& host) {
  std::array<std::uint8_t, 16> address{};
  return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

std::int64_t whole_days(std::int64_t span_ms) {
  return span_ms >= 0 ? span_ms / kDay_ms : -((-span_ms + kDay_ms - 1) / kDay_ms);
}

CalendarEntry entry_of(CalendarEntry::Kind kind, const Peer& peer, const crypto::Certificate& certificate,
                       std::int64_t now_ms) {
  CalendarEntry out;
  out.kind = kind;
  out.node = kind == CalendarEntry::Kind::kNode ? peer.name : "";
  out.organisation = peer.organisation;
  out.not_before_ms = certificate.not_before_ms();
  out.not_after_ms = certificate.not_after_ms();
  out.days_left = whole_days(certificate.not_after_ms() - now_ms);
  out.urgency = urgency_of(certificate, now_ms);
  out.fingerprint = certificate.fingerprint();
  return out;
}

std::string remedy_zh(const CalendarEntry& entry) {
  if (entry.urgency == Urgency::kUnknown) return "尚未见到该节点的证书；请运行 chancery cert list --probe。";
  if (entry.urgency == Urgency::kNotYetValid) return "请核对时钟。";
  if (entry.urgency == Urgency::kGood) return "";
  return entry.kind == CalendarEntry::Kind::kRoot ? "请该机构制作新的根证书并把指纹告知各方。"
                                                  : "请在该节点运行 chancery cert rotate。";
}

std::string remedy_en(const CalendarEntry& entry) {
  if (entry.urgency == Urgency::kUnknown) return "It was never seen: run chancery cert list --probe.";
  if (entry.urgency == Urgency::kNotYetValid) return "Compare the clocks.";
  if (entry.urgency == Urgency::kGood) return "";
  return entry.kind == CalendarEntry::Kind::kRoot
             ? "The organisation has to make a new root and tell the others its fingerprint."
             : "Run chancery cert rotate on that node.";
}

}  // namespace

Result<NodeIdentity> load_identity(const std::string& directory, std::string_view passphrase) {
  const std::string path = identity_path(directory);
  ASSIGN_OR_RETURN(const std::string pem, read_file(path, kMostIdentityBytes));
  ASSIGN_OR_RETURN(crypto::PrivateKey key, crypto::PrivateKey::from_pkcs8_pem(pem, passphrase));
  ASSIGN_OR_RETURN(crypto::Certificate certificate, crypto::Certificate::from_pem(pem));
  if (key.public_key() != certificate.public_key()) {
    return fail(Reason::kInvalidValue, "key and certificate in " + path + " do not belong together",
                path + " 中的密钥与证书不匹配");
  }
  return NodeIdentity{std::move(key), std::move(certificate)};
}

Status save_identity(const std::string& directory, const NodeIdentity& identity, std::string_view passphrase,
                     Random& random) {
  ASSIGN_OR_RETURN(const std::string key, identity.key.to_pkcs8_pem(passphrase, random));
  return write_file(identity_path(directory), key + identity.certificate.pem());
}

Result<crypto::CertificateAuthority> create_tls_root(const std::string& organisation, crypto::PrivateKey key,
                                                     std::int64_t now_ms, Random& random) {
  return crypto::CertificateAuthority::create({organisation + " node TLS root", organisation}, std::move(key),
                                              {now_ms - kClockTolerance_ms, now_ms + kRootValidityDays * kDay_ms},
                                              random);
}

Result<NodeIdentity> issue_identity(const crypto::CertificateAuthority& authority, const Digest& network_id,
                                    const Peer& node, std::int64_t now_ms, std::int64_t days, Random& random) {
  ASSIGN_OR_RETURN(const HostPort at, parse_host_port(node.address));
  crypto::AlternativeNames names;
  (is_ip(at.host) ? names.ip : names.dns).push_back(at.host);
  names.uri.push_back(node_uri(network_id, node.name));
  ASSIGN_OR_RETURN(crypto::PrivateKey key,
                   crypto::PrivateKey::generate(crypto::SignatureAlgorithm::kEcdsaP256Sha256, random));
  ASSIGN_OR_RETURN(const crypto::CertificateRequest request,
                   crypto::CertificateRequest::make({node.name, node.organisation}, names, key));
  const crypto::Validity validity{std::max(now_ms - kClockTolerance_ms, authority.root().not_before_ms()),
                                  std::min(now_ms + days * kDay_ms, authority.root().not_after_ms())};
  ASSIGN_OR_RETURN(crypto::Certificate certificate,
                   authority.issue(request, crypto::CertificateUse::kPeer, validity, random));
  return NodeIdentity{std::move(key), std::move(certificate)};
}

std::string_view to_string(Urgency urgency) {
  switch (urgency) {
    case Urgency::kGood:
      return "good";
    case Urgency::kWithin60Days:
      return "within_60_days";
    case Urgency::kWithin30Days:
      return "within_30_days";
    case Urgency::kWithin7Days:
      return "within_7_days";
    case Urgency::kExpired:
      return "expired";
    case Urgency::kNotYetValid:
      return "not_yet_valid";
    case Urgency::kUnknown:
      return "unknown";
  }
  return "unknown";
}

Urgency urgency_of(const crypto::Certificate& certificate, std::int64_t now_ms) {
  const std::int64_t left_ms = certificate.not_after_ms() - now_ms;
  if (left_ms < 0) return Urgency::kExpired;
  if (certificate.not_before_ms() > now_ms) return Urgency::kNotYetValid;
  if (left_ms < 7 * kDay_ms) return Urgency::kWithin7Days;
  if (left_ms < 30 * kDay_ms) return Urgency::kWithin30Days;
  if (left_ms < 60 * kDay_ms) return Urgency::kWithin60Days;
  return Urgency::kGood;
}

std::vector<CalendarEntry> certificate_calendar(const PeerList& list, std::int64_t now_ms) {
  std::vector<CalendarEntry> out;
  std::set<Digest> roots;
  for (const Peer& peer : list.peers) {
    if (roots.insert(peer.root.fingerprint()).second) {
      out.push_back(entry_of(CalendarEntry::Kind::kRoot, peer, peer.root, now_ms));
    }
    if (peer.certificate) {
      out.push_back(entry_of(CalendarEntry::Kind::kNode, peer, *peer.certificate, now_ms));
    } else {
      CalendarEntry unknown;
      unknown.node = peer.name;
      unknown.organisation = peer.organisation;
      out.push_back(std::move(unknown));
    }
  }
  // What nobody has seen has no date to sort by: it comes last.
  std::ranges::stable_sort(out, {}, [](const CalendarEntry& entry) {
    return entry.urgency == Urgency::kUnknown ? INT64_MAX : entry.not_after_ms;
  });
  return out;
}

std::string sentence_of(const CalendarEntry& entry, Language language) {
  const bool zh = language == Language::kZhCn;
  const bool root = entry.kind == CalendarEntry::Kind::kRoot;
  const std::string who = zh ? (root ? "机构 " + entry.organisation + " 的根证书" : "节点 " + entry.node + " 的证书")
                             : (root ? "The root of " + entry.organisation : "The certificate of " + entry.node);
  const std::string end = crypto::day_of(entry.not_after_ms);
  std::string what;
  switch (entry.urgency) {
    case Urgency::kUnknown:
      what = zh ? "未知。" : " is not known.";
      break;
    case Urgency::kExpired:
      what = zh ? fmt::format("已于 {} 到期。", end) : fmt::format(" ended on {}.", end);
      break;
    case Urgency::kNotYetValid:
      what = zh ? fmt::format("自 {} 起生效。", crypto::day_of(entry.not_before_ms))
                : fmt::format(" begins on {}.", crypto::day_of(entry.not_before_ms));
      break;
    default:
      what = zh ? fmt::format("还有 {} 天（至 {}）。", entry.days_left, end)
                : fmt::format(" has {} days left (to {}).", entry.days_left, end);
  }
  const std::string remedy = zh ? remedy_zh(entry) : remedy_en(entry);
  return who + what + (zh || remedy.empty() ? "" : " ") + remedy;
}

void publish_calendar(const std::vector<CalendarEntry>& calendar) {
  for (const CalendarEntry& entry : calendar) {
    if (entry.urgency == Urgency::kUnknown) continue;
    const bool root = entry.kind == CalendarEntry::Kind::kRoot;
    metrics()
        .gauge("chancery_certificate_days_left", "Days until the certificate ends.",
               {{"node", root ? entry.organisation : entry.node}, {"kind", root ? "root" : "node"}})
        .set(static_cast<double>(entry.days_left));
  }
}

}  // namespace chancery::node
