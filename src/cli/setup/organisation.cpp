#include "cli/setup/organisation.h"

#include "cli/files.h"
#include "cli/key_files.h"
#include "crypto/suite.h"
#include "node/node_files.h"
#include "node/peers/certificates.h"

namespace chancery::cli {
namespace {

constexpr std::size_t kOrganisationLimit_bytes = 128U << 10;
constexpr std::size_t kPeersLimit_bytes = 4U << 20;

/// Opens each of the directory's own keys, as the file names them: a passphrase or key that is wrong shows now.
Status check_keys(const std::string& directory, const node::OrganisationFacts& facts, std::string_view passphrase) {
  const std::pair<std::string, const crypto::PublicKey*> keys[] = {
      {node::node_key_path(directory), &facts.key},
      {node::node_log_key_path(directory), &facts.log_key},
      {node::engine_key_path(directory), &facts.engine_key},
      {node::tls_root_key_path(directory), &facts.tls_root.public_key()}};
  for (const auto& [path, expected] : keys) {
    ASSIGN_OR_RETURN(const std::string pem, read_text(path));
    ASSIGN_OR_RETURN(const crypto::PrivateKey key, crypto::PrivateKey::from_pkcs8_pem(pem, passphrase));
    if (key.public_key() != *expected) {
      return fail(Reason::kProofUntrusted, path + " is not the key that organisation.json names",
                  path + " 与 organisation.json 所载公钥不符");
    }
  }
  return {};
}

bool same_plan(const node::OrganisationFacts& facts, const OrganisationPlan& plan) {
  return facts.id == plan.id && facts.name_zh == plan.name_zh && facts.name_en == plan.name_en &&
         facts.uscc == plan.uscc && facts.address == plan.address && facts.engine_address == plan.engine_address;
}

/// The last step of every way into a network; genesis.json, which makes the directory a node, is written last.
Status become_node(const std::string& directory, const node::OrganisationFacts& facts, const ledger::Genesis& genesis,
                   node::PeerList peers, std::string_view passphrase, std::int64_t now_ms, Random& random) {
  ASSIGN_OR_RETURN(auto tls_key, ensure_key(node::tls_root_key_path(directory),
                                            crypto::SignatureAlgorithm::kEcdsaP256Sha256, passphrase, random));
  ASSIGN_OR_RETURN(const auto authority, crypto::CertificateAuthority::open(facts.tls_root, std::move(tls_key)));
  ASSIGN_OR_RETURN(const node::NodeIdentity identity, node::issue_identity(authority, genesis.network_id, peers.own(),
                                                                           now_ms, node::kNodeValidityDays, random));
  TRY(node::save_identity(directory, identity, passphrase, random));
  for (node::Peer& peer : peers.peers) {
    if (peer.name == peers.own_name) peer.certificate = identity.certificate;
  }
  TRY(write_file(node::peers_path(directory), as_bytes(peers.to_json()), Overwrite::kAllow, Access::kEverybody));
  TRY(write_file(node::trust_path(directory), as_bytes(ledger::TrustFile::of(genesis).to_json()), Overwrite::kAllow,
                 Access::kEverybody));
  return write_file(node::genesis_path(directory), as_bytes(genesis.document.dump(2) + "\n"), Overwrite::kRefuse,
                    Access::kEverybody);
}

}  // namespace

Result<node::OrganisationFile> read_organisation(const std::string& directory) {
  ASSIGN_OR_RETURN(const std::string text, read_text(organisation_path(directory), kOrganisationLimit_bytes));
  return node::OrganisationFile::parse(text);
}

Result<node::OrganisationFile> make_organisation(const std::string& directory, const OrganisationPlan& plan,
                                                 std::string_view passphrase, std::int64_t now_ms, Random& random) {
  using crypto::SignatureAlgorithm;
  if (exists(organisation_path(directory))) {
    ASSIGN_OR_RETURN(node::OrganisationFile made, read_organisation(directory));
    if (same_plan(made.facts(), plan)) return made;
    return fail(Reason::kAlreadyExists, directory + " holds an organisation already, with other facts",
                directory + " 中已有机构文件，且内容不同");
  }
  const crypto::Suite* const suite = crypto::suite_by_name(plan.suite);
  if (suite == nullptr) return fail(Reason::kInvalidValue, "a suite is gm or intl", "算法套件应为 gm 或 intl");
  const std::string administrator = plan.administrator.empty() ? plan.id + "-admin" : plan.administrator;
  if (!is_account_name(administrator)) {
    return fail(Reason::kInvalidValue, "an account name has 1 to 64 of [a-z0-9._-]",
                "账户名应为 1 至 64 个 [a-z0-9._-]");
  }
  TRY(make_directories(directory + "/keys", Access::kOwnerOnly));
  const auto key = [&](const std::string& path, SignatureAlgorithm algorithm) {
    return ensure_key(path, algorithm, passphrase, random);
  };
  ASSIGN_OR_RETURN(const auto node_key, key(node::node_key_path(directory), suite->signature));
  ASSIGN_OR_RETURN(const auto log_key, key(node::node_log_key_path(directory), SignatureAlgorithm::kEd25519));
  ASSIGN_OR_RETURN(const auto engine_key, key(node::engine_key_path(directory), SignatureAlgorithm::kEd25519));
  ASSIGN_OR_RETURN(auto tls_key, key(node::tls_root_key_path(directory), SignatureAlgorithm::kEcdsaP256Sha256));
  ASSIGN_OR_RETURN(const auto administrator_key,
                   key(key_file_path(directory + "/keys", administrator), suite->signature));
  ASSIGN_OR_RETURN(const auto authority, node::create_tls_root(plan.id, std::move(tls_key), now_ms, random));
  ASSIGN_OR_RETURN(node::OrganisationFile made,
                   node::OrganisationFile::sign(
                       {plan.id, plan.name_zh, plan.name_en, plan.uscc, plan.node.empty() ? plan.id + "-1" : plan.node,
                        node_key.public_key(), log_key.public_key(), engine_key.public_key(), authority.root(),
                        plan.address, plan.engine_address, administrator, administrator_key.public_key()},
                       node_key));
  TRY(write_file(organisation_path(directory), as_bytes(made.to_json()), Overwrite::kRefuse, Access::kEverybody));
  return made;
}

Status join_network(const std::string& directory, const node::Invitation& invitation, std::string_view passphrase,
                    std::int64_t now_ms, Random& random) {
  if (exists(node::genesis_path(directory))) {
    return fail(Reason::kAlreadyExists, directory + " holds a node already", directory + " 中已有节点");
  }
  ASSIGN_OR_RETURN(const node::OrganisationFile own, read_organisation(directory));
  const node::OrganisationFacts& facts = own.facts();
  ASSIGN_OR_RETURN(node::PeerList peers, invitation.peers_of(facts.id));
  if (invitation.find(facts.id)->fingerprint() != own.fingerprint()) {
    return fail(Reason::kProofUntrusted, "the invitation holds another file of " + facts.id + " than this directory",
                "邀请文件中 " + facts.id + " 的机构文件与本目录不同");
  }
  TRY(check_keys(directory, facts, passphrase));
  return become_node(directory, facts, invitation.genesis(), std::move(peers), passphrase, now_ms, random);
}

Status admit_observer(const std::string& directory, const node::OrganisationFile& observer) {
  const node::OrganisationFacts& facts = observer.facts();
  ASSIGN_OR_RETURN(const std::string text, read_text(node::peers_path(directory), kPeersLimit_bytes));
  ASSIGN_OR_RETURN(node::PeerList peers, node::PeerList::parse(text));
  if (const node::Peer* known = peers.find(facts.node)) {
    if (known->root == facts.tls_root && known->address == facts.address) return {};
    return fail(Reason::kAlreadyExists, "peers.json holds another node named " + facts.node,
                "peers.json 中已有同名的另一节点 " + facts.node);
  }
  peers.peers.push_back({facts.node, facts.id, facts.address, facts.engine_address, facts.tls_root});
  return write_file(node::peers_path(directory), as_bytes(peers.to_json()), Overwrite::kAllow, Access::kEverybody);
}

Status observe_network(const std::string& directory, const ledger::Genesis& genesis, node::PeerList peers,
                       std::string_view passphrase, std::int64_t now_ms, Random& random) {
  if (exists(node::genesis_path(directory))) {
    return fail(Reason::kAlreadyExists, directory + " holds a node already", directory + " 中已有节点");
  }
  ASSIGN_OR_RETURN(const node::OrganisationFile own, read_organisation(directory));
  const node::OrganisationFacts& facts = own.facts();
  if (peers.network_id != genesis.network_id) {
    return fail(Reason::kWrongNetwork, "the list of peers is of another network than the genesis",
                "节点列表与创世文件属于不同的网络");
  }
  for (const ledger::Validator& validator : genesis.validators) {
    if (validator.name != facts.node && validator.key != facts.key) continue;
    return fail(Reason::kConflict, "the genesis names this organisation's node a validator: join by the invitation",
                "创世文件已将本节点列为验证者：请用邀请文件加入");
  }
  TRY(check_keys(directory, facts, passphrase));
  peers.own_name = facts.node;
  std::erase_if(peers.peers, [&](const node::Peer& peer) { return peer.name == facts.node; });
  peers.peers.push_back({facts.node, facts.id, facts.address, facts.engine_address, facts.tls_root});
  return become_node(directory, facts, genesis, std::move(peers), passphrase, now_ms, random);
}

}  // namespace chancery::cli
