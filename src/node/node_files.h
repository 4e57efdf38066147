#pragma once
// Where a node's own files lie in its directory (node.h).

#include <string>

namespace chancery::node {

/// Signs checkpoints with the network's suite.
inline std::string node_key_path(const std::string& directory) {
  return directory + "/keys/node.p8";
}
/// Ed25519: signs the same checkpoints for C2SP log clients.
inline std::string node_log_key_path(const std::string& directory) {
  return directory + "/keys/node-log.p8";
}
/// Ed25519: votes in the consensus engine and names the node to its peers' engines.
inline std::string engine_key_path(const std::string& directory) {
  return directory + "/keys/engine.p8";
}
/// The consensus engine's own directory.
inline std::string engine_home(const std::string& directory) {
  return directory + "/engine";
}
inline std::string genesis_path(const std::string& directory) {
  return directory + "/genesis.json";
}
inline std::string trust_path(const std::string& directory) {
  return directory + "/trust.json";
}
inline std::string store_path(const std::string& directory) {
  return directory + "/store";
}
/// Evidence of validators that signed another checkpoint than this node's, a file each
/// (ledger/conflicting_checkpoints.h).
inline std::string conflicts_directory(const std::string& directory) {
  return directory + "/conflicts";
}
/// For nodes that join, one directory a height.
inline std::string snapshots_path(const std::string& directory) {
  return directory + "/snapshots";
}
inline std::string signed_state_path(const std::string& directory) {
  return directory + "/signed";
}

}  // namespace chancery::node
