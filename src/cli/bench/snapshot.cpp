#include <fmt/core.h>

#include "base/clock.h"
#include "cli/bench/bench_run.h"
#include "ledger/log_store.h"
#include "ledger/snapshot/directory.h"
#include "ledger/snapshot/reader.h"
#include "ledger/snapshot/writer.h"
#include "node/node_files.h"
#include "storage/store.h"

namespace chancery::cli::bench {
namespace {

double seconds_since(const Clock& clock, std::int64_t begin_us) {
  return static_cast<double>(clock.monotonic_us() - begin_us) / 1e6;
}

/// Every chunk read from disk, verified, stored; then both roots recomputed from what is read back.
Status install(const std::string& snapshot, const ledger::Genesis& genesis, const std::string& store_directory) {
  ASSIGN_OR_RETURN(const auto store, storage::Store::open({.path = store_directory}));
  ASSIGN_OR_RETURN(const Bytes manifest,
                   ledger::read_snapshot_file(ledger::manifest_path(snapshot), ledger::kManifestLimitBytes));
  ASSIGN_OR_RETURN(auto reader, ledger::SnapshotReader::begin(manifest, genesis, *store));
  while (!reader.complete()) {
    ASSIGN_OR_RETURN(const Bytes chunk,
                     ledger::read_snapshot_file(ledger::chunk_path(snapshot, reader.next()), ledger::kChunkLimitBytes));
    TRY(reader.add(chunk));
  }
  return reader.finish();
}

}  // namespace

Status bench_snapshot(BenchRun& run) {
  run.stop_nodes();
  BenchOptions own = run.options();
  own.directory += "/snapshot";
  ASSIGN_OR_RETURN(const auto fresh, BenchRun::open(own, run.terminal()));
  TRY(fill_to(*fresh, run.options().snapshot_records));
  TRY(fresh->wait_until_idle());
  fresh->stop_nodes();
  const ledger::Genesis& genesis = fresh->signer().genesis();
  const std::string parent = own.directory + "/snapshots";
  const SystemClock clock;
  ledger::SnapshotFacts facts;
  double write_s = 0;
  {
    ASSIGN_OR_RETURN(const auto store, storage::Store::open({.path = node::store_path(fresh->node_directory())}));
    const auto frozen = store->frozen();
    const auto note_of = [&](std::uint64_t height) -> Result<std::string> {
      ASSIGN_OR_RETURN(const wire::StoredBlock block, ledger::LogStore(*store).block(height));
      return block.checkpoint();
    };
    const std::int64_t begin_us = clock.monotonic_us();
    ASSIGN_OR_RETURN(facts, ledger::write_snapshot(*frozen, genesis, note_of, parent));
    write_s = seconds_since(clock, begin_us);
  }
  const std::int64_t begin_us = clock.monotonic_us();
  TRY(install(ledger::snapshot_directory(parent, facts.height), genesis, own.directory + "/joined"));
  const double install_s = seconds_since(clock, begin_us);
  const nlohmann::json settings = {{"suite", own.suite},
                                   {"records", facts.records},
                                   {"entries", facts.entries},
                                   {"chunks", facts.chunks},
                                   {"bytes", facts.stored_bytes}};
  run.report().add({"snapshot_write_s", write_s, "s", settings, {}});
  run.report().add({"snapshot_install_s", install_s, "s", settings, {}});
  return run.start_nodes();
}

}  // namespace chancery::cli::bench
