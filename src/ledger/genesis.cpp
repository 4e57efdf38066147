#include "ledger/genesis.h"

#include <set>

#include "base/json.h"
#include "base/json_reader.h"

namespace chancery::ledger {

namespace {

constexpr std::string_view kGenesisFormat = "chancery-genesis-v1";
constexpr std::string_view kTrustFormat = "chancery-trust-v1";
constexpr JsonLimits kLimits{.max_bytes = 8U << 20, .max_depth = 32, .interoperable_numbers = true};
constexpr std::size_t kMaxValidators = 100;

Result<crypto::SignatureAlgorithm> parse_algorithm(const JsonReader& reader, std::string_view name,
                                                   std::string_view value) {
  const auto algorithm = crypto::signature_algorithm_from_string(value);
  if (!algorithm) return reader.refuse(name, "no such algorithm");
  return *algorithm;
}

Result<Validator> parse_validator(JsonReader& reader) {
  Validator out;
  ASSIGN_OR_RETURN(out.name, reader.required_string("name", 64, 1));
  ASSIGN_OR_RETURN(out.organisation, reader.required_string("organisation", 64, 1));
  ASSIGN_OR_RETURN(const std::int64_t power, reader.required_integer("power", 1, 1'000'000'000));
  out.power = static_cast<std::uint64_t>(power);
  ASSIGN_OR_RETURN(const std::string name, reader.required_string("algorithm", 32));
  ASSIGN_OR_RETURN(const auto algorithm, parse_algorithm(reader, "algorithm", name));
  ASSIGN_OR_RETURN(const Bytes key, reader.required_hex("public_key", 65));
  ASSIGN_OR_RETURN(out.key, crypto::PublicKey::parse(algorithm, key));
  ASSIGN_OR_RETURN(const Bytes log_key, reader.required_hex("log_key", 32));
  ASSIGN_OR_RETURN(out.log_key, crypto::PublicKey::parse(crypto::SignatureAlgorithm::kEd25519, log_key));
  ASSIGN_OR_RETURN(const auto engine_key, reader.optional_string("engine_key", 64));
  if (engine_key) {
    const auto bytes = from_hex(*engine_key);
    if (!bytes || bytes->size() != 32) return reader.refuse("engine_key", "must be 64 hex digits");
    ASSIGN_OR_RETURN(out.engine_key, crypto::PublicKey::parse(crypto::SignatureAlgorithm::kEd25519, *bytes));
  }
  TRY(reader.refuse_unknown_members());
  return out;
}

Result<std::vector<Validator>> parse_validators(JsonReader& reader) {
  ASSIGN_OR_RETURN(auto objects, reader.required_objects("validators", kMaxValidators));
  if (objects.empty()) return reader.refuse("validators", "at least one is needed");
  std::vector<Validator> out;
  std::set<std::string> names;
  for (JsonReader& object : objects) {
    ASSIGN_OR_RETURN(Validator validator, parse_validator(object));
    if (!names.insert(validator.name).second) return object.refuse("name", "occurs twice");
    if (!out.empty() && out.front().engine_key.has_value() != validator.engine_key.has_value()) {
      return object.refuse("engine_key", "either every validator has one or none");
    }
    out.push_back(std::move(validator));
  }
  return out;
}

Result<Parameters> parse_parameters(JsonReader reader) {
  Parameters out;
  ASSIGN_OR_RETURN(out.window_ms, reader.required_integer("window_ms", 1'000, 3'600'000));
  ASSIGN_OR_RETURN(const auto transactions, reader.required_integer("block_transactions", 1, 100'000));
  out.block_transactions = static_cast<std::uint32_t>(transactions);
  ASSIGN_OR_RETURN(out.block_wait_ms, reader.required_integer("block_wait_ms", 0, 10'000));
  ASSIGN_OR_RETURN(const auto names, reader.required_strings("algorithms", 8, 32));
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const auto algorithm, parse_algorithm(reader, "algorithms", name));
    out.algorithms.push_back(algorithm);
  }
  if (out.algorithms.empty()) return reader.refuse("algorithms", "at least one is needed");
  TRY(reader.refuse_unknown_members());
  return out;
}

Json validators_to_json(const std::vector<Validator>& validators) {
  Json out = Json::array();
  for (const Validator& v : validators) {
    out.push_back({{"name", v.name},
                   {"organisation", v.organisation},
                   {"power", v.power},
                   {"algorithm", crypto::to_string(v.key.algorithm)},
                   {"public_key", to_hex(v.key.bytes)},
                   {"log_key", to_hex(v.log_key.bytes)}});
    if (v.engine_key) out.back()["engine_key"] = to_hex(v.engine_key->bytes);
  }
  return out;
}

Result<Genesis> genesis_from_json(const Json& document) {
  Genesis out;
  JsonReader reader(document);
  ASSIGN_OR_RETURN(const std::string format, reader.required_string("format", 64));
  if (format != kGenesisFormat) return reader.refuse("format", "must be chancery-genesis-v1");
  ASSIGN_OR_RETURN(out.name, reader.required_string("name", 64, 1));
  ASSIGN_OR_RETURN(out.origin, reader.required_string("origin", 128, 1));
  ASSIGN_OR_RETURN(const std::string suite, reader.required_string("suite", 16));
  out.suite = crypto::suite_by_name(suite);
  if (out.suite == nullptr) return reader.refuse("suite", "must be gm or intl");
  ASSIGN_OR_RETURN(out.created_ms, reader.required_integer("created_ms", 0, 253'402'300'799'000));
  ASSIGN_OR_RETURN(const JsonReader parameters, reader.required_object("parameters"));
  ASSIGN_OR_RETURN(out.parameters, parse_parameters(parameters));
  ASSIGN_OR_RETURN(out.validators, parse_validators(reader));
  ASSIGN_OR_RETURN(const Json* contracts, reader.required_any("contracts"));
  if (!contracts->is_object()) return reader.refuse("contracts", "must be an object");
  out.contracts = *contracts;
  TRY(reader.refuse_unknown_members());
  out.document = document;
  out.network_id = crypto::domain_hash(out.suite->hash, "chancery/genesis/1", {as_bytes(canonical_json(document))});
  return out;
}

}  // namespace

Result<Genesis> Genesis::parse(std::string_view json_text) {
  ASSIGN_OR_RETURN(const Json document, parse_json(json_text, kLimits));
  return genesis_from_json(document);
}

Digest Genesis::validators_hash() const {
  return ledger::validators_hash(suite->hash, validators);
}

Digest validators_hash(crypto::HashAlgorithm hash, const std::vector<Validator>& validators) {
  return crypto::domain_hash(hash, "chancery/validators/1", {as_bytes(canonical_json(validators_to_json(validators)))});
}

Result<TrustFile> TrustFile::parse(std::string_view json_text) {
  ASSIGN_OR_RETURN(const Json document, parse_json(json_text, kLimits));
  JsonReader reader(document);
  ASSIGN_OR_RETURN(const std::string format, reader.required_string("format", 64));
  if (format != kTrustFormat) return reader.refuse("format", "must be chancery-trust-v1");
  TrustFile out;
  ASSIGN_OR_RETURN(const Json* genesis, reader.required_any("genesis"));
  ASSIGN_OR_RETURN(out.genesis, genesis_from_json(*genesis));
  ASSIGN_OR_RETURN(auto sets, reader.required_objects("validator_sets", 100'000));
  for (JsonReader& set : sets) {
    Set one;
    ASSIGN_OR_RETURN(const auto from, set.required_integer("from_height", 1, INT64_MAX));
    one.from_height = static_cast<std::uint64_t>(from);
    ASSIGN_OR_RETURN(one.validators, parse_validators(set));
    TRY(set.refuse_unknown_members());
    if (!out.sets.empty() && one.from_height <= out.sets.back().from_height) {
      return set.refuse("from_height", "must ascend");
    }
    out.sets.push_back(std::move(one));
  }
  TRY(reader.refuse_unknown_members());
  if (out.sets.empty() || out.sets.front().from_height != 1) {
    return reader.refuse("validator_sets", "must begin at height 1");
  }
  if (validators_hash(out.genesis.suite->hash, out.sets.front().validators) != out.genesis.validators_hash()) {
    return reader.refuse("validator_sets", "the first set must be the genesis's");
  }
  return out;
}

TrustFile TrustFile::of(const Genesis& genesis) {
  return {genesis, {{1, genesis.validators}}};
}

std::string TrustFile::to_json() const {
  Json out_sets = Json::array();
  for (const Set& set : sets) {
    out_sets.push_back({{"from_height", set.from_height}, {"validators", validators_to_json(set.validators)}});
  }
  return Json{{"format", kTrustFormat}, {"genesis", genesis.document}, {"validator_sets", out_sets}}.dump(2) + "\n";
}

const std::vector<Validator>& TrustFile::validators_at(std::uint64_t height) const {
  const std::vector<Validator>* found = &sets.front().validators;
  for (const Set& set : sets) {
    if (set.from_height <= height) found = &set.validators;
  }
  return *found;
}

}  // namespace chancery::ledger
