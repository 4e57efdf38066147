#include <fmt/core.h>

#include <algorithm>

#include "cli/bench/bench_run.h"
#include "cli/bench/peers.h"
#include "consensus/cometbft/comet_process.h"

namespace chancery::cli::bench {
namespace {

constexpr std::size_t kOrganisations = 4;
constexpr double kFirstGuess_per_s = 12'000;
constexpr std::uint64_t kWarmUp_s = 5;
constexpr double kSignedAhead = 1.3;
constexpr std::uint64_t kLongest_s = 60;  // as long as a transaction's window allows with its signing

}  // namespace

/// Four validators on this machine: ordered by CometBFT, final with cosignatures of more than two thirds.
Status bench_network(BenchRun& run) {
  if (const auto found = consensus::find_cometbft(); !found) {
    run.terminal().say(found.error().message());
    return {};
  }
  run.stop_nodes();
  BenchOptions own = run.options();
  own.directory += "/network";
  own.organisations = kOrganisations;
  ASSIGN_OR_RETURN(const auto network, BenchRun::open(own, run.terminal()));
  ASSIGN_OR_RETURN(const Throughput first, measure_throughput(*network, kFirstGuess_per_s, kWarmUp_s));
  const std::uint64_t seconds = std::min(run.options().seconds, kLongest_s);
  ASSIGN_OR_RETURN(const Throughput load, measure_throughput(*network, first.per_s * kSignedAhead, seconds));
  run.report().add({"net4_tx_per_s",
                    load.per_s,
                    "tx/s",
                    {{"suite", own.suite},
                     {"seconds", load.seconds},
                     {"transactions", load.final_count},
                     {"transaction_bytes", load.bytes_per_transaction},
                     {"validators", kOrganisations},
                     {"through",
                      "POST /v1/transactions/batch at all four nodes, 500 a request, until final: durable at the "
                      "asked node and cosigned by more than 2/3 of the power"},
                     {"nodes_cpu_s", load.node_cpu_s},
                     {"generator_cpu_s", load.generator_cpu_s}},
                    {}});
  ASSIGN_OR_RETURN(std::vector<double> latencies_ms,
                   measure_latency_ms(*network, load.per_s / 2, std::min<std::uint64_t>(seconds, 30)));
  const double p50 = percentile(latencies_ms, 0.5);
  run.report().add({"net4_final_p99_ms",
                    percentile(latencies_ms, 0.99),
                    "ms",
                    {{"rate_per_s", load.per_s / 2}, {"p50_ms", p50}, {"open_loop", true}, {"batch", 50}},
                    {}});
  network->stop_nodes();
  if (run.options().peers) {
    if (const auto peer = cometbft_signed_per_s(run.terminal()); peer && *peer > 0) {
      run.report().add(
          {"net4_ratio_to_cometbft_signed",
           load.per_s / *peer,
           "ratio",
           {{"peer",
             "four CometBFT nodes, one 250-byte transaction each, one Ed25519 signature checked in CheckTx "
             "and in the block, over Unix sockets"}},
           {{"cometbft_signed_per_s", *peer}}});
    }
  }
  return run.start_nodes();
}

}  // namespace chancery::cli::bench
