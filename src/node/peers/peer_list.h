#pragma once
// peers.json in a node's directory: whom this node talks to, and which root vouches for each.
//   { "format": "chancery-peers-v1", "network": "<64 hex>", "node": "mawei-1",
//     "peers": [ { "name": "mawei-1", "organisation": "mawei", "address": "192.0.2.1:8701",
//                  "engine_address": "192.0.2.1:26656",            optional: where its consensus engine listens
//                  "root": "-----BEGIN CERTIFICATE-----…",         the organisation's root for TLS
//                  "certificate": "-----BEGIN CERTIFICATE-----…"   optional: the newest that was seen
//                } ] }
// The list holds this node too. Names are those of the genesis' validators, and of observers besides.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/x509/certificate.h"

namespace chancery::node {

struct Peer {
  std::string name;          ///< 1 to 64 of [A-Za-z0-9._/-]
  std::string organisation;  ///< its id, 1 to 64 characters
  std::string address;       ///< "host:port" for nodes; IPv6 as "[2001:db8::1]:8701"
  std::string engine_address;
  crypto::Certificate root;
  std::optional<crypto::Certificate> certificate = std::nullopt;
};

struct PeerList {
  Digest network_id{};
  std::string own_name;
  std::vector<Peer> peers;

  /// Bounded to 4 MiB and 1,000 peers. kInvalidValue names the member that is wrong: a name that occurs twice, a list
  /// without this node, a root that is no authority.
  static Result<PeerList> parse(std::string_view json_text);
  std::string to_json() const;
  /// Null when there is none of that name.
  const Peer* find(std::string_view name) const;
  const Peer& own() const;
};

inline std::string peers_path(const std::string& directory) {
  return directory + "/peers.json";
}

/// [A-Za-z0-9._/-], 1 to 64: also stands in URIs, key names and file names (with / as _) as it is.
bool is_node_name(std::string_view name);

struct HostPort {
  std::string host;  ///< without brackets
  std::string port;  ///< 1 to 65535, decimal
};
/// kInvalidValue for anything but "host:port" or "[IPv6]:port".
Result<HostPort> parse_host_port(std::string_view address);

/// "chancery://<network id>/<node>": what a node's certificate must carry to be that node of that network.
std::string node_uri(const Digest& network_id, std::string_view node_name);

}  // namespace chancery::node
