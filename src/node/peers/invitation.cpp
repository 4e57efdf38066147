#include "node/peers/invitation.h"

#include <algorithm>
#include <map>

#include "base/json.h"
#include "base/json_reader.h"
#include "contracts/governance/default_constitution.h"
#include "contracts/identity/default_permissions.h"
#include "crypto/suite.h"

namespace chancery::node {

namespace {

constexpr std::string_view kFormat = "chancery-invitation-v1";
constexpr std::string_view kDomain = "chancery/invitation/1";
constexpr JsonLimits kLimits{.max_bytes = 16U << 20, .max_depth = 32, .interoperable_numbers = true};
constexpr std::size_t kMostOrganisations = 100;
/// Accounts of people that were checked in person with a qualified document.
constexpr int kAssuranceOfAdministrators = 4;

Json organisation_json(const OrganisationFacts& facts) {
  Json out = {{"id", facts.id}, {"name_zh", facts.name_zh}, {"name_en", facts.name_en}};
  if (!facts.uscc.empty()) out["uscc"] = facts.uscc;
  return out;
}

Json administrator_json(const OrganisationFacts& facts, bool founder) {
  Json roles = Json::array({{{"role", "org_admin"}, {"organisation", facts.id}}});
  if (founder) roles.push_back({{"role", "network_admin"}, {"organisation", facts.id}});
  const crypto::PublicKey& key = facts.administrator_key;
  return {{"id", facts.administrator},
          {"kind", "member"},
          {"organisation", facts.id},
          {"assurance", kAssuranceOfAdministrators},
          {"keys", Json::array({{{"algorithm", crypto::to_string(key.algorithm)}, {"public_key", to_hex(key.bytes)}}})},
          {"roles", roles}};
}

Json validator_json(const OrganisationFacts& facts) {
  return {{"name", facts.node},
          {"organisation", facts.id},
          {"power", 1},
          {"algorithm", crypto::to_string(facts.key.algorithm)},
          {"public_key", to_hex(facts.key.bytes)},
          {"log_key", to_hex(facts.log_key.bytes)},
          {"engine_key", to_hex(facts.engine_key.bytes)}};
}

/// Whatever names or proves an organisation belongs to one alone: a copied key would vote twice.
Status refuse_sharing(const std::vector<OrganisationFile>& organisations) {
  std::map<std::string, std::string> owner;
  for (const OrganisationFile& file : organisations) {
    const OrganisationFacts& facts = file.facts();
    for (const std::string& mark :
         {"id " + facts.id, "node " + facts.node, "address " + facts.address, "address " + facts.engine_address,
          "account " + facts.administrator, "key " + to_hex(facts.key.bytes), "key " + to_hex(facts.log_key.bytes),
          "key " + to_hex(facts.engine_key.bytes), "key " + to_hex(facts.administrator_key.bytes),
          "key " + to_hex(facts.tls_root.public_key().bytes)}) {
      const auto [at, fresh] = owner.emplace(mark, facts.id);
      if (!fresh) {
        return fail(Reason::kInvalidValue, mark + " occurs twice, with " + at->second + " and with " + facts.id,
                    mark + " 出现两次：" + at->second + " 与 " + facts.id);
      }
    }
  }
  return {};
}

/// The founder stands above nobody: what concerns all of them they decide together.
Json permissions_json(const std::string& founder, std::size_t organisations) {
  using contracts::identity::Operator;
  return contracts::identity::default_permissions(founder,
                                                  organisations > 1 ? Operator::kAmongEquals : Operator::kOverAll);
}

Json governance_json(const std::vector<OrganisationFile>& organisations) {
  contracts::governance::ConstitutionPlan plan;
  for (const OrganisationFile& file : organisations) plan.council.push_back(file.facts().id);
  plan.reserve_network_matters = plan.council.size() > 1;
  return contracts::governance::default_governance(plan);
}

bool by_id(const OrganisationFile& a, const OrganisationFile& b) {
  return a.facts().id < b.facts().id;
}

Digest signed_digest(const ledger::Genesis& genesis, const std::string& founder) {
  return crypto::domain_hash(crypto::HashAlgorithm::kSha256, kDomain, {genesis.network_id, as_bytes(founder)});
}

Result<InvitationPlan> read_plan(JsonReader reader) {
  InvitationPlan out;
  ASSIGN_OR_RETURN(out.name, reader.required_string("name", 64, 1));
  ASSIGN_OR_RETURN(out.origin, reader.required_string("origin", 128, 1));
  ASSIGN_OR_RETURN(out.suite, reader.required_string("suite", 16));
  ASSIGN_OR_RETURN(out.created_ms, reader.required_integer("created_ms", 0, 253'402'300'799'000));
  TRY(reader.refuse_unknown_members());
  return out;
}

Result<std::vector<OrganisationFile>> read_organisations(JsonReader& reader) {
  ASSIGN_OR_RETURN(const Json* list, reader.required_any("organisations"));
  if (!list->is_array() || list->size() > kMostOrganisations) {
    return reader.refuse("organisations", "must be a list of at most 100");
  }
  std::vector<OrganisationFile> out;
  for (const Json& one : *list) {
    ASSIGN_OR_RETURN(OrganisationFile file, OrganisationFile::parse(one.dump()));
    out.push_back(std::move(file));
  }
  return out;
}

}  // namespace

Result<ledger::Genesis> combine(const InvitationPlan& plan, const std::string& founder,
                                const std::vector<OrganisationFile>& organisations) {
  const crypto::Suite* const suite = crypto::suite_by_name(plan.suite);
  if (suite == nullptr) return fail(Reason::kInvalidValue, "a suite is gm or intl", "算法套件应为 gm 或 intl");
  TRY(refuse_sharing(organisations));
  std::vector<OrganisationFile> sorted = organisations;
  std::ranges::sort(sorted, by_id);
  Json validators = Json::array();
  Json members = Json::array();
  Json accounts = Json::array();
  contracts::governance::ConstitutionPlan governance;
  bool founder_found = false;
  for (const OrganisationFile& file : sorted) {
    const OrganisationFacts& facts = file.facts();
    if (facts.key.algorithm != suite->signature) {
      return fail(Reason::kInvalidValue, "the node key of " + facts.id + " is not of the suite " + plan.suite,
                  facts.id + " 的节点密钥不属于套件 " + plan.suite);
    }
    const bool founds = facts.id == founder;
    founder_found = founder_found || founds;
    validators.push_back(validator_json(facts));
    members.push_back(organisation_json(facts));
    accounts.push_back(administrator_json(facts, founds));
    governance.council.push_back(facts.id);
  }
  if (!founder_found) {
    return fail(Reason::kInvalidValue, "the founder " + founder + " has no organisation file",
                "缺少发起机构 " + founder + " 的机构文件");
  }
  const Json parameters = {{"window_ms", 120'000},
                           {"block_transactions", 5'000},
                           {"block_wait_ms", 10},
                           {"algorithms", {"sm2-sm3", "ed25519", "ecdsa-p256-sha256"}}};
  const Json identity = {
      {"organisations", members}, {"accounts", accounts}, {"permissions", permissions_json(founder, sorted.size())}};
  const Json genesis = {
      {"format", "chancery-genesis-v1"},
      {"name", plan.name},
      {"suite", plan.suite},
      {"created_ms", plan.created_ms},
      {"origin", plan.origin},
      {"parameters", parameters},
      {"validators", validators},
      {"contracts",
       {{"identity", identity}, {"governance", governance_json(sorted)}, {"credential", {{"types", Json::array()}}}}}};
  return ledger::Genesis::parse(genesis.dump());
}

Result<Invitation> Invitation::make(const InvitationPlan& plan, const std::string& founder,
                                    std::vector<OrganisationFile> organisations,
                                    const crypto::PrivateKey& founder_key) {
  Invitation out;
  out.plan_ = plan;
  out.founder_ = founder;
  out.organisations_ = std::move(organisations);
  std::ranges::sort(out.organisations_, by_id);
  ASSIGN_OR_RETURN(out.genesis_, combine(plan, founder, out.organisations_));
  if (out.find(founder)->facts().key != founder_key.public_key()) {
    return fail(Reason::kInvalidValue, "an invitation is signed by the node key of its founder",
                "邀请文件须由发起机构的节点密钥签名");
  }
  ASSIGN_OR_RETURN(out.signature_, founder_key.sign(signed_digest(out.genesis_, founder)));
  return out;
}

Result<Invitation> Invitation::parse(std::string_view json_text) {
  ASSIGN_OR_RETURN(const Json document, parse_json(json_text, kLimits));
  JsonReader reader(document);
  ASSIGN_OR_RETURN(const std::string format, reader.required_string("format", 64));
  if (format != kFormat) return reader.refuse("format", "must be chancery-invitation-v1");
  Invitation out;
  ASSIGN_OR_RETURN(out.founder_, reader.required_string("founder", 32, 1));
  ASSIGN_OR_RETURN(const JsonReader plan, reader.required_object("plan"));
  ASSIGN_OR_RETURN(out.plan_, read_plan(plan));
  ASSIGN_OR_RETURN(const Json* genesis, reader.required_any("genesis"));
  ASSIGN_OR_RETURN(out.organisations_, read_organisations(reader));
  ASSIGN_OR_RETURN(const Bytes signature, reader.required_hex("signature", 64));
  TRY(reader.refuse_unknown_members());
  std::ranges::sort(out.organisations_, by_id);
  ASSIGN_OR_RETURN(out.genesis_, combine(out.plan_, out.founder_, out.organisations_));
  if (out.genesis_.document != *genesis) {
    return fail(Reason::kProofInvalid, "the genesis is not what the organisations' files make",
                "创世文件与各机构文件不一致");
  }
  if (signature.size() != out.signature_.size()) return reader.refuse("signature", "has 64 bytes");
  std::ranges::copy(signature, out.signature_.begin());
  if (!crypto::verify(out.find(out.founder_)->facts().key, signed_digest(out.genesis_, out.founder_), signature)) {
    return fail(Reason::kBadSignature, "the founder's signature does not hold", "发起机构的签名不成立");
  }
  return out;
}

std::string Invitation::to_json() const {
  Json files = Json::array();
  for (const OrganisationFile& file : organisations_) files.push_back(Json::parse(file.to_json()));
  return Json{{"format", kFormat},
              {"founder", founder_},
              {"plan",
               {{"name", plan_.name},
                {"origin", plan_.origin},
                {"suite", plan_.suite},
                {"created_ms", plan_.created_ms}}},
              {"genesis", genesis_.document},
              {"organisations", files},
              {"signature", to_hex(signature_)}}
             .dump(2) +
         "\n";
}

const OrganisationFile* Invitation::find(std::string_view organisation) const {
  const auto found = std::ranges::find_if(
      organisations_, [&](const OrganisationFile& file) { return file.facts().id == organisation; });
  return found == organisations_.end() ? nullptr : &*found;
}

Result<PeerList> Invitation::peers_of(std::string_view organisation) const {
  const OrganisationFile* const own = find(organisation);
  if (own == nullptr) {
    return fail(Reason::kNotFound, std::string(organisation) + " was not invited",
                std::string(organisation) + " 不在邀请之列");
  }
  PeerList out{genesis_.network_id, own->facts().node, {}};
  for (const OrganisationFile& file : organisations_) {
    const OrganisationFacts& facts = file.facts();
    out.peers.push_back({facts.node, facts.id, facts.address, facts.engine_address, facts.tls_root});
  }
  return out;
}

}  // namespace chancery::node
