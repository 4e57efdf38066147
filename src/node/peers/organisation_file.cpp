#include "node/peers/organisation_file.h"

#include <algorithm>

#include "base/json.h"
#include "base/json_reader.h"
#include "base/national_ids.h"
#include "node/peers/peer_list.h"

namespace chancery::node {

namespace {

constexpr std::string_view kFormat = "chancery-organisation-v1";
constexpr std::string_view kDomain = "chancery/organisation-file/1";
constexpr JsonLimits kLimits{.max_bytes = 128U << 10, .max_depth = 4, .interoperable_numbers = true};
constexpr std::size_t kMostPemCharacters = 24U << 10;

bool is_id(std::string_view text, std::size_t most) {
  return !text.empty() && text.size() <= most && text.front() != '.' && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

Json facts_to_json(const OrganisationFacts& facts) {
  Json out = {{"id", facts.id},
              {"name_zh", facts.name_zh},
              {"node", facts.node},
              {"algorithm", crypto::to_string(facts.key.algorithm)},
              {"public_key", to_hex(facts.key.bytes)},
              {"log_key", to_hex(facts.log_key.bytes)},
              {"engine_key", to_hex(facts.engine_key.bytes)},
              {"tls_root", facts.tls_root.pem()},
              {"address", facts.address},
              {"engine_address", facts.engine_address},
              {"administrator", facts.administrator},
              {"administrator_key", to_hex(facts.administrator_key.bytes)}};
  if (!facts.name_en.empty()) out["name_en"] = facts.name_en;
  if (!facts.uscc.empty()) out["uscc"] = facts.uscc;
  return out;
}

Digest digest_of(const Json& organisation) {
  return crypto::domain_hash(crypto::HashAlgorithm::kSha256, kDomain, {as_bytes(canonical_json(organisation))});
}

Result<crypto::PublicKey> read_key(JsonReader& reader, std::string_view member, crypto::SignatureAlgorithm algorithm) {
  ASSIGN_OR_RETURN(const Bytes bytes, reader.required_hex(member, 65));
  auto key = crypto::PublicKey::parse(algorithm, bytes);
  if (!key) return reader.refuse(member, key.error().detail);
  return key;
}

Result<std::string> read_address(JsonReader& reader, std::string_view member) {
  ASSIGN_OR_RETURN(std::string text, reader.required_string(member, 300, 1));
  if (const auto parsed = parse_host_port(text); !parsed) return reader.refuse(member, parsed.error().detail);
  return text;
}

Result<std::string> read_id(JsonReader& reader, std::string_view member, std::size_t most) {
  ASSIGN_OR_RETURN(std::string text, reader.required_string(member, most, 1));
  if (!is_id(text, most)) return reader.refuse(member, "has other letters than [a-z0-9._-]");
  return text;
}

Result<crypto::SignatureAlgorithm> read_algorithm(JsonReader& reader) {
  ASSIGN_OR_RETURN(const std::string name, reader.required_string("algorithm", 32));
  const auto algorithm = crypto::signature_algorithm_from_string(name);
  if (!algorithm) return reader.refuse("algorithm", "no such algorithm");
  return *algorithm;
}

Result<OrganisationFacts> read_facts(JsonReader reader) {
  using crypto::SignatureAlgorithm;
  ASSIGN_OR_RETURN(std::string id, read_id(reader, "id", 32));
  ASSIGN_OR_RETURN(std::string name_zh, reader.required_string("name_zh", 200, 1));
  ASSIGN_OR_RETURN(const auto name_en, reader.optional_string("name_en", 200));
  ASSIGN_OR_RETURN(const auto uscc, reader.optional_string("uscc", 18));
  if (uscc && !parse_unified_credit_code(*uscc)) return reader.refuse("uscc", "is no unified social credit code");
  ASSIGN_OR_RETURN(std::string node, reader.required_string("node", 64, 1));
  if (!is_node_name(node)) return reader.refuse("node", "has other letters than [A-Za-z0-9._/-]");
  ASSIGN_OR_RETURN(const SignatureAlgorithm algorithm, read_algorithm(reader));
  ASSIGN_OR_RETURN(crypto::PublicKey key, read_key(reader, "public_key", algorithm));
  ASSIGN_OR_RETURN(crypto::PublicKey log_key, read_key(reader, "log_key", SignatureAlgorithm::kEd25519));
  ASSIGN_OR_RETURN(crypto::PublicKey engine_key, read_key(reader, "engine_key", SignatureAlgorithm::kEd25519));
  ASSIGN_OR_RETURN(const std::string pem, reader.required_string("tls_root", kMostPemCharacters));
  auto root = crypto::Certificate::from_pem(pem);
  if (!root || !root->is_authority()) return reader.refuse("tls_root", "is no authority's certificate");
  ASSIGN_OR_RETURN(std::string address, read_address(reader, "address"));
  ASSIGN_OR_RETURN(std::string engine_address, read_address(reader, "engine_address"));
  ASSIGN_OR_RETURN(std::string administrator, read_id(reader, "administrator", 64));
  ASSIGN_OR_RETURN(crypto::PublicKey administrator_key, read_key(reader, "administrator_key", algorithm));
  TRY(reader.refuse_unknown_members());
  return OrganisationFacts{std::move(id),
                           std::move(name_zh),
                           name_en.value_or(""),
                           uscc.value_or(""),
                           std::move(node),
                           std::move(key),
                           std::move(log_key),
                           std::move(engine_key),
                           std::move(*root),
                           std::move(address),
                           std::move(engine_address),
                           std::move(administrator),
                           std::move(administrator_key)};
}

}  // namespace

Result<OrganisationFile> OrganisationFile::sign(const OrganisationFacts& facts, const crypto::PrivateKey& key) {
  if (key.public_key() != facts.key) {
    return fail(Reason::kInvalidValue, "an organisation file is signed by its node's key",
                "机构文件须由其节点密钥签名");
  }
  ASSIGN_OR_RETURN(const crypto::Signature signature, key.sign(digest_of(facts_to_json(facts))));
  // Through the door that the founder will use: nothing is handed out that would be refused.
  return parse(OrganisationFile(facts, signature).to_json());
}

Result<OrganisationFile> OrganisationFile::parse(std::string_view json_text) {
  ASSIGN_OR_RETURN(const Json document, parse_json(json_text, kLimits));
  JsonReader reader(document);
  ASSIGN_OR_RETURN(const std::string format, reader.required_string("format", 64));
  if (format != kFormat) return reader.refuse("format", "must be chancery-organisation-v1");
  ASSIGN_OR_RETURN(const JsonReader organisation, reader.required_object("organisation"));
  ASSIGN_OR_RETURN(const Bytes bytes, reader.required_hex("signature", 64));
  TRY(reader.refuse_unknown_members());
  ASSIGN_OR_RETURN(OrganisationFacts facts, read_facts(organisation));
  crypto::Signature signature{};
  if (bytes.size() != signature.size()) return reader.refuse("signature", "has 64 bytes");
  std::ranges::copy(bytes, signature.begin());
  if (!crypto::verify(facts.key, digest_of(document["organisation"]), signature)) {
    return fail(Reason::kBadSignature, "the file of " + facts.id + " was changed after it was signed",
                facts.id + " 的机构文件在签名后被改动");
  }
  return OrganisationFile(std::move(facts), signature);
}

std::string OrganisationFile::to_json() const {
  return Json{{"format", kFormat}, {"organisation", facts_to_json(facts_)}, {"signature", to_hex(signature_)}}.dump(2) +
         "\n";
}

Digest OrganisationFile::fingerprint() const {
  return digest_of(facts_to_json(facts_));
}

}  // namespace chancery::node
