#include <fmt/core.h>
#include <poll.h>
#include <sys/resource.h>

#include <algorithm>

#include "base/clock.h"
#include "cli/bench/bench_run.h"
#include "ledger.pb.h"

namespace chancery::cli::bench {
namespace {

constexpr std::int64_t kWindow_ms = 120'000;
/// The node's clock and ours are one; the margin is for signing that ends a little late or early.
constexpr std::int64_t kEarly_ms = 5'000;
constexpr std::size_t kTransactionsPerRequest = 500;
constexpr std::size_t kConnections = 24;
constexpr std::size_t kFillCalls = 64;
constexpr std::size_t kFillTransactions = 16;

double own_cpu_s() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Counted {
  std::size_t final_count = 0;
  std::size_t refused_count = 0;
  std::string first_refusal;
};

void count_answer(const LoadAnswer& answer, Counted& counted) {
  wire::TransactionBatchResult result;
  if (answer.status / 100 != 2 || !result.ParseFromArray(answer.body.data(), static_cast<int>(answer.body.size()))) {
    if (counted.first_refusal.empty())
      counted.first_refusal = fmt::format("HTTP {}: {}", answer.status, answer.body.substr(0, 300));
    ++counted.refused_count;
    return;
  }
  for (const wire::TransactionOutcome& outcome : result.outcomes()) {
    if (outcome.stage() == "final" && outcome.reason().empty()) {
      ++counted.final_count;
    } else {
      ++counted.refused_count;
      if (counted.first_refusal.empty())
        counted.first_refusal = fmt::format("{} {}: {}", outcome.stage(), outcome.reason(), outcome.detail());
    }
  }
}

/// Signs about `transactions` for a load that begins when signing is done, and waits for that moment.
Result<SignedRequests> sign_ahead(BenchRun& run, LoadShape shape) {
  const SystemClock clock;
  // How long signing takes is tried first, so that the load begins inside its window on every machine.
  constexpr std::size_t kTried = 4'096;
  constexpr double kMargin = 1.15;
  LoadShape trial = shape;
  trial.transactions = kTried;
  const std::int64_t begin_us = clock.monotonic_us();
  ASSIGN_OR_RETURN([[maybe_unused]] const SignedRequests thrown_away, run.signer().sign(trial));
  const double each_ms = static_cast<double>(clock.monotonic_us() - begin_us) / 1000 / kTried;
  const auto signing_ms = static_cast<std::int64_t>(static_cast<double>(shape.transactions) * each_ms * kMargin);
  const std::int64_t start_ms = clock.now_ms() + signing_ms;
  shape.not_before_ms = start_ms - kEarly_ms;
  shape.not_after_ms = shape.not_before_ms + kWindow_ms;
  ASSIGN_OR_RETURN(SignedRequests requests, run.signer().sign(shape));
  // not_before must lie behind us by a block's worth of clock.
  while (clock.now_ms() < shape.not_before_ms + 100) poll(nullptr, 0, 20);
  return requests;
}

}  // namespace

Status fill_to(BenchRun& run, std::uint64_t records) {
  ASSIGN_OR_RETURN(std::uint64_t have, run.records());
  if (have >= records) return {};
  const std::uint64_t first = have;
  const std::string prefix = run.fresh_prefix();
  Progress progress(run.terminal(), {"预先填充记录", "filling records"}, records - first);
  constexpr std::size_t kRound = 8'000;  // transactions signed and sent in one go: 512,000 records
  std::uint64_t number = 0;
  while (have < records) {
    const std::uint64_t missing = records - have;
    LoadShape shape;
    shape.prefix = prefix;
    shape.first = number;
    shape.transactions = std::min<std::size_t>(kRound, (missing + kFillCalls - 1) / kFillCalls);
    shape.transactions_per_request = kFillTransactions;
    shape.calls_per_transaction = kFillCalls;
    shape.not_before_ms = SystemClock().now_ms() - kEarly_ms;
    shape.not_after_ms = shape.not_before_ms + kWindow_ms;
    ASSIGN_OR_RETURN(const SignedRequests requests, run.signer().sign(shape));
    Counted counted;
    LoadPlan plan;
    plan.ports = run.ports();
    plan.connections = 8;
    plan.duration_us = 110'000'000;
    TRY(run_load(plan, requests.http, [&](const LoadAnswer& answer) { count_answer(answer, counted); }));
    if (counted.refused_count != 0) return fail(Reason::kInternal, "filling was refused: " + counted.first_refusal);
    number += shape.transactions * kFillCalls;
    have += counted.final_count * kFillCalls;
    progress.advance_to(std::min(have, records) - first);
  }
  return {};
}

Result<Throughput> measure_throughput(BenchRun& run, double expected_per_s, std::uint64_t seconds) {
  LoadShape shape;
  shape.prefix = run.fresh_prefix();
  shape.transactions = static_cast<std::size_t>(expected_per_s * static_cast<double>(seconds));
  shape.transactions_per_request = kTransactionsPerRequest;
  run.terminal().say(fmt::format("{} {}", run.terminal().pick({"预先签名", "signing"}), shape.transactions));
  ASSIGN_OR_RETURN(SignedRequests requests, sign_ahead(run, shape));
  Throughput out;
  out.prefix = shape.prefix;
  out.bytes_per_transaction = requests.bytes_per_transaction;
  Counted counted;
  LoadPlan plan;
  plan.ports = run.ports();
  plan.connections = kConnections;
  plan.duration_us = static_cast<std::int64_t>(seconds) * 1'000'000;
  const double node_cpu_before = run.nodes_cpu_s();
  const double own_cpu_before = own_cpu_s();
  ASSIGN_OR_RETURN(const LoadTotals totals,
                   run_load(plan, requests.http, [&](const LoadAnswer& answer) { count_answer(answer, counted); }));
  out.node_cpu_s = run.nodes_cpu_s() - node_cpu_before;
  out.generator_cpu_s = own_cpu_s() - own_cpu_before;
  if (totals.ran_out)
    run.terminal().say(Words{"注意：预先签名的交易在时间结束前用完。",
                             "note: all signed transactions were sent before the time was over."});
  if (counted.refused_count != 0)
    return fail(Reason::kInternal, fmt::format("{} transactions were refused, the first: {}", counted.refused_count,
                                               counted.first_refusal));
  out.final_count = counted.final_count;
  out.sent = totals.sent * kTransactionsPerRequest;
  out.seconds = static_cast<double>(totals.last_answered_us - totals.first_sent_us) / 1e6;
  out.per_s = static_cast<double>(counted.final_count) / out.seconds;
  out.ids = std::move(requests.ids);
  out.ids.resize(std::min(out.ids.size(), out.sent));
  return out;
}

Result<std::vector<double>> measure_latency_ms(BenchRun& run, double per_s, std::uint64_t seconds) {
  constexpr std::size_t kSmallBatch = 50;
  LoadShape shape;
  shape.prefix = run.fresh_prefix();
  shape.transactions = static_cast<std::size_t>(per_s * static_cast<double>(seconds));
  shape.transactions_per_request = kSmallBatch;
  ASSIGN_OR_RETURN(const SignedRequests requests, sign_ahead(run, shape));
  LoadPlan plan;
  plan.ports = run.ports();
  plan.connections = 256;
  plan.requests_per_s = per_s / static_cast<double>(kSmallBatch);
  plan.duration_us = static_cast<std::int64_t>(seconds) * 1'000'000;
  Counted counted;
  std::vector<double> latencies_ms;
  latencies_ms.reserve(requests.http.size());
  TRY(run_load(plan, requests.http, [&](const LoadAnswer& answer) {
    count_answer(answer, counted);
    latencies_ms.push_back(static_cast<double>(answer.answered_us - answer.planned_us) / 1000);
  }));
  if (counted.refused_count != 0) return fail(Reason::kInternal, "the load was refused: " + counted.first_refusal);
  return latencies_ms;
}

}  // namespace chancery::cli::bench
