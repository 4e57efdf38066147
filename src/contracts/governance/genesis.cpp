// The governance section of the genesis file (docs/formats/governance.md), and the validators that the file begins
// with.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/json_reader.h"
#include "contracts/field_rules.h"
#include "contracts/genesis_place.h"
#include "contracts/governance/constitution.h"
#include "contracts/governance/contract.h"
#include "contracts/governance/council.h"
#include "contracts/governance/protocol.h"
#include "contracts/governance/records.h"
#include "contracts/governance/validators.h"
#include "contracts/governance/words.h"
#include "contracts/identity/identity.h"
#include "crypto/signature.h"

namespace chancery::contracts::governance {

namespace {

using Names = google::protobuf::RepeatedPtrField<std::string>;

/// "2/3" or ">2/3".
Result<wire::Fraction> fraction_from(const JsonReader& reader, std::string_view member, std::string_view text) {
  wire::Fraction out;
  if (text.starts_with('>')) {
    out.set_more_than(true);
    text.remove_prefix(1);
  }
  std::uint32_t numerator = 0;
  std::uint32_t denominator = 0;
  const char* const last = text.data() + text.size();
  const auto above = std::from_chars(text.data(), last, numerator);
  if (above.ec != std::errc{} || above.ptr == last || *above.ptr != '/')
    return reader.refuse(member, "must be like 2/3");
  const auto below = std::from_chars(above.ptr + 1, last, denominator);
  if (below.ec != std::errc{} || below.ptr != last) return reader.refuse(member, "must be like 2/3 or >2/3");
  out.set_numerator(numerator);
  out.set_denominator(denominator);
  return out;
}

Status read_names(JsonReader& reader, std::string_view member, std::size_t max, std::size_t max_chars, Names& out) {
  ASSIGN_OR_RETURN(const auto names, reader.optional_strings(member, max, max_chars));
  for (const std::string& name : names) *out.Add() = name;
  return {};
}

Result<std::int64_t> period_from(JsonReader& reader, std::string_view member) {
  return reader.required_integer(member, 0, kLongestPeriodMs);
}

Result<wire::KindRule> rule_from(JsonReader& reader) {
  wire::KindRule rule;
  ASSIGN_OR_RETURN(const std::string kind, reader.required_string("kind", 32));
  const auto known = kind_from(kind);
  if (!known) return reader.refuse("kind", "is no kind of proposal");
  rule.set_kind(*known);
  TRY(read_names(reader, "proposer_roles", kRolesInRule, 32, *rule.mutable_proposer_roles()));
  ASSIGN_OR_RETURN(const auto organisations, reader.optional_string("organisations", 16));
  if (organisations) {
    ASSIGN_OR_RETURN(*rule.mutable_organisations(), fraction_from(reader, "organisations", *organisations));
  }
  ASSIGN_OR_RETURN(const auto power, reader.optional_string("power", 16));
  if (power) {
    ASSIGN_OR_RETURN(*rule.mutable_power(), fraction_from(reader, "power", *power));
  }
  ASSIGN_OR_RETURN(const std::int64_t voting_ms, period_from(reader, "voting_ms"));
  rule.set_voting_ms(voting_ms);
  ASSIGN_OR_RETURN(const std::int64_t delay_ms, period_from(reader, "delay_ms"));
  rule.set_delay_ms(delay_ms);
  ASSIGN_OR_RETURN(const auto delay_blocks, reader.optional_unsigned("delay_blocks", kLongestDelayBlocks));
  rule.set_delay_blocks(delay_blocks.value_or(0));
  ASSIGN_OR_RETURN(const std::int64_t execution_ms, period_from(reader, "execution_ms"));
  rule.set_execution_ms(execution_ms);
  TRY(read_names(reader, "veto_roles", kRolesInRule, 32, *rule.mutable_veto_roles()));
  TRY(read_names(reader, "veto_organisations", kOrganisationsInVeto, 32, *rule.mutable_veto_organisations()));
  TRY(reader.refuse_unknown_members());
  return rule;
}

Status read_bounds(JsonReader& reader, wire::Constitution& out) {
  if (!reader.has("bounds")) return {};
  ASSIGN_OR_RETURN(auto bounds, reader.required_objects("bounds", kBoundsInConstitution));
  for (JsonReader& each : bounds) {
    wire::ParameterBound& bound = *out.add_bounds();
    ASSIGN_OR_RETURN(*bound.mutable_name(), each.required_string("name", 64));
    ASSIGN_OR_RETURN(const std::int64_t min, each.required_integer("min", INT64_MIN, INT64_MAX));
    ASSIGN_OR_RETURN(const std::int64_t max, each.required_integer("max", INT64_MIN, INT64_MAX));
    bound.set_min(min);
    bound.set_max(max);
    TRY(each.refuse_unknown_members());
  }
  return {};
}

Result<wire::Constitution> constitution_from(JsonReader reader) {
  wire::Constitution out;
  ASSIGN_OR_RETURN(auto rules, reader.required_objects("rules", kRulesInConstitution));
  for (JsonReader& rule : rules) {
    ASSIGN_OR_RETURN(*out.add_rules(), rule_from(rule));
  }
  TRY(read_names(reader, "voter_roles", kRolesInRule, 32, *out.mutable_voter_roles()));
  TRY(read_bounds(reader, out));
  TRY(read_names(reader, "reserved_methods", kReservedMethods, 129, *out.mutable_reserved_methods()));
  ASSIGN_OR_RETURN(const std::string change, reader.required_string("max_power_change", 16));
  ASSIGN_OR_RETURN(*out.mutable_max_power_change(), fraction_from(reader, "max_power_change", change));
  ASSIGN_OR_RETURN(const std::int64_t freeze_ms, reader.required_integer("longest_freeze_ms", 1, kLongestFreezeMs));
  out.set_longest_freeze_ms(freeze_ms);
  TRY(reader.refuse_unknown_members());
  TRY(at_place(reader, check_constitution(out)));
  return out;
}

Result<wire::ValidatorEntry> validator_from(JsonReader& reader) {
  wire::ValidatorEntry out;
  ASSIGN_OR_RETURN(*out.mutable_name(), reader.required_string("name", 64));
  ASSIGN_OR_RETURN(*out.mutable_organisation(), reader.required_string("organisation", 64));
  ASSIGN_OR_RETURN(const std::int64_t power, reader.required_integer("power", 1, kLargestPower));
  out.set_power(static_cast<std::uint64_t>(power));
  ASSIGN_OR_RETURN(const std::string name, reader.required_string("algorithm", 32));
  const auto algorithm = crypto::signature_algorithm_from_string(name);
  if (!algorithm) return reader.refuse("algorithm", "no such algorithm");
  out.set_algorithm(static_cast<std::uint32_t>(*algorithm));
  ASSIGN_OR_RETURN(const Bytes key, reader.required_hex("public_key", 65));
  out.set_public_key(to_string(key));
  ASSIGN_OR_RETURN(const Bytes log_key, reader.required_hex("log_key", 32));
  out.set_log_key(to_string(log_key));
  if (reader.has("engine_key")) {
    ASSIGN_OR_RETURN(const Bytes engine_key, reader.required_hex("engine_key", 32));
    out.set_engine_key(to_string(engine_key));
  }
  TRY(at_place(reader, check_entry(out, false)));
  return out;
}

}  // namespace

Status GovernanceContract::genesis(Context& context, const nlohmann::json& section) const {
  JsonReader reader(section, "/contracts/governance");
  ASSIGN_OR_RETURN(const auto council, reader.required_strings("council", kOrganisationsInCouncil, 32));
  if (council.empty()) return reader.refuse("council", "needs at least one organisation");
  ASSIGN_OR_RETURN(JsonReader constitution, reader.required_object("constitution"));
  TRY(reader.refuse_unknown_members());
  ASSIGN_OR_RETURN(wire::Constitution first, constitution_from(std::move(constitution)));
  for (const std::string& organisation : council) {
    TRY(at_place(reader, identity::require_active_organisation(context, organisation)));
    TRY(at_place(reader, join_council(context, organisation)));
  }
  TRY(adopt(context, std::move(first)));
  // There from the first block on, so that finding nothing frozen costs no search.
  wire::FreezeSummary nothing;
  nothing.set_accounts_until_ms(1);
  store(context, kFreezes, kSummary, nothing);
  wire::ProtocolVersion protocol;
  protocol.set_version(kFirstProtocolVersion);
  return store_protocol(context, std::move(protocol), context.height());
}

Status GovernanceContract::begin_network(Context& context, const nlohmann::json& document) const {
  JsonReader reader(document);
  ASSIGN_OR_RETURN(auto validators, reader.required_objects("validators", kValidatorsInSet));
  std::vector<wire::ValidatorEntry> entries;
  for (JsonReader& validator : validators) {
    ASSIGN_OR_RETURN(entries.emplace_back(), validator_from(validator));
  }
  std::ranges::sort(entries, {}, &wire::ValidatorEntry::name);
  wire::ValidatorSet set;
  for (wire::ValidatorEntry& entry : entries) *set.add_validators() = std::move(entry);
  return store_validators(context, std::move(set), context.height());
}

}  // namespace chancery::contracts::governance
