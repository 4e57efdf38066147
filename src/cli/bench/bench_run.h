#pragma once
// One run of the benchmarks: a directory, the nodes as child processes, the loader's key, the figures found so far.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cli/bench/load_connection.h"
#include "cli/bench/report.h"
#include "cli/bench/signed_load.h"
#include "cli/child_node.h"
#include "cli/terminal.h"

namespace chancery::cli::bench {

struct BenchOptions {
  std::string directory;  ///< emptied before and after
  std::string program;    ///< empty: this one
  std::string suite = "gm";
  std::uint64_t seconds = 60;       ///< of each timed load
  std::uint64_t records = 100'000;  ///< before the first timed load
  std::uint64_t many_records = 10'000'000;
  std::uint64_t snapshot_records = 1'000'000;
  std::uint64_t deposits = 1'000'000;  ///< digests of one batch
  bool peers = true;
  std::size_t organisations = 1;  ///< each with a validator of its own; 1: the embedded engine
};

class BenchRun {
 public:
  static Result<std::unique_ptr<BenchRun>> open(const BenchOptions& options, Terminal& terminal);

  Terminal& terminal() { return terminal_; }
  const BenchOptions& options() const { return options_; }
  Report& report() { return report_; }
  LoadSigner& signer() { return signer_; }
  /// The first, or only, node.
  ChildNode& node() { return *nodes_.front(); }
  const std::string& node_directory() const { return directories_.front(); }
  std::vector<std::uint16_t> ports() const;
  /// Of all nodes, without their engines.
  double nodes_cpu_s() const;
  const std::string& passphrase() const { return passphrase_; }

  Status start_nodes();
  void stop_nodes();
  void kill_nodes();
  /// Records in the state, from /v1/status.
  Result<std::uint64_t> records();
  /// Until the read model shows all that is final, so that no old work runs inside a timed phase.
  Status wait_until_idle();
  /// A prefix that no id had before.
  std::string fresh_prefix();

 private:
  BenchRun(BenchOptions options, Terminal& terminal, LoadSigner signer)
      : options_(std::move(options)), terminal_(terminal), signer_(std::move(signer)) {}
  BenchOptions options_;
  Terminal& terminal_;
  Report report_;
  LoadSigner signer_;
  std::vector<std::unique_ptr<ChildNode>> nodes_;
  std::vector<std::string> directories_;
  std::string passphrase_;
  std::uint64_t phases_ = 0;
};

struct Throughput {
  double per_s = 0;
  std::size_t final_count = 0;
  std::size_t refused_count = 0;
  double seconds = 0;
  double node_cpu_s = 0;
  double generator_cpu_s = 0;
  double bytes_per_transaction = 0;
  std::string prefix;  ///< ids of the credentials are prefix + 0, 1, ...
  std::size_t sent = 0;
  std::vector<Digest> ids;
};

/// Fills up to `records` records through the batch endpoint, 64 calls a transaction. The last thousand or so may be
/// over.
Status fill_to(BenchRun& run, std::uint64_t records);
/// Closed loop; `expected_per_s` says how many to sign before.
Result<Throughput> measure_throughput(BenchRun& run, double expected_per_s, std::uint64_t seconds);
/// Open loop at `per_s`; latencies in ms, a sample a transaction batch of 50, from its planned sending to its answer.
Result<std::vector<double>> measure_latency_ms(BenchRun& run, double per_s, std::uint64_t seconds);
/// Full state proofs over HTTP of random credentials "<prefix><0..count)", each verified; latencies in ms.
Result<std::vector<double>> measure_proofs_ms(BenchRun& run, const std::string& prefix, std::uint64_t count,
                                              std::size_t samples);

/// Each adds its figure or figures to the report.
Status bench_solo(BenchRun& run);
Status bench_start(BenchRun& run);
Status bench_receipt(BenchRun& run);
Status bench_deposits(BenchRun& run);
Status bench_many_records(BenchRun& run);
Status bench_network(BenchRun& run);
/// On a node of its own: writes a snapshot of its store and installs it in another.
Status bench_snapshot(BenchRun& run);

}  // namespace chancery::cli::bench
