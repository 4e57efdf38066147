#include "cli/restore_drill.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "base/json.h"
#include "cli/files.h"
#include "cli/reexecution.h"
#include "ledger/log_store.h"
#include "ledger/receipt.h"
#include "node/backup.h"
#include "node/node_files.h"
#include "storage/store.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

std::string report_path(const std::string& node_directory) {
  return node_directory + "/drill.json";
}

bool is_backup(const std::string& directory) {
  return exists(node::genesis_path(directory)) && exists(node::store_path(directory));
}

Result<wire::StoredBlock> stored_block(const storage::Store& store, std::uint64_t height) {
  Result<wire::StoredBlock> block = ledger::LogStore(store).block(height);
  if (!block && block.error().reason == Reason::kNotFound) {
    return fail(Reason::kNotFound, fmt::format("what was restored has no block {}", height),
                fmt::format("恢复的账本中没有第 {} 区块", height));
  }
  return block;
}

/// Somebody holds this receipt and will come back with it: the restored ledger must be of its network, hold the same
/// entry at its place, and have had the same checkpoint at its height.
Status check_receipt(const std::string& path, const storage::Store& store, const ledger::TrustFile& trust) {
  ASSIGN_OR_RETURN(const Bytes content, read_file(path, ledger::kReceiptLimitBytes));
  ASSIGN_OR_RETURN(const ledger::Receipt receipt, ledger::Receipt::parse(content));
  const ledger::Verification verification = ledger::verify_receipt(receipt, trust);
  if (!verification.passed) {
    return fail(verification.failure.value_or(Reason::kProofInvalid),
                fmt::format("{}: {}", path, verification.steps.back().text_en),
                fmt::format("{}：{}", path, verification.steps.back().text_zh));
  }
  ASSIGN_OR_RETURN(const auto block, stored_block(store, verification.checkpoint.value().height));
  ASSIGN_OR_RETURN(const merkle::SignedNote now, merkle::parse_note(block.checkpoint()));
  ASSIGN_OR_RETURN(const merkle::SignedNote then, merkle::parse_note(receipt.checkpoint));
  if (now.text != then.text) {
    return fail(Reason::kProofInvalid, path + ": the restored ledger had another checkpoint at that height",
                path + "：恢复的账本在该高度的检查点不同");
  }
  if (receipt.entry.empty()) return {};
  ASSIGN_OR_RETURN(const auto entry, store.get(storage::Family::kEntries, u64_be(receipt.leaf_index)));
  if (entry && *entry == receipt.entry) return {};
  return fail(Reason::kProofInvalid, path + ": the restored ledger holds another entry there",
              path + "：恢复的账本在该位置的记录不同");
}

Status check_receipts(const std::vector<std::string>& paths, const std::string& directory, DrillReport& report) {
  ASSIGN_OR_RETURN(const std::string text, read_text(node::trust_path(directory)));
  ASSIGN_OR_RETURN(const ledger::TrustFile trust, ledger::TrustFile::parse(text));
  ASSIGN_OR_RETURN(const auto store, storage::Store::open({.path = node::store_path(directory), .read_only = true}));
  ASSIGN_OR_RETURN(const auto block, stored_block(*store, report.height));
  report.history_root = to_hex(as_bytes(block.header().history_root()));
  for (const std::string& path : paths) {
    TRY(check_receipt(path, *store, trust));
    ++report.receipts;
  }
  return {};
}

/// A node that joined with a snapshot has no first block to execute from.
Result<bool> has_first_block(const std::string& directory) {
  ASSIGN_OR_RETURN(const auto store, storage::Store::open({.path = node::store_path(directory), .read_only = true}));
  ASSIGN_OR_RETURN(const auto first, store->get(storage::Family::kBlocks, u64_be(1)));
  return first.has_value();
}

