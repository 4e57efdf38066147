#pragma once
// What the contracts should do, said again in the smallest way: maps, no hashing, no encoding, no limits that a short
// history can't reach. A random history runs through the real code and through this; after every step both must agree
// on the outcome and on all that can be seen. Begins with the network of contracts/testing/network.h.

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/result.h"

namespace chancery::sim {

/// One call in words; tests/sim/steps.h makes random ones and encodes them.
struct Step {
  std::string method;   ///< "credential.issue"
  std::string signer;   ///< account
  std::string key;      ///< name of the key that signs
  std::string subject;  ///< what it is about: organisation, account, credential, matter, evidence number
  std::string other;    ///< the second name: organisation, new id, previous number, receiver
  std::string detail;   ///< the third: role, key, scope
  std::int64_t until_ms = 0;
};

enum class Status { kNotIssued, kValid, kSuspended, kRevoked, kSuperseded, kExpired };

struct Moment {
  std::uint64_t height = 0;
  std::int64_t time_ms = 0;
};

class Model {
 public:
  struct Organisation {
    bool suspended = false;
  };
  struct Account {
    std::string organisation;
    std::string registrar;
    bool suspended = false;
    std::vector<std::pair<std::string, std::string>> roles;  // organisation, role; live ones, oldest first
    std::map<std::string, std::uint64_t> keys;               // name -> revoked from this height on; 0: not revoked
  };
  struct Loan {
    std::string from;
    std::string scope;
    std::int64_t until_ms = 0;
  };
  struct Credential {
    std::string issuer;
    Moment issued;
    std::int64_t until_ms = 0;
    std::vector<std::pair<Moment, Status>> changes;
    int annotations = 0;
    std::string next;
  };

  Model() {
    for (const char* id : {"mawei", "gulou", "firm"}) organisations[id] = {};
    open("root", "mawei", {"network_admin", "org_admin"});
    open("wang", "mawei", {"issuer"});
    open("chen", "mawei", {});
    open("sun", "mawei", {"revoker"});
    open("feeder", "mawei", {"issuer"});
    open("li", "gulou", {"org_admin"});
    open("zhao", "gulou", {"issuer"});
    open("boss", "firm", {"org_admin"});
    open("resident", "", {});
    accounts["resident"].registrar = "mawei";
  }

  /// The outcome of `step` in the block of `now`: nothing when it takes effect, else the reason. `output` is what the
  /// real call returned, which only matters for evidence numbers.
  std::optional<Reason> apply(const Step& step, Moment now, const std::string& output) {
    now_ = now;
    if (const auto refusal = admit(step)) return refusal;
    signer_ = step.signer;
    if (step.method.starts_with("identity.")) return identity(step);
    if (step.method.starts_with("credential.")) return credential(step);
    return evidence(step, output);
  }

  static Status status_at(const Credential& credential, Moment when) {
    if (when.height < credential.issued.height) return Status::kNotIssued;
    Status last = Status::kValid;
    for (const auto& [moment, status] : credential.changes) {
      if (moment.height <= when.height) last = status;
    }
    if (last == Status::kRevoked || last == Status::kSuperseded) return last;
    return when.time_ms >= credential.until_ms ? Status::kExpired : last;
  }

  std::map<std::string, Organisation> organisations;
  std::map<std::string, Account> accounts;
  std::map<std::string, std::vector<Loan>> loans;  // by delegate
  std::map<std::string, Credential> credentials;
  std::map<std::string, std::vector<std::string>> matters;  // "owner/matter" -> evidence numbers
  std::map<std::string, std::string> custodians;            // by evidence number

 private:
  using Refusal = std::optional<Reason>;

  struct Right {
    std::string organisation;
    std::string of;  // whose right it is
  };

  void open(const std::string& id, const std::string& organisation, std::initializer_list<const char*> roles) {
    Account account{organisation, organisation, false, {}, {{id, 0}}};
    for (const char* role : roles) account.roles.emplace_back(organisation, role);
    accounts[id] = account;
    used_keys_.insert(id);
  }

