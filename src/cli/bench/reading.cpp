#include <fmt/core.h>

#include "api/client.h"
#include "base/clock.h"
#include "cli/bench/bench_run.h"
#include "ledger/receipt.h"

namespace chancery::cli::bench {

Result<std::vector<double>> measure_proofs_ms(BenchRun& run, const std::string& prefix, std::uint64_t count,
                                              std::size_t samples) {
  const ledger::TrustFile trust = ledger::TrustFile::of(run.signer().genesis());
  const SystemClock clock;
  SystemRandom random;
  ASSIGN_OR_RETURN(auto client, api::Client::create(run.node().address()));
  std::vector<double> latencies_ms;
  for (std::size_t i = 0; i < samples; ++i) {
    const std::string id = LoadSigner::credential_id(prefix, random.below(count));
    const std::int64_t begin_us = clock.monotonic_us();
    ASSIGN_OR_RETURN(const auto answer, client.get("/v1/records/credential/credential/" + id + "?proof=true"));
    latencies_ms.push_back(static_cast<double>(clock.monotonic_us() - begin_us) / 1000);
    if (!answer.ok())
      return fail(Reason::kInternal, fmt::format("a proof was refused: {}", answer.body.substr(0, 300)));
    const ledger::Verification verification = ledger::verify_receipt_bytes(as_bytes(answer.body), trust);
    if (!verification.passed) return fail(Reason::kProofInvalid, "the proof of " + id + " does not hold");
  }
  return latencies_ms;
}

/// Kills the node at full load's end and measures from exec to /readyz, the best way to see a cold start of the
/// process.
Status bench_start(BenchRun& run) {
  constexpr std::uint64_t kRecords = 1'000'000;
  // A node of its own: the other parts may have left it many more records.
  run.stop_nodes();
  BenchOptions own = run.options();
  own.directory += "/start";
  ASSIGN_OR_RETURN(const auto fresh, BenchRun::open(own, run.terminal()));
  TRY(fill_to(*fresh, kRecords));
  ASSIGN_OR_RETURN(const std::uint64_t records, fresh->records());
  fresh->kill_nodes();
  TRY(fresh->start_nodes());
  const double cpu_s = fresh->node().cpu_s();
  run.report().add(
      {"start_1m_s", fresh->node().start_s(), "s", {{"records", records}, {"after", "kill -9"}, {"cpu_s", cpu_s}}, {}});
  fresh->stop_nodes();
  return run.start_nodes();
}

Status bench_receipt(BenchRun& run) {
  constexpr std::size_t kRounds = 300;
  LoadShape shape;
  shape.prefix = run.fresh_prefix();
  shape.transactions = 1;
  shape.transactions_per_request = 1;
  shape.not_before_ms = SystemClock().now_ms() - 5'000;
  shape.not_after_ms = shape.not_before_ms + 120'000;
  ASSIGN_OR_RETURN(const SignedRequests requests, run.signer().sign(shape));
  LoadPlan plan;
  plan.ports = run.ports();
  plan.connections = 1;
  plan.duration_us = 10'000'000;
  TRY(run_load(plan, requests.http, [](const LoadAnswer&) {}));
  ASSIGN_OR_RETURN(auto client, api::Client::create(run.node().address()));
  ASSIGN_OR_RETURN(const auto answer, client.get("/v1/transactions/" + to_hex(requests.ids.front()) + "/receipt"));
  if (!answer.ok()) return fail(Reason::kInternal, "no receipt: " + answer.body.substr(0, 300));
  const ledger::TrustFile trust = ledger::TrustFile::of(run.signer().genesis());
  const SystemClock clock;
  std::vector<double> times_ms;
  for (std::size_t i = 0; i < kRounds; ++i) {
    const std::int64_t begin_us = clock.monotonic_us();
    const ledger::Verification verification = ledger::verify_receipt_bytes(as_bytes(answer.body), trust);
    times_ms.push_back(static_cast<double>(clock.monotonic_us() - begin_us) / 1000);
    if (!verification.passed) return fail(Reason::kProofInvalid, "the receipt does not hold");
  }
  const double p99 = percentile(times_ms, 0.99);
  run.report().add({"verify_receipt_ms",
                    percentile(times_ms, 0.5),
                    "ms",
                    {{"rounds", kRounds},
                     {"p99_ms", p99},
                     {"receipt_bytes", answer.body.size()},
                     {"includes", "JSON parsing, all signatures, inclusion proof"}},
                    {}});
  return {};
}

}  // namespace chancery::cli::bench
