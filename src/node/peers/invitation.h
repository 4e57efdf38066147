#pragma once
// The second file of the ceremony: the founder combines the organisations' files into a genesis and hands it to each
// of them, with all the files, signed. Nothing in it is secret, and nothing in it has to be believed: a joiner makes
// the genesis again from the same files and compares.
//   { "format": "chancery-invitation-v1", "founder": "mawei",
//     "plan": { "name": "mawei-net", "origin": "chancery.example/mawei-net", "suite": "gm", "created_ms": 1790000000000
//     }, "genesis": {...}, "organisations": [ {...}, ... ], "signature": "<hex>" }
// The founder's node key signs domain_hash(SHA-256, "chancery/invitation/1", {network id, founder}).

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ledger/genesis.h"
#include "node/peers/organisation_file.h"
#include "node/peers/peer_list.h"

namespace chancery::node {

struct InvitationPlan {
  std::string name;    ///< of the network, 1 to 64 characters
  std::string origin;  ///< first line of its checkpoints
  std::string suite;   ///< "gm" or "intl"
  std::int64_t created_ms = 0;
};

/// The genesis as canonical function of its inputs: a validator of power 1 for each file, in ascending order of their
/// ids whatever order they come in; organisations and administrators (org_admin, the founder's also network_admin).
/// kInvalidValue when two files share an id, a node name, an address or a key, when a node's key is not of the suite,
/// or the founder is none of them.
Result<ledger::Genesis> combine(const InvitationPlan& plan, const std::string& founder,
                                const std::vector<OrganisationFile>& organisations);

class Invitation {
 public:
  static Result<Invitation> make(const InvitationPlan& plan, const std::string& founder,
                                 std::vector<OrganisationFile> organisations, const crypto::PrivateKey& founder_key);
  /// At most 16 MiB. Everything is checked: each file's signature, the founder's, and that the genesis is what the
  /// files make. kBadSignature, kProofInvalid (another genesis), kInvalidValue.
  static Result<Invitation> parse(std::string_view json_text);

  const ledger::Genesis& genesis() const { return genesis_; }
  const std::string& founder() const { return founder_; }
  const std::vector<OrganisationFile>& organisations() const { return organisations_; }  ///< ascending by id
  std::string to_json() const;

  /// The file of that organisation; null when it was not invited.
  const OrganisationFile* find(std::string_view organisation) const;
  /// peers.json as the node of that organisation has it. kNotFound when it was not invited.
  Result<PeerList> peers_of(std::string_view organisation) const;

 private:
  Invitation() = default;
  InvitationPlan plan_;
  std::string founder_;
  std::vector<OrganisationFile> organisations_;
  ledger::Genesis genesis_;
  crypto::Signature signature_{};
};

}  // namespace chancery::node
