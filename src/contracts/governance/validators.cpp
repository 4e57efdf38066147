#include "contracts/governance/validators.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "contracts/field_rules.h"
#include "contracts/governance/records.h"
#include "crypto/signature.h"

namespace chancery::contracts::governance {

namespace {

constexpr std::size_t kEd25519Bytes = 32;

std::unexpected<Error> no_governance() {
  return fail(Reason::kNotFound, "the network has no record of validators", "本网络没有验证节点记录");
}

Result<wire::ValidatorSet> set_from(const Context& governance, std::uint64_t from_height) {
  wire::ValidatorSet set;
  ASSIGN_OR_RETURN(const bool found, load(governance, kValidators, fmt::to_string(from_height), set));
  if (!found) return no_governance();
  return set;
}

bool is_validator_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7F && c != '+'; });
}

bool is_ed25519(std::string_view bytes) {
  return crypto::PublicKey::parse(crypto::SignatureAlgorithm::kEd25519, as_bytes(bytes)).has_value();
}

}  // namespace

Result<wire::ValidatorSet> newest_validators(const Context& context) {
  const Context governance = context.as(kContractName);
  wire::Counter newest;
  ASSIGN_OR_RETURN(const bool found, load(governance, kValidators, kNewest, newest));
  if (!found) return no_governance();
  return set_from(governance, newest.value());
}

Result<wire::ValidatorSet> validators_at(const Context& context, std::uint64_t height) {
  ASSIGN_OR_RETURN(wire::ValidatorSet set, newest_validators(context));
  while (set.from_height() > height) {
    if (set.previous_from_height() == 0) return no_governance();
    ASSIGN_OR_RETURN(set, set_from(context.as(kContractName), set.previous_from_height()));
  }
  return set;
}

std::uint64_t total_power(const wire::ValidatorSet& set) {
  std::uint64_t sum = 0;
  for (const wire::ValidatorEntry& one : set.validators()) sum += one.power();
  return sum;
}

std::uint64_t power_of(const wire::ValidatorSet& set, std::string_view organisation) {
  std::uint64_t sum = 0;
  for (const wire::ValidatorEntry& one : set.validators()) {
    if (one.organisation() == organisation) sum += one.power();
  }
  return sum;
}

Status check_entry(const wire::ValidatorEntry& entry, bool removal) {
  if (!is_validator_name(entry.name())) {
    return invalid("validators.name", "must be 1 to 64 printable ASCII characters without space and +",
                   "应为 1 至 64 个可打印 ASCII 字符，不含空格和 +");
  }
  if (entry.power() > kLargestPower) return invalid("validators.power", "is above 1000000000", "超过 1000000000");
  if (removal && entry.power() == 0) return {};
  if (entry.power() == 0) return invalid("validators.power", "must be positive", "应为正数");
  TRY(require_organisation_id("validators.organisation", entry.organisation()));
  const auto algorithm = crypto::signature_algorithm_from_number(entry.algorithm());
  if (!algorithm || !crypto::PublicKey::parse(*algorithm, as_bytes(entry.public_key()))) {
    return invalid("validators.public_key", "is no key of the algorithm", "不是该算法的公钥");
  }
  if (!is_ed25519(entry.log_key())) return invalid("validators.log_key", "is no Ed25519 key", "不是 Ed25519 公钥");
  if (!entry.engine_key().empty() && (entry.engine_key().size() != kEd25519Bytes || !is_ed25519(entry.engine_key()))) {
    return invalid("validators.engine_key", "is no Ed25519 key", "不是 Ed25519 公钥");
  }
  return {};
}

Result<wire::ValidatorSet> changed(const wire::ValidatorSet& before, const wire::ChangeValidators& changes) {
  std::map<std::string, wire::ValidatorEntry> entries;
  for (const wire::ValidatorEntry& one : before.validators()) entries.emplace(one.name(), one);
  std::set<std::string> named;
  for (const wire::ValidatorEntry& one : changes.changes()) {
    TRY(check_entry(one, true));
    if (!named.insert(one.name()).second) return invalid("changes.name", "occurs twice", "重复出现");
    if (one.power() != 0) {
      entries.insert_or_assign(one.name(), one);
    } else if (entries.erase(one.name()) == 0) {
      return fail(Reason::kNotFound, fmt::format("there is no validator {}", one.name()),
                  fmt::format("没有验证节点 {}", one.name()));
    }
  }
  if (entries.empty()) return invalid("changes", "would leave no validator", "将导致没有验证节点");
  if (entries.size() > kValidatorsInSet) return over_limit("validators", entries.size(), kValidatorsInSet);
  wire::ValidatorSet out;
  std::set<std::string> keys;
  for (auto& [name, entry] : entries) {
    if (!keys.insert(entry.public_key()).second) {
      return invalid("validators.public_key", "is used by two validators", "被两个验证节点使用");
    }
    *out.add_validators() = std::move(entry);
  }
  return out;
}

std::uint64_t moved_power(const wire::ValidatorSet& before, const wire::ValidatorSet& after) {
  // Power that passes to another key moves, whatever the validator is called.
  const auto holder = [](const wire::ValidatorEntry& one) {
    return std::tuple(one.name(), one.organisation(), one.public_key(), one.engine_key());
  };
  using Holder = std::tuple<std::string, std::string, std::string, std::string>;
  std::map<Holder, std::pair<std::uint64_t, std::uint64_t>> powers;
  for (const wire::ValidatorEntry& one : before.validators()) powers[holder(one)].first = one.power();
  for (const wire::ValidatorEntry& one : after.validators()) powers[holder(one)].second = one.power();
  std::uint64_t moved = 0;
  for (const auto& [key, power] : powers) {
    moved += power.first > power.second ? power.first - power.second : power.second - power.first;
  }
  return moved;
}

Status store_validators(Context& context, wire::ValidatorSet set, std::uint64_t from_height) {
  const std::uint64_t soonest = context.height() + kValidatorNoticeBlocks;
  std::uint64_t after = 0;
  wire::Counter newest;
  ASSIGN_OR_RETURN(const bool exists, load(context, kValidators, kNewest, newest));
  if (exists) after = newest.value();
  if (from_height == 0) from_height = std::max(soonest, after + 1);
  if (exists && (from_height < soonest || from_height <= after)) {
    return invalid(
        "from_height",
        fmt::format("must be at least {} (two blocks ahead, and after the set from {})", std::max(soonest, after + 1),
                    after),
        fmt::format("至少应为 {}（提前两个区块，且晚于自 {} 起的集合）", std::max(soonest, after + 1), after));
  }
  set.set_from_height(from_height);
  set.set_previous_from_height(after);
  store(context, kValidators, fmt::to_string(from_height), set);
  newest.set_value(from_height);
  store(context, kValidators, kNewest, newest);
  return {};
}

}  // namespace chancery::contracts::governance
