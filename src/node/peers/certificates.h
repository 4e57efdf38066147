#pragma once
// A node's own TLS identity, and the one certificate calendar for all organisations of a network.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "crypto/x509/certificate_authority.h"
#include "node/peers/peer_list.h"

namespace chancery::node {

/// Days of validity. A root outlives its leaves; a leaf is short, because changing it costs one command.
inline constexpr std::int64_t kRootValidityDays = 3'650;
inline constexpr std::int64_t kNodeValidityDays = 365;
inline constexpr std::int64_t kDay_ms = 86'400'000;

/// What a node shows to its peers. The key is P-256 and made anew with each certificate.
struct NodeIdentity {
  crypto::PrivateKey key;
  crypto::Certificate certificate;
};

/// The organisation's root key for TLS, encrypted PKCS#8. Best kept away from the node between rotations.
inline std::string tls_root_key_path(const std::string& directory) {
  return directory + "/keys/tls-root.p8";
}
/// One PEM file with the encrypted key and the certificate, so that both change in one rename.
inline std::string identity_path(const std::string& directory) {
  return directory + "/keys/tls-node.pem";
}

/// kNotFound, kForbidden for a wrong passphrase, kInvalidValue when key and certificate do not belong together.
Result<NodeIdentity> load_identity(const std::string& directory, std::string_view passphrase);
Status save_identity(const std::string& directory, const NodeIdentity& identity, std::string_view passphrase,
                     Random& random);

/// A self-signed root for the TLS of an organisation's nodes, valid from five minutes before `now_ms` (clocks differ).
Result<crypto::CertificateAuthority> create_tls_root(const std::string& organisation, crypto::PrivateKey key,
                                                     std::int64_t now_ms, Random& random);

/// A fresh key with a certificate of this organisation's authority: named by node_uri() and by the host of the node's
/// address, valid from five minutes before `now_ms` for `days`, but not beyond the root.
Result<NodeIdentity> issue_identity(const crypto::CertificateAuthority& authority, const Digest& network_id,
                                    const Peer& node, std::int64_t now_ms, std::int64_t days, Random& random);

enum class Urgency {
  kGood,
  kWithin60Days,
  kWithin30Days,
  kWithin7Days,
  kExpired,
  kNotYetValid,
  kUnknown,  ///< never seen
};
std::string_view to_string(Urgency urgency);

struct CalendarEntry {
  enum class Kind { kNode, kRoot };
  Kind kind = Kind::kNode;
  std::string node;
  std::string organisation;
  std::int64_t not_before_ms = 0;
  std::int64_t not_after_ms = 0;
  std::int64_t days_left = 0;  ///< whole days, rounded down; negative after the end
  Urgency urgency = Urgency::kUnknown;
  Digest fingerprint{};
};

Urgency urgency_of(const crypto::Certificate& certificate, std::int64_t now_ms);
/// Every node's certificate and every organisation's root (once), the most urgent first.
std::vector<CalendarEntry> certificate_calendar(const PeerList& list, std::int64_t now_ms);
/// A sentence about an entry: what it is, when it ends, what to do.
std::string sentence_of(const CalendarEntry& entry, Language language);
/// Sets chancery_certificate_days_left{node,kind} for every known entry.
void publish_calendar(const std::vector<CalendarEntry>& calendar);

}  // namespace chancery::node
