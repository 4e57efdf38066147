#include <fmt/core.h>

#include "cli/bench/bench_run.h"
#include "cli/bench/peers.h"

namespace chancery::cli::bench {
namespace {

constexpr double kFirstGuess_per_s = 40'000;
constexpr std::uint64_t kWarmUp_s = 4;
/// More is signed than is likely to be sent: a load that runs out would measure the signing.
constexpr double kSignedAhead = 1.25;
constexpr std::size_t kProofSamples = 2'000;

nlohmann::json settings_of(const BenchRun& run, const Throughput& load, std::uint64_t records_before) {
  return {{"suite", run.options().suite},
          {"seconds", load.seconds},
          {"records_before", records_before},
          {"transactions", load.final_count},
          {"transaction_bytes", load.bytes_per_transaction},
          {"through", "POST /v1/transactions/batch, 500 a request, 24 connections, until final"},
          {"node_cpu_s", load.node_cpu_s},
          {"generator_cpu_s", load.generator_cpu_s}};
}

/// A short load of 4 s, to know how much must be signed for the long one.
Result<double> estimate_per_s(BenchRun& run) {
  ASSIGN_OR_RETURN(const Throughput load, measure_throughput(run, kFirstGuess_per_s, kWarmUp_s));
  return load.per_s * kSignedAhead;
}

/// Of the whole node directory, with the node stopped and started again around the look: its log files are what a
/// restart leaves of them.
Result<std::uint64_t> bytes_at_rest(BenchRun& run) {
  TRY(run.wait_until_idle());
  run.stop_nodes();
  const std::uint64_t bytes = disk_bytes(run.node_directory());
  TRY(run.start_nodes());
  return bytes;
}

Status add_disk_figure(BenchRun& run, std::uint64_t transactions, std::uint64_t bytes_before) {
  ASSIGN_OR_RETURN(const std::uint64_t bytes_after, bytes_at_rest(run));
  nlohmann::json parts;
  for (const char* part : {"store", "readmodel.sqlite", "blobs", "batches"}) {
    parts[part] = disk_bytes(run.node_directory() + "/" + part);
  }
  const double growth = static_cast<double>(bytes_after) - static_cast<double>(bytes_before);
  run.report().add({"bytes_per_tx",
                    growth / static_cast<double>(transactions),
                    "bytes",
                    {{"transactions", transactions},
                     {"counted", "growth of the whole node directory, node stopped, nothing compacted by hand"},
                     {"parts_bytes", parts}},
                    {}});
  return {};
}

}  // namespace

Status bench_solo(BenchRun& run) {
  TRY(fill_to(run, run.options().records));
  ASSIGN_OR_RETURN(const double expected, estimate_per_s(run));
  ASSIGN_OR_RETURN(const std::uint64_t bytes_before, bytes_at_rest(run));
  ASSIGN_OR_RETURN(const std::uint64_t before, run.records());
  ASSIGN_OR_RETURN(const Throughput load, measure_throughput(run, expected, run.options().seconds));
  nlohmann::json settings = settings_of(run, load, before);
  // "With state proof": every record of the load can be proven at the head, a sample is.
  ASSIGN_OR_RETURN(std::vector<double> proofs_ms, measure_proofs_ms(run, load.prefix, load.final_count / 2, 200));
  settings["proof_p99_ms_after"] = percentile(proofs_ms, 0.99);
  Figure figure{"solo_tx_per_s", load.per_s, "tx/s", settings, {}};
  if (run.options().peers) TRY(add_throughput_peers(run, figure.peers));
  run.report().add(std::move(figure));
  TRY(add_disk_figure(run, load.final_count, bytes_before));
  const std::uint64_t seconds = std::min<std::uint64_t>(run.options().seconds, 30);
  ASSIGN_OR_RETURN(std::vector<double> latencies_ms, measure_latency_ms(run, load.per_s / 2, seconds));
  const double p50 = percentile(latencies_ms, 0.5);
  run.report().add(
      {"solo_final_p99_ms",
       percentile(latencies_ms, 0.99),
       "ms",
       {{"rate_per_s", load.per_s / 2}, {"seconds", seconds}, {"p50_ms", p50}, {"open_loop", true}, {"batch", 50}},
       {}});
  return {};
}

Status bench_many_records(BenchRun& run) {
  double first_per_s = 0;
  for (const Figure& figure : run.report().figures()) {
    if (figure.name == "solo_tx_per_s") first_per_s = figure.value;
  }
  TRY(fill_to(run, run.options().many_records));
  TRY(run.wait_until_idle());
  ASSIGN_OR_RETURN(const std::uint64_t before, run.records());
  ASSIGN_OR_RETURN(const Throughput load, measure_throughput(run, first_per_s * kSignedAhead, run.options().seconds));
  nlohmann::json settings = settings_of(run, load, before);
  settings["resident_bytes"] = run.node().resident_bytes();
  settings["peak_resident_bytes"] = run.node().peak_resident_bytes();
  settings["per_s"] = load.per_s;
  run.report().add({"solo_10m_ratio", load.per_s / first_per_s, "ratio", settings, {}});
  ASSIGN_OR_RETURN(std::vector<double> proofs_ms,
                   measure_proofs_ms(run, load.prefix, load.final_count / 2, kProofSamples));
  const double p50 = percentile(proofs_ms, 0.5);
  run.report().add({"proof_p99_ms",
                    percentile(proofs_ms, 0.99),
                    "ms",
                    {{"records", before + load.final_count},
                     {"samples", kProofSamples},
                     {"p50_ms", p50},
                     {"through", "GET /v1/records/...?proof=true, each verified"}},
                    {}});
  return {};
}

}  // namespace chancery::cli::bench
