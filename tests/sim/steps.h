#pragma once
// Random steps for tests/sim/model.h: small pools of names, so that steps meet each other and refusals are as common as
// effects.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "contracts/credential.pb.h"
#include "contracts/encoding.h"
#include "contracts/evidence.pb.h"
#include "contracts/identity.pb.h"
#include "contracts/testing/network.h"
#include "model.h"

namespace chancery::sim {

/// The same seed gives the same history, whatever the outcomes are: evidence numbers come from the caller's model.
class Steps {
 public:
  explicit Steps(std::uint64_t seed) : random_(seed) {}

  Step next(const Model& model, Moment now) {
    Step step;
    step.method = pick(kMethods);
    step.signer = below(4) == 0 ? pick(kAccounts) : likely_signer(step.method);
    fill(step, model, now);
    // Mostly a key that exists; sometimes the first one, which may be revoked.
    step.key = step.signer;
    if (const auto account = model.accounts.find(step.signer); account != model.accounts.end() && below(4) != 0) {
      step.key = account->second.keys.rbegin()->first;
      for (const auto& [name, revoked] : account->second.keys) {
        if (revoked == 0) step.key = name;
      }
    }
    return step;
  }

 private:
  static constexpr auto kMethods = std::to_array<std::string_view>({
      "identity.create_organisation",
      "identity.suspend_organisation",
      "identity.resume_organisation",
      "identity.resume_organisation",
      "identity.create_account",
      "identity.suspend_account",
      "identity.resume_account",
      "identity.resume_account",
      "identity.grant_role",
      "identity.grant_role",
      "identity.revoke_role",
      "identity.rotate_key",
      "identity.revoke_key",
      "identity.delegate",
      "identity.delegate",
      "identity.revoke_delegation",
      "credential.issue",
      "credential.issue",
      "credential.issue",
      "credential.issue",
      "credential.annotate",
      "credential.suspend",
      "credential.suspend",
      "credential.resume",
      "credential.resume",
      "credential.revoke",
      "credential.new_version",
      "credential.new_version",
      "evidence.deposit",
      "evidence.deposit",
      "evidence.transfer_custody",
      "evidence.transfer_custody",
  });
  // The administrator signs more often, else a network of suspended offices stays one.
  static constexpr auto kAccounts =
      std::to_array<std::string_view>({"root", "root", "root", "wang", "wang", "chen", "sun", "feeder", "li", "zhao",
                                       "boss", "resident", "new-1", "new-2"});
  static constexpr auto kIssuers = std::to_array<std::string_view>({"wang", "wang", "feeder", "zhao", "sun"});
  static constexpr auto kOrganisations =
      std::to_array<std::string_view>({"mawei", "gulou", "gulou", "firm", "taijiang"});
  static constexpr auto kRoles = std::to_array<std::string_view>({"issuer", "revoker", "org_admin", "network_admin"});
  static constexpr auto kScopes = std::to_array<std::string_view>({"credential.issue", "credential.*", "evidence.*"});
  static constexpr auto kKeys =
      std::to_array<std::string_view>({"k-1", "k-2", "k-3", "k-4", "k-5", "k-6", "k-7", "k-8", "k-9", "wang"});

  std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
  template <class Pool>
  std::string pick(const Pool& pool) {
    return std::string(pool[below(pool.size())]);
  }
  /// Somebody who may often do it, else most steps would be refused for want of a right.
  std::string likely_signer(std::string_view method) {
    if (method.starts_with("identity.delegate") || method == "identity.revoke_delegation") return pick(kAccounts);
    if (method.starts_with("identity.")) return below(3) == 0 ? "li" : "root";
    if (method.starts_with("credential.")) return pick(kIssuers);
    return pick(kAccounts);
  }
  std::string credential_id() { return "C-" + std::to_string(below(48)); }
  std::string party() { return below(4) == 0 ? "@" + pick(kAccounts) : pick(kOrganisations); }
  template <class Map>
  std::string some(const Map& map) {
    auto chosen = map.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(below(map.size())));
    return chosen->first;
  }
  std::string some_number(const Model& model) { return model.custodians.empty() ? "CE" : some(model.custodians); }

