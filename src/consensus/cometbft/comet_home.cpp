#include "consensus/cometbft/comet_home.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "consensus/cometbft/application.h"
#include "consensus/cometbft/bundle.h"

namespace chancery::consensus {

namespace {

constexpr std::int64_t kMostBlockBytes = 8 << 20;

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

Json public_key_json(const crypto::PublicKey& key) {
  return {{"type", "tendermint/PubKeyEd25519"}, {"value", to_base64(key.bytes)}};
}

Json private_key_json(const crypto::PrivateKey& key) {
  Bytes both = to_bytes(key.secret());
  append(both, key.public_key().bytes);
  return {{"type", "tendermint/PrivKeyEd25519"}, {"value", to_base64(both)}};
}

std::string rfc3339(std::int64_t time_ms) {
  const auto seconds = static_cast<std::time_t>(time_ms / 1'000);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), time_ms % 1'000);
}

Result<std::string> genesis_text(const ledger::Genesis& genesis) {
  Json validators = Json::array();
  for (const ledger::Validator& validator : genesis.validators) {
    if (!validator.engine_key) {
      return fail(Reason::kInvalidValue,
                  fmt::format("validator \"{}\" has no engine_key in the genesis", validator.name));
    }
    validators.push_back({{"address", upper(CometHome::node_id(*validator.engine_key))},
                          {"pub_key", public_key_json(*validator.engine_key)},
                          {"power", std::to_string(validator.power)},
                          {"name", validator.name}});
  }
  // CometBFT writes 64-bit numbers as strings.
  const Json document = {
      {"genesis_time", rfc3339(genesis.created_ms)},
      {"chain_id", CometHome::chain_id(genesis)},
      {"initial_height", std::to_string(kFirstEngineHeight)},
      {"consensus_params",
       {{"block", {{"max_bytes", std::to_string(kMostBlockBytes)}, {"max_gas", "-1"}}},
        {"evidence",
         {{"max_age_num_blocks", "100000"}, {"max_age_duration", "172800000000000"}, {"max_bytes", "1048576"}}},
        {"validator", {{"pub_key_types", Json::array({"ed25519"})}}},
        {"version", {{"app", std::to_string(ledger::kProtocolVersion)}}},
        {"abci", {{"vote_extensions_enable_height", "0"}}}}},
      {"validators", validators},
      {"app_hash", ""}};
  return document.dump(1);
}

std::string state_sync_text(const std::optional<CometStateSync>& sync) {
  if (!sync) return "enable = false\n";
  std::string servers;
  for (const std::string& server : sync->servers) {
    if (!servers.empty()) servers += ',';
    servers += server;
  }
  // The trusted block is as recent as the snapshot and vouched for by several organisations; its age says nothing here.
  return fmt::format(R"(enable = true
rpc_servers = "{}"
trust_height = {}
trust_hash = "{}"
trust_period = "87600h0m0s"
discovery_time = "5s"
chunk_request_timeout = "10s"
chunk_fetchers = "1"
)",
                     servers, sync->trust_height, sync->trust_hash);
}

std::string config_text(const CometHome& home) {
  std::string peers;
  for (const CometPeer& peer : home.peers) {
    if (!peers.empty()) peers += ',';
    peers += fmt::format("{}@{}", CometHome::node_id(peer.engine_key), peer.address);
  }
  return fmt::format(R"(# Written by Chancery at each start. Changes made here are lost.
proxy_app = "unix://{abci}"
abci = "socket"
moniker = "chancery"
db_backend = "goleveldb"
db_dir = "data"
log_level = "error"
log_format = "json"
genesis_file = "config/genesis.json"
priv_validator_key_file = "config/priv_validator_key.json"
priv_validator_state_file = "data/priv_validator_state.json"
node_key_file = "config/node_key.json"
filter_peers = false

[rpc]
laddr = "unix://{rpc}"
unsafe = false
max_body_bytes = 2000000

[p2p]
laddr = "tcp://{listen}"
persistent_peers = "{peers}"
persistent_peers_max_dial_period = "2s"
pex = false
addr_book_strict = false
allow_duplicate_ip = true
flush_throttle_timeout = "5ms"
max_packet_msg_payload_size = 65536
send_rate = 104857600
recv_rate = 104857600
max_num_inbound_peers = 100

[mempool]
type = "flood"
recheck = false
broadcast = true
size = 20000
max_txs_bytes = 268435456
max_tx_bytes = {bundle}
cache_size = 40000

[statesync]
{statesync}
[blocksync]
version = "v0"

[consensus]
wal_file = "data/cs.wal/wal"
timeout_propose = "2s"
timeout_propose_delta = "500ms"
timeout_prevote = "500ms"
timeout_prevote_delta = "250ms"
timeout_precommit = "500ms"
timeout_precommit_delta = "250ms"
timeout_commit = "{commit}ms"
skip_timeout_commit = false
double_sign_check_height = 0
create_empty_blocks = false
create_empty_blocks_interval = "0s"
peer_gossip_sleep_duration = "5ms"
peer_query_maj23_sleep_duration = "1s"

[storage]
discard_abci_responses = true

[tx_index]
indexer = "null"

[instrumentation]
prometheus = false
)",
                     fmt::arg("abci", home.abci_socket()), fmt::arg("rpc", home.rpc_socket()),
                     fmt::arg("listen", home.listen), fmt::arg("peers", peers),
                     fmt::arg("bundle", kBundleLimits.compressed_bytes), fmt::arg("commit", home.commit_wait_ms),
                     fmt::arg("statesync", state_sync_text(home.state_sync)));
}

