#pragma once
// A small network for tests of contracts: three organisations, a handful of accounts, the default permissions.
//
//   organisation  accounts (role)
//   mawei         root (network_admin, org_admin), wang (issuer), chen (no role), sun (revoker), feeder (service,
//   issuer) gulou         li (org_admin), zhao (issuer) firm          boss (legal person, org_admin)
//   -             resident (citizen, registered by mawei)

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "contracts/encoding.h"
#include "contracts/identity/default_permissions.h"
#include "contracts/registry.h"
#include "crypto/signature.h"
#include "ledger/testing/fake_context.h"

namespace chancery::contracts::testing {

using ledger::testing::FakeLedger;

/// A key that the name gives: the same name, the same key.
inline crypto::PublicKey key_of(std::string_view name) {
  const Digest seed = crypto::hash(crypto::HashAlgorithm::kSha256, as_bytes(name));
  return crypto::PrivateKey::from_secret(crypto::SignatureAlgorithm::kEd25519, seed).value().public_key();
}

namespace detail {

inline Json account(std::string_view id, std::string_view kind, std::string_view organisation,
                    std::initializer_list<std::string_view> roles) {
  const crypto::PublicKey key = key_of(id);
  Json out{
      {"id", id},
      {"kind", kind},
      {"assurance", 3},
      {"keys", Json::array({{{"algorithm", crypto::to_string(key.algorithm)}, {"public_key", to_hex(key.bytes)}}})}};
  if (organisation.empty()) {
    out["registrar"] = "mawei";
  } else {
    out["organisation"] = organisation;
  }
  for (const std::string_view role : roles) out["roles"].push_back({{"role", role}});
  return out;
}

inline Json type(std::string_view id, std::string_view scheme) {
  return {{"id", id},
          {"name_zh", "居住证明"},
          {"name_en", "Proof of residence"},
          {"issuers", {"mawei", "gulou"}},
          {"vct", "https://chancery.example/residence"},
          {"id_scheme", scheme},
          {"retention", "30-years"},
          {"validity", {{"max_days", 3650}, {"default_days", 365}}},
          {"schema", {{"type", "object"}}}};
}

}  // namespace detail

/// The unified social credit code of mawei.
inline constexpr std::string_view kMaweiCode = "11350105MB0000001A";

/// The genesis sections of the network above.
inline Json genesis_sections() {
  Json licence = detail::type("licence", "gbt36904");
  licence["gbt_type_code"] = std::string(kMaweiCode) + "011";
  return {{"identity",
           {{"organisations",
             {{{"id", "mawei"}, {"name_zh", "马尾区行政服务中心"}, {"name_en", "Mawei"}, {"uscc", kMaweiCode}},
              {{"id", "gulou"}, {"name_zh", "鼓楼区行政服务中心"}},
              {{"id", "firm"}, {"name_zh", "福州某某有限公司"}}}},
            {"accounts",
             {detail::account("root", "member", "mawei", {"network_admin", "org_admin"}),
              detail::account("wang", "member", "mawei", {"issuer"}), detail::account("chen", "member", "mawei", {}),
              detail::account("sun", "member", "mawei", {"revoker"}),
              detail::account("feeder", "service", "mawei", {"issuer"}),
              detail::account("li", "member", "gulou", {"org_admin"}),
              detail::account("zhao", "member", "gulou", {"issuer"}),
              detail::account("boss", "legal_person", "firm", {"org_admin"}),
              detail::account("resident", "citizen", "", {})}},
            {"permissions", identity::default_permissions("mawei")}}},
          {"credential", {{"types", {detail::type("residence", "plain"), licence}}}},
          {"evidence", Json::object()}};
}

/// Loads `sections` into an empty ledger, in the order of native_contracts. `document`: what else the genesis file
/// says, for contracts that ask.
inline Status load_genesis(FakeLedger& ledger, const Json& sections, const Json& document = Json::object()) {
  for (const ledger::Contract* contract : native_contracts()) {
    const auto section = sections.find(contract->name());
    if (section == sections.end()) continue;
    ledger::Context context = ledger.context(contract->name());
    TRY(contract->genesis(context, *section));
  }
  for (const ledger::Contract* contract : native_contracts()) {
    if (!sections.contains(contract->name())) continue;
    ledger::Context context = ledger.context(contract->name());
    TRY(contract->begin_network(context, document));
  }
  return {};
}

class Network {
 public:
  /// After the genesis, in block 10.
  explicit Network(crypto::HashAlgorithm hash = crypto::HashAlgorithm::kSm3)
      : Network(hash, genesis_sections(), Json::object()) {}
  Network(crypto::HashAlgorithm hash, const Json& sections, const Json& document);

  /// Runs "contract.method" as a transaction of one call.
  Result<Bytes> run(std::string_view method, const google::protobuf::MessageLite& args,
                    const std::vector<std::string>& signers);
  Result<Bytes> run_raw(std::string_view method, BytesView args, const std::vector<std::string>& signers);

  /// The record, which must exist.
  template <class Message>
  Message read(std::string_view contract, std::string_view collection, std::string_view key) {
    Message out;
    const Result<bool> found = load(ledger.context(contract), collection, key, out);
    CHANCERY_CHECK(found.has_value() && *found);
    return out;
  }

  std::uint64_t height() const { return ledger.facts.height; }
  std::int64_t now_ms() const { return ledger.facts.time_ms; }

  FakeLedger ledger;
};

inline Network::Network(crypto::HashAlgorithm hash, const Json& sections, const Json& document) {
  ledger.facts.hash = hash;
  const Status loaded = load_genesis(ledger, sections, document);
  CHANCERY_CHECK(loaded.has_value());
  ledger.facts.height = 10;
}

inline Result<Bytes> Network::run(std::string_view method, const google::protobuf::MessageLite& args,
                                  const std::vector<std::string>& signers) {
  return run_raw(method, encode(args), signers);
}

inline Result<Bytes> Network::run_raw(std::string_view method, BytesView args,
                                      const std::vector<std::string>& signers) {
  const std::size_t dot = method.find('.');
  const auto contracts = native_contracts();
  const auto found = std::ranges::find(contracts, method.substr(0, dot), &ledger::Contract::name);
  CHANCERY_CHECK(found != contracts.end());
  return ledger.call(**found, method.substr(dot + 1), args, signers, contracts);
}

}  // namespace chancery::contracts::testing