  void fill(Step& step, const Model& model, Moment now) {
    const std::string& m = step.method;
    const std::int64_t soon_ms = now.time_ms + static_cast<std::int64_t>(below(40)) * 1'000 - 2'000;
    if (m.ends_with("_organisation")) {
      step.subject = pick(kOrganisations);
      if (m == "identity.resume_organisation") {
        for (const auto& [id, organisation] : model.organisations) {
          if (organisation.suspended) step.subject = id;
        }
      }
      if (m == "identity.suspend_organisation" && step.subject == "mawei") step.subject = "gulou";  // or all is over
    } else if (m == "identity.create_account") {
      step.subject = below(3) == 0 ? pick(kAccounts) : (below(2) == 0 ? "new-1" : "new-2");
      step.other = pick(kOrganisations);
      step.detail = pick(kKeys);
    } else if (m.ends_with("_account")) {
      step.subject = pick(kAccounts);
      if (m == "identity.resume_account") {
        for (const auto& [id, account] : model.accounts) {
          if (account.suspended) step.subject = id;
        }
      }
      if (m == "identity.suspend_account" && step.subject == "root") step.subject = "zhao";
    } else if (m.ends_with("_role")) {
      step.subject = pick(kAccounts);
      step.other = pick(kOrganisations);
      step.detail = pick(kRoles);
      if (m == "identity.revoke_role" && step.subject == "root") step.subject = "li";
    } else if (m.ends_with("_key")) {
      step.subject = below(2) == 0 ? step.signer : pick(kAccounts);
      if (step.subject == "root") step.subject = "chen";
      step.other = below(3) == 0 ? pick(kKeys) : step.subject;
      step.detail = pick(kKeys);
    } else if (m.ends_with("_delegation") || m == "identity.delegate") {
      step.subject = below(3) == 0 ? pick(kAccounts) : step.signer;
      step.other = pick(kAccounts);
      step.detail = pick(kScopes);
      step.until_ms = soon_ms;
      if (m == "identity.revoke_delegation" && !model.loans.empty() && below(4) != 0) {
        step.other = some(model.loans);
        const auto& loans = model.loans.at(step.other);
        if (!loans.empty()) step.subject = loans[below(loans.size())].from;
        step.signer = below(2) == 0 ? step.subject : step.other;
      }
    } else if (m == "credential.issue") {
      step.subject = credential_id();
      step.other = below(4) != 0 ? "" : pick(kOrganisations);
      step.until_ms = below(2) == 0 ? 0 : soon_ms;
    } else if (m.starts_with("credential.")) {
      step.subject = model.credentials.empty() || below(8) == 0 ? credential_id() : some(model.credentials);
      step.other = credential_id();
    } else if (m == "evidence.deposit") {
      step.subject = below(4) == 0 ? "" : "M-" + std::to_string(below(3));
      step.other = below(3) == 0 ? some_number(model) : "";
    } else {
      step.subject = some_number(model);
      step.other = party();
    }
  }

  SeededRandom random_;
};

/// The step's arguments as the contract takes them.
inline Bytes arguments(const Step& step) {
  using contracts::encode;
  const std::string& m = step.method;
  const auto new_key = [](const std::string& name) {
    const crypto::PublicKey key = contracts::testing::key_of(name);
    wire::NewKey out;
    out.set_algorithm(static_cast<std::uint32_t>(key.algorithm));
    out.set_public_key(to_string(key.bytes));
    return out;
  };
  const auto id_of = [](const std::string& name) {
    return to_string(crypto::key_id(contracts::testing::key_of(name)));
  };
  if (m == "identity.create_organisation") {
    wire::CreateOrganisation out;
    out.set_id(step.subject);
    out.set_name_zh("机构");
    return encode(out);
  }
  if (m.ends_with("_organisation")) {
    wire::ChangeOrganisationState out;
    out.set_id(step.subject);
    if (m == "identity.suspend_organisation") out.set_reason("x");
    return encode(out);
  }
  if (m == "identity.create_account") {
    wire::CreateAccount out;
    out.set_id(step.subject);
    out.set_kind(wire::ACCOUNT_KIND_MEMBER);
    out.set_organisation(step.other);
    out.set_assurance(1);
    *out.add_keys() = new_key(step.detail);
    return encode(out);
  }
  if (m.ends_with("_account")) {
    wire::ChangeAccountState out;
    out.set_account(step.subject);
    if (m == "identity.suspend_account") out.set_reason("x");
    return encode(out);
  }
  if (m.ends_with("_role")) {  // both messages begin with the same fields
    wire::RevokeRole out;
    out.set_account(step.subject);
    out.set_organisation(step.other);
    out.set_role(step.detail);
    return encode(out);
  }
  if (m == "identity.rotate_key") {
    wire::RotateKey out;
    out.set_account(step.subject);
    out.set_old_key_id(id_of(step.other));
    *out.mutable_new_key() = new_key(step.detail);
    return encode(out);
  }
  if (m == "identity.revoke_key") {
    wire::RevokeKey out;
    out.set_account(step.subject);
    out.set_key_id(id_of(step.other));
    out.set_reason("unspecified");
    return encode(out);
  }
  if (m == "identity.delegate") {
    wire::Delegate out;
    out.set_from(step.subject);
    out.set_to(step.other);
    out.add_scope(step.detail);
    out.set_until_ms(step.until_ms);
    return encode(out);
  }
  if (m == "identity.revoke_delegation") {
    wire::RevokeDelegation out;
    out.set_from(step.subject);
    out.set_to(step.other);
    return encode(out);
  }
  if (m == "credential.issue") {
    wire::Issue out;
    out.set_id(step.subject);
    out.set_type("residence");
    out.set_issuer(step.other);
    out.set_holder(std::string(32, 'h'));
    out.set_fields_root(std::string(32, 'f'));
    out.set_valid_until_ms(step.until_ms);
    return encode(out);
  }
  if (m == "credential.annotate") {
    wire::Annotate out;
    out.set_id(step.subject);
    out.set_commitment(std::string(32, 'a'));
    return encode(out);
  }
  if (m == "credential.new_version") {
    wire::NewVersion out;
    out.set_id(step.subject);
    out.set_new_id(step.other);
    out.set_fields_root(std::string(32, 'g'));
    return encode(out);
  }
  if (m.starts_with("credential.")) {
    wire::ChangeStatus out;
    out.set_id(step.subject);
    out.set_reason("unspecified");
    return encode(out);
  }
  if (m == "evidence.deposit") {
    wire::Deposit out;
    out.set_sm3(std::string(32, 'd'));
    out.set_phase("collected");
    out.set_matter(step.subject);
    out.set_previous(step.other);
    return encode(out);
  }
  wire::TransferCustody out;
  out.set_number(step.subject);
  out.set_to(step.other);
  return encode(out);
}

}  // namespace chancery::sim