Status write(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  ::chmod(path.c_str(), S_IRUSR | S_IWUSR);
  file << content;
  file.close();
  if (!file) return fail(Reason::kStorageFailed, "cannot write " + path);
  return {};
}

}  // namespace

std::string CometHome::chain_id(const ledger::Genesis& genesis) {
  return "chancery-" + to_hex(genesis.network_id).substr(0, 32);
}

std::string CometHome::node_id(const crypto::PublicKey& engine_key) {
  return to_hex(BytesView(crypto::hash(crypto::HashAlgorithm::kSha256, engine_key.bytes)).first(20));
}

Status CometHome::forget_blocks() const {
  std::error_code error;
  for (const char* name : {"blockstore.db", "state.db", "evidence.db", "light-client-db.db", "cs.wal"}) {
    std::filesystem::remove_all(fmt::format("{}/data/{}", directory, name), error);
    if (error) return fail(Reason::kStorageFailed, fmt::format("{}/data/{}: {}", directory, name, error.message()));
  }
  return {};
}

Status CometHome::write(const ledger::Genesis& genesis, const crypto::PrivateKey& engine_key) const {
  std::error_code error;
  std::filesystem::create_directories(directory + "/config", error);
  if (!error) std::filesystem::create_directories(directory + "/data", error);
  if (error) return fail(Reason::kStorageFailed, fmt::format("{}: {}", directory, error.message()));
  // A CometBFT that was killed leaves its socket behind, and the next one would not start over it.
  std::filesystem::remove(rpc_socket(), error);
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  // CometBFT that was killed leaves its socket behind, and does not start over one.
  std::filesystem::remove(rpc_socket(), error);
  ASSIGN_OR_RETURN(const std::string genesis_json, genesis_text(genesis));
  TRY(consensus::write(directory + "/config/genesis.json", genesis_json));
  TRY(consensus::write(directory + "/config/config.toml", config_text(*this)));
  const Json validator = {{"address", upper(node_id(engine_key.public_key()))},
                          {"pub_key", public_key_json(engine_key.public_key())},
                          {"priv_key", private_key_json(engine_key)}};
  TRY(consensus::write(directory + "/config/priv_validator_key.json", validator.dump()));
  TRY(consensus::write(directory + "/config/node_key.json", Json{{"priv_key", private_key_json(engine_key)}}.dump()));
  const std::string state = directory + "/data/priv_validator_state.json";
  if (!std::filesystem::exists(state, error)) {
    TRY(consensus::write(state, R"({"height":"0","round":0,"step":0})"));
  }
  return {};
}

}  // namespace chancery::consensus