  bool is_active_organisation(const std::string& id) const {
    const auto found = organisations.find(id);
    return found != organisations.end() && !found->second.suspended;
  }
  bool is_active(const Account& account) const {
    return !account.suspended && (account.organisation.empty() || is_active_organisation(account.organisation));
  }

  Refusal admit(const Step& step) const {
    const auto account = accounts.find(step.signer);
    if (account == accounts.end()) return Reason::kUnknownAccount;
    if (!is_active(account->second)) return Reason::kAccountSuspended;
    const auto key = account->second.keys.find(step.key);
    if (key == account->second.keys.end()) return Reason::kUnknownKey;
    if (key->second != 0 && now_.height >= key->second) return Reason::kKeyRevoked;
    return std::nullopt;
  }

  // --- who may do what: the default permissions, said again

  static bool is_for_everyone(const std::string& method) { return method.starts_with("evidence."); }
  static bool is_for_the_network(const std::string& method) {
    return method.starts_with("identity.") || method == "credential.define_type";
  }
  static std::set<std::string> roles_for(const std::string& method) {
    if (method == "identity.create_organisation" || method == "identity.suspend_organisation" ||
        method == "identity.resume_organisation" || method == "identity.manage_network_account" ||
        method.ends_with("_network_role")) {
      return {};
    }
    if (method.starts_with("identity.")) return {"org_admin"};
    if (method == "credential.suspend" || method == "credential.resume" || method == "credential.revoke") {
      return {"issuer", "revoker"};
    }
    return method.starts_with("credential.") ? std::set<std::string>{"issuer"} : std::set<std::string>{};
  }

  std::optional<Right> own_right(const std::string& id, const std::string& method, const std::string& concerned) const {
    const Account& account = accounts.at(id);
    if (!is_active(account)) return std::nullopt;
    const auto wanted = roles_for(method);
    std::optional<Right> elsewhere;
    for (const auto& [organisation, role] : account.roles) {
      const bool network = is_for_the_network(method) && role == "network_admin" && organisation == "mawei";
      const bool fits = wanted.contains(role) && (concerned.empty() || concerned == organisation);
      if ((!network && !fits) || !is_active_organisation(organisation)) continue;
      if (organisation == account.organisation) return Right{organisation, id};
      if (!elsewhere) elsewhere = Right{organisation, id};
    }
    if (elsewhere) return elsewhere;
    const bool own = concerned.empty() || concerned == party_of(id);
    return is_for_everyone(method) && own ? std::optional(Right{account.organisation, id}) : std::nullopt;
  }

  std::optional<Right> right(const std::string& method, const std::string& concerned) const {
    if (const auto own = own_right(signer_, method, concerned)) return own;
    if (method.starts_with("identity.") || !loans.contains(signer_)) return std::nullopt;
    for (const Loan& loan : loans.at(signer_)) {
      const bool covers = loan.scope == method || loan.scope == method.substr(0, method.find('.')) + ".*";
      if (!covers || now_.time_ms > loan.until_ms) continue;
      if (const auto lent = own_right(loan.from, method, concerned)) return lent;
    }
    return std::nullopt;
  }

  std::string party_of(const std::string& id) const {
    const std::string& organisation = accounts.at(id).organisation;
    return organisation.empty() ? "@" + id : organisation;
  }

  bool has_authority_over(const std::string& id, const std::string& method, bool self) const {
    if (self && signer_ == id) return true;
    const Account& account = accounts.at(id);
    const bool above =
        std::ranges::any_of(account.roles, [](const auto& r) { return r.second.starts_with("network_"); });
    return right(above ? "identity.manage_network_account" : method, account.registrar).has_value();
  }

  // --- identity

