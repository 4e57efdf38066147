#pragma once
// An organisation's part of the ceremony that makes a network of several: its own directory with its own keys, the file
// about it that the founder gets, and the directory as a node once the invitation has come back.

#include <cstdint>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "node/peers/invitation.h"
#include "node/peers/organisation_file.h"

namespace chancery::cli {

struct OrganisationPlan {
  std::string id;
  std::string name_zh;
  std::string name_en;
  std::string uscc;
  std::string node;           ///< empty: "<id>-1"
  std::string administrator;  ///< empty: "<id>-admin"
  std::string suite = "gm";
  std::string address;         ///< "host:port" for the other nodes
  std::string engine_address;  ///< "host:port" for their engines
};

inline std::string organisation_path(const std::string& directory) {
  return directory + "/organisation.json";
}

/// Makes what is missing of the keys (node, log, engine, TLS root, administrator) below `directory`, and its
/// organisation.json. An organisation.json of the same directory is kept: kAlreadyExists when it says something else.
Result<node::OrganisationFile> make_organisation(const std::string& directory, const OrganisationPlan& plan,
                                                 std::string_view passphrase, std::int64_t now_ms, Random& random);

/// The organisation.json of a directory, its signature checked.
Result<node::OrganisationFile> read_organisation(const std::string& directory);

/// Turns the directory into a node of the invited network: TLS identity, peers.json, trust.json, and last genesis.json.
/// kAlreadyExists when it is a node already, kProofUntrusted when the invitation holds another file of this
/// organisation than its own directory, kForbidden for a wrong passphrase.
Status join_network(const std::string& directory, const node::Invitation& invitation, std::string_view passphrase,
                    std::int64_t now_ms, Random& random);

/// Lets an organisation's node that is no validator talk to the node of `directory`: adds it to peers.json, which a
/// running node takes up by itself. kAlreadyExists when a peer of its name has another root or address.
Status admit_observer(const std::string& directory, const node::OrganisationFile& observer);

/// Turns the organisation's directory into a node that observes a network: TLS identity, trust.json, peers.json with
/// the peers of a member's list and itself, and last genesis.json. kAlreadyExists when it is a node already,
/// kWrongNetwork when list and genesis don't belong together, kConflict when the genesis names it a validator.
Status observe_network(const std::string& directory, const ledger::Genesis& genesis, node::PeerList peers,
                       std::string_view passphrase, std::int64_t now_ms, Random& random);

}  // namespace chancery::cli
