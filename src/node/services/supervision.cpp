#include "node/services/supervision.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <mutex>

#include "base/json.h"
#include "base/json_reader.h"
#include "base/log.h"
#include "base/metrics.h"
#include "contracts/identity/records.h"
#include "contracts/supervision/contract.h"
#include "node/files.h"
#include "node/services/ledger_reads.h"

namespace chancery::node {

namespace supervision = contracts::supervision;

namespace {

constexpr std::size_t kPositionLimitBytes = 4U << 20;
/// At most so many entries are evaluated again after a crash.
constexpr std::uint64_t kSaveEveryEntries = 5'000;
constexpr std::size_t kRulesLimit = 256;

using Rules = std::vector<wire::SupervisionRule>;

Json to_json(const Alert& alert) {
  const supervision::Finding& finding = alert.finding;
  return {{"number", alert.number},
          {"rule", finding.rule},
          {"leaf_index", finding.leaf_index},
          {"height", finding.height},
          {"time_ms", finding.time_ms},
          {"call", finding.call},
          {"method", finding.method},
          {"account", finding.account},
          {"sentence_zh", finding.sentence_zh},
          {"sentence_en", finding.sentence_en}};
}

Result<Alert> from_json(const Json& line) {
  JsonReader reader(line);
  Alert out;
  supervision::Finding& finding = out.finding;
  ASSIGN_OR_RETURN(out.number, reader.required_unsigned("number"));
  ASSIGN_OR_RETURN(finding.rule, reader.required_string("rule", 64));
  ASSIGN_OR_RETURN(finding.leaf_index, reader.required_unsigned("leaf_index"));
  ASSIGN_OR_RETURN(finding.height, reader.required_unsigned("height"));
  ASSIGN_OR_RETURN(finding.time_ms, reader.required_integer("time_ms", 0, std::numeric_limits<std::int64_t>::max()));
  ASSIGN_OR_RETURN(const std::uint64_t call, reader.required_unsigned("call", 1'000));
  finding.call = static_cast<std::uint32_t>(call);
  ASSIGN_OR_RETURN(finding.method, reader.required_string("method", 200));
  ASSIGN_OR_RETURN(finding.account, reader.required_string("account", 64));
  ASSIGN_OR_RETURN(finding.sentence_zh, reader.required_string("sentence_zh", 1'000));
  ASSIGN_OR_RETURN(finding.sentence_en, reader.required_string("sentence_en", 1'000));
  return out;
}

/// The rules that the network began with: the genesis has no entries.
Result<Rules> first_rules(const ledger::Ledger& ledger) {
  const auto& contracts = ledger.genesis().contracts;
  const auto section = contracts.find("supervision");
  if (section == contracts.end()) return Rules{};
  return supervision::rules_of_genesis(*section);
}

}  // namespace

struct Supervision::State {
  std::string directory;
  const ledger::Ledger* ledger = nullptr;
  mutable std::mutex mutex;  ///< guards what readers see: alerts, position
  std::vector<Alert> alerts;
  std::uint64_t position = 0;
  std::uint64_t saved_position = 0;
  std::unique_ptr<supervision::Evaluator> evaluator;

  std::string alerts_path() const { return directory + "/alerts.jsonl"; }
  std::string position_path() const { return directory + "/position.json"; }

  Status restore();
  Status start_over();
  Status refill_windows();
  Status save();
  Status append(const std::vector<Alert>& found) const;
};

Supervision::Supervision() : state_(std::make_unique<State>()) {}
Supervision::~Supervision() = default;

Result<std::unique_ptr<Supervision>> Supervision::open(const std::string& directory, const ledger::Ledger& ledger) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return fail(Reason::kStorageFailed, error.message());
  std::unique_ptr<Supervision> out(new Supervision());
  State& state = *out->state_;
  state.directory = directory;
  state.ledger = &ledger;
  if (const Status restored = state.restore(); !restored) {
    // Derived data: made again rather than mended.
    if (restored.error().reason != Reason::kNotFound) log_error("supervision.start_over", restored.error());
    TRY(state.start_over());
  }
  return out;
}

Status Supervision::State::start_over() {
  ASSIGN_OR_RETURN(const Rules rules, first_rules(*ledger));
  evaluator = std::make_unique<supervision::Evaluator>(rules);
  alerts.clear();
  position = saved_position = ledger->horizon().first_entry;
  std::error_code ignored;
  std::filesystem::remove(alerts_path(), ignored);
  std::filesystem::remove(position_path(), ignored);
  return {};
}

Status Supervision::State::restore() {
  ASSIGN_OR_RETURN(const std::string text, read_file(position_path(), kPositionLimitBytes));
  ASSIGN_OR_RETURN(const Json document, parse_json(text, {.max_bytes = kPositionLimitBytes}));
  JsonReader reader(document);
  ASSIGN_OR_RETURN(position, reader.required_unsigned("leaf"));
  ASSIGN_OR_RETURN(const std::uint64_t count, reader.required_unsigned("alerts"));
  ASSIGN_OR_RETURN(const auto encoded, reader.required_strings("rules", kRulesLimit, kPositionLimitBytes));
  if (position > ledger->head().tree_size) return fail(Reason::kCorrupt, "the ledger is older than the alerts");
  Rules rules;
  for (const std::string& each : encoded) {
    const auto bytes = from_base64(each);
    if (!bytes || !rules.emplace_back().ParseFromArray(bytes->data(), static_cast<int>(bytes->size()))) {
      return fail(Reason::kCorrupt, "a rule can't be read");
    }
  }
  std::ifstream file(alerts_path(), std::ios::binary);
  std::string line;
  std::uintmax_t good_bytes = 0;
  while (alerts.size() < count && std::getline(file, line) && !file.eof()) {
    ASSIGN_OR_RETURN(const Json parsed, parse_json(line));
    ASSIGN_OR_RETURN(alerts.emplace_back(), from_json(parsed));
    good_bytes += line.size() + 1;
  }
  file.close();
  if (alerts.size() != count) return fail(Reason::kCorrupt, "alerts are missing");
  if (count > 0) {
    std::error_code error;
    std::filesystem::resize_file(alerts_path(), good_bytes, error);  // what came after the position comes again
    if (error) return fail(Reason::kStorageFailed, error.message());
  }
  saved_position = position;
  evaluator = std::make_unique<supervision::Evaluator>(rules);
  return refill_windows();
}

/// What the windows held at the position: only entries that are younger than the longest of them.
Status Supervision::State::refill_windows() {
  if (position == 0 || evaluator->memory_ms() == 0) return {};
  if (position <= ledger->horizon().first_entry) return {};
  ASSIGN_OR_RETURN(const wire::Entry last, ledger->entry(position - 1));
  const std::int64_t from_ms = std::max(last.time_ms() - evaluator->memory_ms(), ledger->genesis().created_ms);
  const auto found = ledger->height_at(from_ms);
  if (!found && found.error().reason != Reason::kGone) return std::unexpected(found.error());
  ASSIGN_OR_RETURN(const wire::StoredBlock block, ledger->block(found.value_or(ledger->horizon().first_block)));
  for (std::uint64_t leaf = block.header().first_leaf(); leaf < position; ++leaf) {
    ASSIGN_OR_RETURN(const wire::Entry entry, ledger->entry(leaf));
    TRY(evaluator->take(leaf, entry));
  }
  return {};
}

Status Supervision::State::append(const std::vector<Alert>& found) const {
  if (found.empty()) return {};
  std::ofstream file(alerts_path(), std::ios::binary | std::ios::app);
  for (const Alert& alert : found) file << to_json(alert).dump() << '\n';
  file.flush();
  return file ? Status{} : fail(Reason::kStorageFailed, "the alerts could not be written");
}

Status Supervision::State::save() {
  Json rules = Json::array();
  for (const wire::SupervisionRule& rule : evaluator->rules())
    rules.push_back(to_base64(as_bytes(rule.SerializeAsString())));
  TRY(write_file(position_path(), Json{{"leaf", position}, {"alerts", alerts.size()}, {"rules", rules}}.dump() + "\n"));
  saved_position = position;
  return {};
}

Status Supervision::catch_up(std::uint64_t max_entries) {
  static Counter& raised = metrics().counter("chancery_supervision_alerts_total", "Alerts that the rules have raised.");
  State& state = *state_;
  const std::uint64_t size = state.ledger->head().tree_size;
  const std::uint64_t until = std::min(size, state.position + max_entries);
  std::vector<Alert> found;
  std::uint64_t leaf = state.position;
  for (; leaf < until; ++leaf) {
    ASSIGN_OR_RETURN(const wire::Entry entry, state.ledger->entry(leaf));
    ASSIGN_OR_RETURN(auto findings, state.evaluator->take(leaf, entry));
    for (auto& finding : findings) found.push_back({state.alerts.size() + found.size() + 1, std::move(finding)});
  }
  TRY(state.append(found));
  raised.add(found.size());
  const bool news = !found.empty();
  {
    const std::lock_guard lock(state.mutex);
    state.alerts.insert(state.alerts.end(), std::make_move_iterator(found.begin()),
                        std::make_move_iterator(found.end()));
    state.position = leaf;
  }
  return news || leaf >= state.saved_position + kSaveEveryEntries ? state.save() : Status{};
}

std::uint64_t Supervision::position() const {
  const std::lock_guard lock(state_->mutex);
  return state_->position;
}

Supervision::Page Supervision::list(std::uint64_t before, std::size_t limit, std::string_view rule) const {
  const std::lock_guard lock(state_->mutex);
  Page page;
  page.total = state_->alerts.size();
  std::uint64_t number = before == 0 ? page.total : std::min(page.total, before - 1);
  for (; number > 0 && page.items.size() < limit; --number) {
    const Alert& alert = state_->alerts[number - 1];
    if (rule.empty() || alert.finding.rule == rule) page.items.push_back(alert);
  }
  if (number > 0) page.before = number + 1;
  return page;
}

Result<Alert> Supervision::find(std::uint64_t number) const {
  const std::lock_guard lock(state_->mutex);
  if (number >= 1 && number <= state_->alerts.size()) return state_->alerts[number - 1];
  return fail(Reason::kNotFound, fmt::format("there is no alert {}", number), fmt::format("没有第 {} 号预警", number));
}

Status require_overseer(const ledger::Ledger& ledger, std::int64_t now_ms, std::string_view account_id) {
  ASSIGN_OR_RETURN(const wire::Account account, read_account(ledger, account_id));
  const std::uint64_t height = ledger.head().height;
  for (const wire::RoleGrant& grant : account.roles()) {
    const bool overseer = grant.role() == "regulator" || grant.role() == "audit_admin" ||
                          grant.role() == "security_admin" || grant.role() == "network_admin";
    if (overseer && !account.suspended() && contracts::identity::is_live(grant, height, now_ms)) return {};
  }
  return fail(Reason::kForbidden,
              fmt::format("alerts are shown to regulator, audit_admin, security_admin and network_admin; {} is none",
                          account_id),
              fmt::format("预警仅供监管、审计、安全和网络管理人员查看；{} 不具备所需角色", account_id));
}

}  // namespace chancery::node
