#include "node/peers/peer_list.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/json.h"
#include "base/json_reader.h"

namespace chancery::node {

namespace {

constexpr std::string_view kFormat = "chancery-peers-v1";
constexpr JsonLimits kLimits{.max_bytes = 4U << 20, .max_depth = 8};
constexpr std::size_t kMostPeers = 1'000;
constexpr std::size_t kMostPemCharacters = 24U << 10;

std::unexpected<Error> refuse_certificate(const JsonReader& reader, std::string_view member, const Error& error) {
  return reader.refuse(member, error.detail.empty() ? error.message() : error.detail);
}

Result<std::string> read_address(JsonReader& reader, std::string_view member, bool required) {
  ASSIGN_OR_RETURN(const auto text, reader.optional_string(member, 300));
  if (!text && required) return reader.refuse(member, "is missing");
  if (!text) return std::string();
  if (const auto parsed = parse_host_port(*text); !parsed) return reader.refuse(member, parsed.error().detail);
  return *text;
}

Result<Peer> read_peer(JsonReader& reader) {
  ASSIGN_OR_RETURN(std::string name, reader.required_string("name", 64, 1));
  if (!is_node_name(name)) return reader.refuse("name", "has other letters than [A-Za-z0-9._/-]");
  ASSIGN_OR_RETURN(std::string organisation, reader.required_string("organisation", 64, 1));
  ASSIGN_OR_RETURN(std::string address, read_address(reader, "address", true));
  ASSIGN_OR_RETURN(std::string engine_address, read_address(reader, "engine_address", false));
  ASSIGN_OR_RETURN(const std::string root_pem, reader.required_string("root", kMostPemCharacters));
  auto root = crypto::Certificate::from_pem(root_pem);
  if (!root) return refuse_certificate(reader, "root", root.error());
  if (!root->is_authority()) return reader.refuse("root", "is no authority's certificate");
  Peer out{std::move(name), std::move(organisation), std::move(address), std::move(engine_address), std::move(*root)};
  ASSIGN_OR_RETURN(const auto pem, reader.optional_string("certificate", kMostPemCharacters));
  if (pem) {
    auto certificate = crypto::Certificate::from_pem(*pem);
    if (!certificate) return refuse_certificate(reader, "certificate", certificate.error());
    out.certificate = std::move(*certificate);
  }
  TRY(reader.refuse_unknown_members());
  return out;
}

Json to_json(const Peer& peer) {
  Json out = {
      {"name", peer.name}, {"organisation", peer.organisation}, {"address", peer.address}, {"root", peer.root.pem()}};
  if (!peer.engine_address.empty()) out["engine_address"] = peer.engine_address;
  if (peer.certificate) out["certificate"] = peer.certificate->pem();
  return out;
}

}  // namespace

Result<PeerList> PeerList::parse(std::string_view json_text) {
  ASSIGN_OR_RETURN(const Json document, parse_json(json_text, kLimits));
  JsonReader reader(document);
  ASSIGN_OR_RETURN(const std::string format, reader.required_string("format", 64));
  if (format != kFormat) return reader.refuse("format", "must be chancery-peers-v1");
  PeerList out;
  ASSIGN_OR_RETURN(out.network_id, reader.required_digest("network"));
  ASSIGN_OR_RETURN(out.own_name, reader.required_string("node", 64, 1));
  ASSIGN_OR_RETURN(auto objects, reader.required_objects("peers", kMostPeers));
  std::set<std::string> names;
  for (JsonReader& object : objects) {
    ASSIGN_OR_RETURN(Peer peer, read_peer(object));
    if (!names.insert(peer.name).second) return object.refuse("name", "occurs twice");
    out.peers.push_back(std::move(peer));
  }
  TRY(reader.refuse_unknown_members());
  if (!names.contains(out.own_name)) return reader.refuse("node", "is none of the peers");
  return out;
}

std::string PeerList::to_json() const {
  Json list = Json::array();
  for (const Peer& peer : peers) list.push_back(node::to_json(peer));
  return Json{{"format", kFormat}, {"network", to_hex(network_id)}, {"node", own_name}, {"peers", list}}.dump(2) + "\n";
}

const Peer* PeerList::find(std::string_view name) const {
  const auto found = std::ranges::find(peers, name, &Peer::name);
  return found == peers.end() ? nullptr : &*found;
}

const Peer& PeerList::own() const {
  const Peer* const found = find(own_name);
  CHANCERY_CHECK(found != nullptr);
  return *found;
}

bool is_node_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name.front() != '.' && name.front() != '/' &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                  c == '-' || c == '/';
         });
}

Result<HostPort> parse_host_port(std::string_view address) {
  const auto bad = [] {
    return fail(Reason::kInvalidValue, "an address is host:port or [IPv6]:port", "地址应为 主机:端口 或 [IPv6]:端口");
  };
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return bad();
  std::string_view host = address.substr(0, colon);
  const std::string_view port = address.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return bad();
  }
  unsigned number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size() || number == 0 || number > 65'535) return bad();
  const bool plain = std::ranges::all_of(host, [](char c) { return c > 0x20 && c < 0x7f && c != '/' && c != '@'; });
  if (host.empty() || host.size() > 255 || !plain) return bad();
  return HostPort{std::string(host), std::string(port)};
}

std::string node_uri(const Digest& network_id, std::string_view node_name) {
  return "chancery://" + to_hex(network_id) + "/" + std::string(node_name);
}

}  // namespace chancery::node