Status rehearse(const DrillPlan& plan, DrillReport& report,
                const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  ASSIGN_OR_RETURN(report.backup, newest_backup(plan.backups));
  const std::string restored = plan.scratch + "/node";
  TRY(make_directories(plan.scratch, Access::kOwnerOnly));
  TRY(node::restore_backup(report.backup, restored));
  ASSIGN_OR_RETURN(const node::BackupFacts facts, node::verify_backup(restored, !plan.fast));
  if (facts.network_id != plan.network_id) {
    return fail(Reason::kWrongNetwork, "the backup is of another network", "备份属于另一个网络");
  }
  report.height = facts.height;
  report.transactions = facts.transactions;
  report.state_root = to_hex(facts.state_root);
  TRY(check_receipts(plan.receipts, restored, report));
  ASSIGN_OR_RETURN(const bool from_genesis, has_first_block(restored));
  if (plan.fast || !from_genesis) return {};
  ASSIGN_OR_RETURN(const Reexecution again, reexecute(restored, plan.scratch + "/again", progress));
  report.executed_again = true;
  if (again.height == facts.height && again.state_root == facts.state_root) return {};
  return fail(Reason::kCorrupt, "executed again, the history ends elsewhere", "重新执行后历史终点不同");
}

}  // namespace

nlohmann::json DrillReport::to_json() const {
  return {{"format", "chancery-drill-v1"},
          {"time_ms", time_ms},
          {"duration_ms", duration_ms},
          {"backup", backup},
          {"height", height},
          {"transactions", transactions},
          {"state_root", state_root},
          {"history_root", history_root},
          {"executed_again", executed_again},
          {"receipts", receipts},
          {"passed", passed},
          {"failure_zh", failure_zh},
          {"failure_en", failure_en}};
}

Result<DrillReport> DrillReport::parse(std::string_view text) {
  ASSIGN_OR_RETURN(const Json json, parse_json(text));
  // Only what the doctor tells is read back.
  const auto time = json.is_object() ? json.find("time_ms") : json.end();
  const auto passed = json.is_object() ? json.find("passed") : json.end();
  if (time == json.end() || passed == json.end() || !time->is_number_integer() || !passed->is_boolean()) {
    return fail(Reason::kMalformed, "this is no report of a restore drill", "这不是恢复演练报告");
  }
  DrillReport report;
  report.time_ms = time->get<std::int64_t>();
  report.passed = passed->get<bool>();
  return report;
}

Result<std::string> newest_backup(const std::string& directory) {
  if (is_backup(directory)) return directory;
  std::string newest;
  fs::file_time_type newest_time = fs::file_time_type::min();
  std::error_code error;
  for (fs::directory_iterator item(directory, error), end; !error && item != end; item.increment(error)) {
    const std::string path = item->path().string();
    if (!is_backup(path)) continue;
    std::error_code ignored;
    const auto time = fs::last_write_time(node::genesis_path(path), ignored);
    if (newest.empty() || time > newest_time) {
      newest = path;
      newest_time = time;
    }
  }
  if (!newest.empty()) return newest;
  return fail(Reason::kNotFound, "there is no backup in " + directory, directory + " 中没有备份");
}

DrillReport rehearse_restore(const DrillPlan& plan, const Clock& clock,
                             const std::function<void(std::uint64_t done, std::uint64_t total)>& progress) {
  DrillReport report{.time_ms = clock.now_ms()};
  const std::int64_t begin_us = clock.monotonic_us();
  std::error_code ignored;
  fs::remove_all(plan.scratch, ignored);
  const Status done = rehearse(plan, report, progress);
  fs::remove_all(plan.scratch, ignored);
  report.duration_ms = (clock.monotonic_us() - begin_us) / 1'000;
  report.passed = done.has_value();
  if (!done) {
    report.failure_en = done.error().message();
    report.failure_zh = done.error().detail_zh.empty() ? done.error().message() : done.error().detail_zh;
  }
  return report;
}

Status keep_drill_report(const std::string& node_directory, const DrillReport& report) {
  const std::string text = report.to_json().dump(2) + "\n";
  return write_file(report_path(node_directory), as_bytes(text), Overwrite::kAllow, Access::kEverybody);
}

Result<std::optional<DrillReport>> last_drill(const std::string& node_directory) {
  if (!exists(report_path(node_directory))) return std::optional<DrillReport>{};
  ASSIGN_OR_RETURN(const std::string text, read_text(report_path(node_directory)));
  ASSIGN_OR_RETURN(DrillReport report, DrillReport::parse(text));
  return std::optional(std::move(report));
}

}  // namespace chancery::cli
