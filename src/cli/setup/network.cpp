#include "cli/setup/network.h"

#include <algorithm>
#include <functional>

#include "cli/files.h"
#include "cli/key_files.h"
#include "contracts/governance/default_constitution.h"
#include "contracts/identity/default_permissions.h"
#include "node/node_files.h"
#include "node/peers/certificates.h"
#include "node/peers/peer_list.h"

namespace chancery::cli {
namespace {

/// Accounts of people that were checked in person with a qualified document.
constexpr int kAssuranceOfMembers = 4;

Json organisation_json(const demo::Office& office) {
  Json out = {{"id", office.id}, {"name_zh", office.name_zh}, {"name_en", office.name_en}};
  if (!office.uscc.empty()) out["uscc"] = office.uscc;
  return out;
}

Json account_json(const AccountPlan& plan, const crypto::PublicKey& key) {
  Json roles = Json::array();
  for (const std::string& role : plan.roles) roles.push_back({{"role", role}, {"organisation", plan.organisation}});
  return {{"id", plan.id},
          {"kind", plan.kind},
          {"organisation", plan.organisation},
          {"assurance", kAssuranceOfMembers},
          {"keys", Json::array({{{"algorithm", crypto::to_string(key.algorithm)}, {"public_key", to_hex(key.bytes)}}})},
          {"roles", roles}};
}

Result<Json> type_json(const demo::CertificateType& type) {
  ASSIGN_OR_RETURN(const Json schema, parse_json(type.schema));
  return Json{{"id", type.id},
              {"name_zh", type.name_zh},
              {"name_en", type.name_en},
              {"issuers", type.issuers},
              {"schema", schema},
              {"vct", type.vct},
              {"id_scheme", type.id_scheme},
              {"gbt_type_code", type.gbt_type_code},
              {"retention", type.retention},
              {"validity", {{"default_days", type.default_validity_days}}}};
}

Result<crypto::PublicKey> make_key(const std::string& path, crypto::SignatureAlgorithm algorithm,
                                   std::string_view passphrase, Random& random) {
  ASSIGN_OR_RETURN(const crypto::PrivateKey key, ensure_key(path, algorithm, passphrase, random));
  return key.public_key();
}

Result<Json> validator_json(const std::string& directory, const NetworkPlan& plan, const std::string& organisation,
                            const crypto::Suite& suite, std::string_view passphrase, Random& random) {
  ASSIGN_OR_RETURN(const crypto::PublicKey key,
                   make_key(node::node_key_path(directory), suite.signature, passphrase, random));
  ASSIGN_OR_RETURN(const crypto::PublicKey log_key, make_key(node::node_log_key_path(directory),
                                                             crypto::SignatureAlgorithm::kEd25519, passphrase, random));
  return Json{{"name", validator_name(plan, organisation)},
              {"organisation", organisation},
              {"power", 1},
              {"algorithm", crypto::to_string(key.algorithm)},
              {"public_key", to_hex(key.bytes)},
              {"log_key", to_hex(log_key.bytes)}};
}

Result<crypto::CertificateAuthority> make_tls_root(const NodePlace& place, std::int64_t now_ms,
                                                   std::string_view passphrase, Random& random) {
  ASSIGN_OR_RETURN(auto key, ensure_key(node::tls_root_key_path(place.directory),
                                        crypto::SignatureAlgorithm::kEcdsaP256Sha256, passphrase, random));
  return node::create_tls_root(place.organisation, std::move(key), now_ms, random);
}

}  // namespace

NetworkPlan plan_of_sample(const demo::Sample& sample, std::string_view suite, std::int64_t now_ms) {
  NetworkPlan plan;
  plan.name = sample.network_name;
  plan.origin = sample.origin;
  plan.suite = suite;
  plan.created_ms = now_ms;
  plan.operator_office = sample.operator_office;
  plan.offices = sample.offices;
  plan.types = sample.types;
  plan.accounts.push_back({sample.administrator, "member", sample.operator_office.id, {"network_admin", "org_admin"}});
  for (const demo::Office& office : sample.offices) {
    for (const demo::Clerk& clerk : office.clerks) {
      plan.accounts.push_back({clerk.account, "member", office.id, clerk.roles});
    }
  }
  return plan;
}

std::string validator_name(const NetworkPlan& plan, const std::string& organisation) {
  return plan.name + "/" + organisation;
}

namespace {

/// Accounts with their keys made in keys/ of the directory that `directory_of` names for their organisation.
Result<Json> accounts_json(const NetworkPlan& plan, const crypto::Suite& suite, std::string_view passphrase,
                           const std::function<std::string(const std::string& organisation)>& directory_of,
                           Random& random) {
  Json out = Json::array();
  for (const AccountPlan& account : plan.accounts) {
    ASSIGN_OR_RETURN(const crypto::PublicKey key,
                     make_key(key_file_path(directory_of(account.organisation) + "/keys", account.id), suite.signature,
                              passphrase, random));
    out.push_back(account_json(account, key));
  }
  return out;
}

/// The organisations that run validators govern together, without delays, so that everything can be tried. Where there
/// is only one, its administrator may also act without a vote.
Json governance_json(const Json& validators) {
  contracts::governance::ConstitutionPlan plan;
  plan.delay_ms = 0;
  for (const Json& validator : validators) plan.council.push_back(validator.at("organisation").get<std::string>());
  plan.reserve_network_matters = plan.council.size() > 1;
  return contracts::governance::default_governance(plan);
}

contracts::identity::Operator operator_of(const Json& validators) {
  using contracts::identity::Operator;
  return validators.size() > 1 ? Operator::kAmongEquals : Operator::kOverAll;
}

Result<std::string> genesis_text(const NetworkPlan& plan, const Json& validators, const Json& accounts) {
  Json organisations = Json::array({organisation_json(plan.operator_office)});
  for (const demo::Office& office : plan.offices) organisations.push_back(organisation_json(office));
  Json types = Json::array();
  for (const demo::CertificateType& type : plan.types) {
    ASSIGN_OR_RETURN(Json one, type_json(type));
    types.push_back(std::move(one));
  }
  const Json genesis = {
      {"format", "chancery-genesis-v1"},
      {"name", plan.name},
      {"suite", plan.suite},
      {"created_ms", plan.created_ms},
      {"origin", plan.origin},
      {"parameters",
       {{"window_ms", 120'000},
        {"block_transactions", 5'000},
        {"block_wait_ms", 10},
        {"algorithms", {"sm2-sm3", "ed25519", "ecdsa-p256-sha256"}}}},
      {"validators", validators},
      {"contracts",
       {{"identity",
         {{"organisations", organisations},
          {"accounts", accounts},
          {"permissions", contracts::identity::default_permissions(plan.operator_office.id, operator_of(validators))}}},
        {"governance", governance_json(validators)},
        {"credential", {{"types", types}}}}}};
  return genesis.dump(2) + "\n";
}

/// Trust file first, genesis last: a directory without a genesis is unfinished and may be made again.
Result<MadeNetwork> write_genesis(const std::string& directory, const std::string& text) {
  MadeNetwork made{{}, node::genesis_path(directory), node::trust_path(directory)};
  ASSIGN_OR_RETURN(const ledger::Genesis genesis, ledger::Genesis::parse(text));
  made.network_id = genesis.network_id;
  TRY(write_file(made.trust_path, as_bytes(ledger::TrustFile::of(genesis).to_json()), Overwrite::kAllow,
                 Access::kEverybody));
  TRY(write_file(made.genesis_path, as_bytes(text), Overwrite::kRefuse, Access::kEverybody));
  return made;
}

Result<const crypto::Suite*> suite_of(const NetworkPlan& plan) {
  const crypto::Suite* const suite = crypto::suite_by_name(plan.suite);
  if (suite == nullptr) return fail(Reason::kInvalidValue, "a suite is gm or intl", "算法套件应为 gm 或 intl");
  return suite;
}

Status refuse_existing(const std::string& directory) {
  if (!exists(node::genesis_path(directory))) return {};
  return fail(Reason::kAlreadyExists, directory + " holds a node already", directory + " 中已有节点");
}

}  // namespace

Result<MadeNetwork> make_network(const std::string& directory, const NetworkPlan& plan, const Passphrases& passphrases,
                                 Random& random) {
  ASSIGN_OR_RETURN(const crypto::Suite* suite, suite_of(plan));
  TRY(refuse_existing(directory));
  TRY(make_directories(directory + "/keys", Access::kOwnerOnly));
  ASSIGN_OR_RETURN(const Json validator,
                   validator_json(directory, plan, plan.operator_office.id, *suite, passphrases.node, random));
  ASSIGN_OR_RETURN(const Json accounts,
                   accounts_json(plan, *suite, passphrases.members, [&](const auto&) { return directory; }, random));
  ASSIGN_OR_RETURN(const std::string text, genesis_text(plan, Json::array({validator}), accounts));
  return write_genesis(directory, text);
}

Result<MadeNetwork> make_consortium(const std::vector<NodePlace>& places, const NetworkPlan& plan,
                                    const Passphrases& passphrases, Random& random) {
  ASSIGN_OR_RETURN(const crypto::Suite* suite, suite_of(plan));
  Json validators = Json::array();
  node::PeerList peers;
  std::vector<crypto::CertificateAuthority> authorities;
  for (const NodePlace& place : places) {
    TRY(refuse_existing(place.directory));
    TRY(make_directories(place.directory + "/keys", Access::kOwnerOnly));
    ASSIGN_OR_RETURN(Json validator,
                     validator_json(place.directory, plan, place.organisation, *suite, passphrases.node, random));
    ASSIGN_OR_RETURN(const crypto::PublicKey engine_key,
                     make_key(node::engine_key_path(place.directory), crypto::SignatureAlgorithm::kEd25519,
                              passphrases.node, random));
    validator["engine_key"] = to_hex(engine_key.bytes);
    validators.push_back(std::move(validator));
    ASSIGN_OR_RETURN(auto authority, make_tls_root(place, plan.created_ms, passphrases.node, random));
    peers.peers.push_back({validator_name(plan, place.organisation), place.organisation, place.peer_address,
                           place.engine_address, authority.root()});
    authorities.push_back(std::move(authority));
  }
  const auto directory_of = [&](const std::string& organisation) {
    const auto found = std::ranges::find(places, organisation, &NodePlace::organisation);
    return found == places.end() ? places.front().directory : found->directory;
  };
  ASSIGN_OR_RETURN(const Json accounts, accounts_json(plan, *suite, passphrases.members, directory_of, random));
  ASSIGN_OR_RETURN(const std::string text, genesis_text(plan, validators, accounts));
  ASSIGN_OR_RETURN(const ledger::Genesis genesis, ledger::Genesis::parse(text));
  peers.network_id = genesis.network_id;
  for (std::size_t i = 0; i < places.size(); ++i) {
    ASSIGN_OR_RETURN(const node::NodeIdentity identity,
                     node::issue_identity(authorities[i], genesis.network_id, peers.peers[i], plan.created_ms,
                                          node::kNodeValidityDays, random));
    TRY(node::save_identity(places[i].directory, identity, passphrases.node, random));
    peers.peers[i].certificate = identity.certificate;
  }
  MadeNetwork made;
  for (std::size_t i = 0; i < places.size(); ++i) {
    peers.own_name = peers.peers[i].name;
    const std::string list = peers.to_json();
    TRY(write_file(node::peers_path(places[i].directory), as_bytes(list), Overwrite::kAllow, Access::kEverybody));
    ASSIGN_OR_RETURN(made, write_genesis(places[i].directory, text));
  }
  return made;
}

}  // namespace chancery::cli