  Refusal identity(const Step& step) {
    const std::string method = step.method.substr(9);
    if (method.ends_with("_organisation")) return organisation(step, method);
    if (method.ends_with("_role")) return role(step, method);
    if (method.ends_with("_delegation") || method == "delegate") return delegation(step, method);
    if (method == "create_account") return create_account(step);
    if (!accounts.contains(step.subject)) return Reason::kNotFound;
    Account& account = accounts.at(step.subject);
    const bool is_state = method.ends_with("_account");
    if (!has_authority_over(step.subject, step.method, !is_state)) return Reason::kForbidden;
    if (is_state) {
      const bool suspend = method == "suspend_account";
      if (account.suspended == suspend) return Reason::kWrongState;
      account.suspended = suspend;
      return std::nullopt;
    }
    const auto key = account.keys.find(step.other);
    if (key == account.keys.end()) return Reason::kNotFound;
    if (key->second != 0) return Reason::kWrongState;
    if (method == "rotate_key") {
      if (used_keys_.contains(step.detail)) return Reason::kAlreadyExists;
      account.keys[step.detail] = 0;
      used_keys_.insert(step.detail);
    }
    account.keys[step.other] = now_.height;
    return std::nullopt;
  }

  Refusal organisation(const Step& step, const std::string& method) {
    const bool create = method == "create_organisation";
    if (!right(step.method, create ? "" : step.subject)) return Reason::kForbidden;
    if (create) return organisations.try_emplace(step.subject).second ? Refusal() : Reason::kAlreadyExists;
    if (!organisations.contains(step.subject)) return Reason::kNotFound;
    bool& suspended = organisations[step.subject].suspended;
    const bool suspend = method == "suspend_organisation";
    if (suspended == suspend) return Reason::kWrongState;
    suspended = suspend;
    return std::nullopt;
  }

  Refusal create_account(const Step& step) {
    if (!right(step.method, step.other)) return Reason::kForbidden;
    if (!organisations.contains(step.other)) return Reason::kNotFound;
    if (!is_active_organisation(step.other)) return Reason::kForbidden;
    if (accounts.contains(step.subject) || used_keys_.contains(step.detail)) return Reason::kAlreadyExists;
    open(step.subject, step.other, {});
    used_keys_.erase(step.subject);
    used_keys_.insert(step.detail);
    accounts[step.subject].keys = {{step.detail, 0}};
    return std::nullopt;
  }

  Refusal role(const Step& step, const std::string& method) {
    const bool network = step.detail.starts_with("network_");
    const bool grant = method == "grant_role";
    const std::string needed = grant ? (network ? "identity.grant_network_role" : "identity.grant_role")
                                     : (network ? "identity.revoke_network_role" : "identity.revoke_role");
    if (!right(needed, step.other)) return Reason::kForbidden;
    if (!accounts.contains(step.subject)) return Reason::kNotFound;
    auto& roles = accounts.at(step.subject).roles;
    const std::pair<std::string, std::string> entry{step.other, step.detail};
    const bool held = std::ranges::find(roles, entry) != roles.end();
    if (!grant) {
      std::erase(roles, entry);
      return held ? Refusal() : Reason::kNotFound;
    }
    if (!organisations.contains(step.other)) return Reason::kNotFound;
    if (!is_active_organisation(step.other)) return Reason::kForbidden;
    if (held) return Reason::kAlreadyExists;
    roles.push_back(entry);
    return std::nullopt;
  }

  Refusal delegation(const Step& step, const std::string& method) {
    const bool grant = method == "delegate";
    if (grant && (step.subject == step.other || step.until_ms <= now_.time_ms)) return Reason::kInvalidValue;
    if (signer_ != step.subject && (grant || signer_ != step.other)) return Reason::kForbidden;
    if (grant && !accounts.contains(step.other)) return Reason::kNotFound;
    auto& to = loans[step.other];
    const auto live = std::ranges::find_if(
        to, [&](const Loan& loan) { return loan.from == step.subject && now_.time_ms <= loan.until_ms; });
    if (!grant && live == to.end()) return Reason::kNotFound;
    if (live != to.end()) to.erase(live);
    if (grant) to.push_back({step.subject, step.detail, step.until_ms});
    return std::nullopt;
  }

  // --- credential

