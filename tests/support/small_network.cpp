#include "tests/support/small_network.h"

#include "contracts/credential.pb.h"
#include "contracts/identity/default_permissions.h"
#include "contracts/registry.h"
#include "merkle/signed_note.h"

namespace chancery::test {

namespace {

constexpr std::string_view kOffice = "mawei";
constexpr std::string_view kIssuer = "mawei.issuer";
constexpr std::string_view kType = "residence";

crypto::PrivateKey make_key(crypto::SignatureAlgorithm algorithm, Random& random) {
  auto key = crypto::PrivateKey::generate(algorithm, random);
  CHANCERY_CHECK(key.has_value());
  return std::move(*key);
}

crypto::SignatureAlgorithm algorithm_of(std::string_view suite) {
  const crypto::Suite* found = crypto::suite_by_name(suite);
  CHANCERY_CHECK(found != nullptr);
  return found->signature;
}

nlohmann::json key_json(const crypto::PublicKey& key) {
  return {{"algorithm", crypto::to_string(key.algorithm)}, {"public_key", to_hex(key.bytes)}};
}

/// One office with one issuer and one type of certificate.
nlohmann::json office_sections(const crypto::PublicKey& issuer) {
  const nlohmann::json account = {
      {"id", kIssuer},
      {"kind", "member"},
      {"organisation", kOffice},
      {"assurance", 4},
      {"keys", nlohmann::json::array({key_json(issuer)})},
      {"roles", nlohmann::json::array({{{"role", "issuer"}, {"organisation", kOffice}},
                                       {{"role", "org_admin"}, {"organisation", kOffice}}})}};
  const nlohmann::json type = {{"id", kType},
                               {"name_zh", "居住证明"},
                               {"name_en", "Residence certificate"},
                               {"issuers", {kOffice}},
                               {"schema", {{"type", "object"}}},
                               {"vct", "urn:test:residence"},
                               {"id_scheme", "plain"},
                               {"gbt_type_code", ""},
                               {"retention", "permanent"},
                               {"validity", {{"default_days", 365}}}};
  return {{"identity",
           {{"organisations", nlohmann::json::array({{{"id", kOffice}, {"name_zh", "马尾"}, {"name_en", "Mawei"}}})},
            {"accounts", nlohmann::json::array({account})},
            {"permissions", contracts::identity::default_permissions(kOffice)}}},
          {"credential", {{"types", nlohmann::json::array({type})}}}};
}

nlohmann::json genesis_json(std::string_view suite, const crypto::PublicKey& node, const crypto::PublicKey& log,
                            const nlohmann::json& contracts) {
  nlohmann::json validator = key_json(node);
  validator.update({{"name", "test/mawei"}, {"organisation", kOffice}, {"power", 1}, {"log_key", to_hex(log.bytes)}});
  return {{"format", "chancery-genesis-v1"},
          {"name", "test"},
          {"suite", suite},
          {"created_ms", kNetworkStart_ms},
          {"origin", "chancery.test/small"},
          {"parameters",
           {{"window_ms", 120'000},
            {"block_transactions", 5'000},
            {"block_wait_ms", 1},
            {"algorithms", {"sm2-sm3", "ed25519", "ecdsa-p256-sha256"}}}},
          {"validators", nlohmann::json::array({validator})},
          {"contracts", contracts}};
}

ledger::Genesis parse_genesis(const nlohmann::json& document) {
  auto genesis = ledger::Genesis::parse(document.dump());
  if (!genesis) std::fprintf(stderr, "genesis: %s\n", genesis.error().message().c_str());
  CHANCERY_CHECK(genesis.has_value());
  return std::move(*genesis);
}

}  // namespace

Result<std::string> MemorySigner::sign(const merkle::Checkpoint& checkpoint) {
  merkle::SignedNote note;
  note.text = merkle::encode_checkpoint(checkpoint);
  ASSIGN_OR_RETURN(auto line, merkle::sign_note(note.text, name_, key_));
  note.signatures.push_back(std::move(line));
  if (key_.public_key() != log_key_.public_key()) {
    ASSIGN_OR_RETURN(auto log_line, merkle::sign_note(note.text, name_, log_key_));
    note.signatures.push_back(std::move(log_line));
  }
  return merkle::encode_note(note);
}

SmallNetwork::SmallNetwork(std::string_view suite, std::uint64_t seed)
    : random_(seed),
      node_(make_key(algorithm_of(suite), random_)),
      log_(make_key(crypto::SignatureAlgorithm::kEd25519, random_)),
      issuer_(make_key(algorithm_of(suite), random_)),
      genesis_(parse_genesis(
          genesis_json(suite, node_.public_key(), log_.public_key(), office_sections(issuer_.public_key())))) {}

SmallNetwork::SmallNetwork(std::string_view suite, std::uint64_t seed, const nlohmann::json& contracts)
    : random_(seed),
      node_(make_key(algorithm_of(suite), random_)),
      log_(make_key(crypto::SignatureAlgorithm::kEd25519, random_)),
      issuer_(make_key(algorithm_of(suite), random_)),
      genesis_(parse_genesis(genesis_json(suite, node_.public_key(), log_.public_key(), contracts))) {}

std::unique_ptr<MemorySigner> SmallNetwork::signer() const {
  return std::make_unique<MemorySigner>("test/mawei", node_, log_);
}

wire::Call SmallNetwork::issue_call(std::string_view id) {
  wire::Issue args;
  args.set_id(std::string(id));
  args.set_type(std::string(kType));
  args.set_issuer(std::string(kOffice));
  const Bytes holder = random_.bytes(32);
  const Bytes fields_root = random_.bytes(32);
  args.set_holder(holder.data(), holder.size());
  args.set_fields_root(fields_root.data(), fields_root.size());
  wire::Call call;
  call.set_contract("credential");
  call.set_method("issue");
  call.set_args(args.SerializeAsString());
  return call;
}

wire::Call SmallNetwork::status_call(std::string_view method, std::string_view id) {
  wire::ChangeStatus args;
  args.set_id(std::string(id));
  args.set_reason("unspecified");
  wire::Call call;
  call.set_contract("credential");
  call.set_method(std::string(method));
  call.set_args(args.SerializeAsString());
  return call;
}

Bytes SmallNetwork::transaction(const std::vector<wire::Call>& calls, std::int64_t now_ms) {
  wire::Body body = ledger::make_body(genesis_.network_id, now_ms, genesis_.parameters.window_ms, random_);
  for (const wire::Call& call : calls) *body.add_calls() = call;
  const ledger::AccountSigner signer{std::string(kIssuer), &issuer_};
  auto out = ledger::sign_transaction(body, {&signer, 1});
  CHANCERY_CHECK(out.has_value());
  return std::move(*out);
}

Bytes SmallNetwork::issue(std::string_view id, std::int64_t now_ms) {
  return transaction({issue_call(id)}, now_ms);
}
Bytes SmallNetwork::revoke(std::string_view id, std::int64_t now_ms) {
  return transaction({status_call("revoke", id)}, now_ms);
}
Bytes SmallNetwork::suspend(std::string_view id, std::int64_t now_ms) {
  return transaction({status_call("suspend", id)}, now_ms);
}
Bytes SmallNetwork::resume(std::string_view id, std::int64_t now_ms) {
  return transaction({status_call("resume", id)}, now_ms);
}

ledger::OrderedTransaction SmallNetwork::ordered(Bytes transaction) const {
  auto parsed = ledger::parse_transaction(std::move(transaction), genesis_.suite->hash);
  CHANCERY_CHECK(parsed.has_value());
  auto shared = std::make_shared<ledger::ParsedTransaction>(std::move(*parsed));
  ledger::ParsedTransaction* pointer = shared.get();
  Status status;
  ledger::verify_signatures(
      {&pointer, 1}, [this](std::string_view, const crypto::KeyId&) { return issuer_.public_key(); }, {&status, 1});
  CHANCERY_CHECK(status.has_value());
  return {std::move(shared), std::nullopt};
}

Result<std::unique_ptr<ledger::Ledger>> open_ledger(storage::Store& store, const SmallNetwork& network,
                                                    ledger::CheckpointSigner& signer) {
  return ledger::Ledger::open(store, network.genesis(), contracts::native_contracts(), contracts::account_keys(),
                              signer);
}

}  // namespace chancery::test
