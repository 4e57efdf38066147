#pragma once
// Making a node's directory: its keys, the accounts of its network, the genesis, the trust file.

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/random.h"
#include "base/result.h"
#include "cli/demo/sample.h"
#include "crypto/suite.h"
#include "ledger/genesis.h"

namespace chancery::cli {

struct AccountPlan {
  std::string id;
  std::string kind;  ///< "member", "service"
  std::string organisation;
  std::vector<std::string> roles;  ///< held in `organisation`
};

struct NetworkPlan {
  std::string name;
  std::string origin;
  std::string suite = "gm";
  std::int64_t created_ms = 0;
  demo::Office operator_office;       ///< runs the node
  std::vector<demo::Office> offices;  ///< the other organisations; their clerks are ignored here
  std::vector<AccountPlan> accounts;  ///< each gets a key of the suite in keys/<id>.p8
  std::vector<demo::CertificateType> types;
};

/// The sample of Mawei Xingang as a network.
NetworkPlan plan_of_sample(const demo::Sample& sample, std::string_view suite, std::int64_t now_ms);

struct Passphrases {
  std::string node;     ///< opens the node's own keys
  std::string members;  ///< opens the accounts' keys
};

struct MadeNetwork {
  Digest network_id{};
  std::string genesis_path;
  std::string trust_path;
};

/// Writes keys/, genesis.json and trust.json below `directory`. kAlreadyExists when there is a genesis. The genesis is
/// written last: a directory without one was left by a crash and may be made again.
Result<MadeNetwork> make_network(const std::string& directory, const NetworkPlan& plan, const Passphrases& passphrases,
                                 Random& random);

/// "<network>/<organisation>": the key name in checkpoint signatures, and the node's name among its peers.
std::string validator_name(const NetworkPlan& plan, const std::string& organisation);

/// Where one organisation's node of a network of several lives.
struct NodePlace {
  std::string organisation;  ///< its id in the plan
  std::string directory;
  std::string peer_address;    ///< "host:port" for the other nodes
  std::string engine_address;  ///< "host:port" for the other nodes' engines
};

/// Several nodes on one machine that is trusted with all of their keys: a demonstration, a rehearsal, a test. Writes
/// each directory as make_network does, with peers.json and the TLS identity besides.
Result<MadeNetwork> make_consortium(const std::vector<NodePlace>& places, const NetworkPlan& plan,
                                    const Passphrases& passphrases, Random& random);

}  // namespace chancery::cli