  Refusal credential(const Step& step) {
    const std::string method = step.method.substr(11);
    if (method == "issue") return issue(step);
    if (!credentials.contains(step.subject)) return Reason::kNotFound;
    Credential& record = credentials.at(step.subject);
    if (!right(step.method, record.issuer)) return Reason::kForbidden;
    const Status status = status_at(record, now_);
    const bool terminal = status == Status::kRevoked || status == Status::kSuperseded;
    if (method == "annotate") {
      if (terminal) return Reason::kWrongState;
      if (record.annotations == 64) return Reason::kTooLarge;
      ++record.annotations;
      return std::nullopt;
    }
    if (method == "new_version") return new_version(step, record, terminal);
    if (method == "revoke" && terminal) return Reason::kWrongState;
    if (method == "suspend" && status != Status::kValid) return Reason::kWrongState;
    if (method == "resume" && status != Status::kSuspended) return Reason::kWrongState;
    if (method != "revoke" && record.changes.size() >= 63) return Reason::kTooLarge;
    const Status next = method == "revoke"    ? Status::kRevoked
                        : method == "suspend" ? Status::kSuspended
                                              : Status::kValid;
    record.changes.emplace_back(now_, next);
    return std::nullopt;
  }

  Refusal issue(const Step& step) {
    const auto by = right(step.method, step.other);
    if (!by) return Reason::kForbidden;
    const std::string issuer = step.other.empty() ? by->organisation : step.other;
    if (issuer != "mawei" && issuer != "gulou") return Reason::kForbidden;
    return add(step.subject, issuer, step.until_ms);
  }

  Refusal add(const std::string& id, const std::string& issuer, std::int64_t until_ms) {
    constexpr std::int64_t kYearMs = std::int64_t{365} * 86'400'000;
    if (credentials.contains(id)) return Reason::kAlreadyExists;
    if (until_ms != 0 && until_ms <= now_.time_ms) return Reason::kInvalidValue;
    credentials[id] = {issuer, now_, until_ms == 0 ? now_.time_ms + kYearMs : until_ms, {}, 0, {}};
    return std::nullopt;
  }

  Refusal new_version(const Step& step, Credential& record, bool terminal) {
    const bool suspended = !record.changes.empty() && record.changes.back().second == Status::kSuspended;
    if (terminal || suspended) return Reason::kWrongState;
    if (const auto refusal = add(step.other, record.issuer, step.until_ms)) return refusal;
    record.changes.emplace_back(now_, Status::kSuperseded);
    record.next = step.other;
    return std::nullopt;
  }

  // --- evidence

  Refusal evidence(const Step& step, const std::string& output) {
    if (step.method == "evidence.transfer_custody") return transfer(step);
    if (step.subject.empty() && !step.other.empty()) return Reason::kInvalidValue;
    const auto by = right(step.method, "");
    if (!by) return Reason::kForbidden;
    const std::string owner = by->organisation.empty() ? "@" + by->of : by->organisation;
    if (!step.subject.empty()) {
      auto& matter = matters[owner + "/" + step.subject];
      if (!step.other.empty() && (matter.empty() || matter.back() != step.other)) return Reason::kConflict;
      matter.push_back(output);
    }
    custodians[output] = owner;
    return std::nullopt;
  }

  Refusal transfer(const Step& step) {
    if (!custodians.contains(step.subject)) return Reason::kMalformed;  // steps name real numbers or none at all
    std::string& custodian = custodians.at(step.subject);
    if (!right(step.method, custodian)) return Reason::kForbidden;
    if (step.other == custodian) return Reason::kWrongState;
    if (step.other.starts_with('@')) {
      const auto account = accounts.find(step.other.substr(1));
      if (account == accounts.end()) return Reason::kNotFound;
      if (!is_active(account->second)) return Reason::kForbidden;
      if (!account->second.organisation.empty()) return Reason::kInvalidValue;
    } else {
      if (!organisations.contains(step.other)) return Reason::kNotFound;
      if (!is_active_organisation(step.other)) return Reason::kForbidden;
    }
    custodian = step.other;
    return std::nullopt;
  }

  Moment now_;
  std::string signer_;
  std::set<std::string> used_keys_;
};

}  // namespace chancery::sim
