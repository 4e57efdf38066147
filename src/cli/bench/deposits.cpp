#include <fmt/core.h>

#include "base/clock.h"
#include "cli/bench/bench_run.h"
#include "cli/http_session.h"
#include "cli/verdict_of_receipt.h"

namespace chancery::cli::bench {
namespace {

struct Received {
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;
  std::string head;  ///< the first two lines, to be verified
};

void take(std::string_view piece, Received& received) {
  for (const char c : piece) {
    if (received.lines < 2) received.head += c;
    if (c == '\n') ++received.lines;
  }
  received.bytes += piece.size();
}

}  // namespace

/// One batch of random digests over HTTP until it is final, then the receipts of all its items in one stream.
Status bench_deposits(BenchRun& run) {
  constexpr std::size_t kBatches = 3;
  constexpr std::size_t kDigest_bytes = 32;
  const SystemClock clock;
  SystemRandom random;
  ASSIGN_OR_RETURN(HttpSession session, HttpSession::connect(run.node().address()));
  TRY(session.login(kLoadAccount, run.passphrase()));
  const ledger::TrustFile trust = ledger::TrustFile::of(run.signer().genesis());
  std::vector<double> deposit_s;
  std::vector<double> receipts_s;
  double receipt_bytes = 0;
  for (std::size_t i = 0; i < kBatches; ++i) {
    const Bytes digests = random.bytes(run.options().deposits * kDigest_bytes);
    const std::int64_t begin_us = clock.monotonic_us();
    ASSIGN_OR_RETURN(const std::string answer, session.post_bytes("/v1/evidence/batches?phase=fixed",
                                                                  "application/octet-stream", as_text(digests)));
    deposit_s.push_back(static_cast<double>(clock.monotonic_us() - begin_us) / 1e6);
    const nlohmann::json body = nlohmann::json::parse(answer, nullptr, false);
    const std::string number = body.value("/evidence/number"_json_pointer, std::string());
    Received received;
    const std::int64_t stream_us = clock.monotonic_us();
    ASSIGN_OR_RETURN(const auto streamed, session.client().stream("/v1/evidence/batches/" + number + "/receipts", {},
                                                                  [&](std::string_view piece) {
                                                                    take(piece, received);
                                                                    return true;
                                                                  }));
    receipts_s.push_back(static_cast<double>(clock.monotonic_us() - stream_us) / 1e6);
    if (!streamed.ok() || received.lines != run.options().deposits + 1) {
      return fail(Reason::kInternal,
                  fmt::format("{} receipts came for {} digests", received.lines, run.options().deposits));
    }
    receipt_bytes = static_cast<double>(received.bytes) / static_cast<double>(run.options().deposits);
    for (const FileVerdict& verdict : verify_content(as_bytes(received.head), trust, {})) {
      if (!verdict.passed) return fail(Reason::kProofInvalid, "the receipt of an item does not hold");
    }
  }
  const auto count = static_cast<double>(run.options().deposits);
  const double deposit = percentile(deposit_s, 0.5);
  const double receipts = percentile(receipts_s, 0.5);
  run.report().add(
      {"batch_deposits_per_s",
       count / deposit,
       "digests/s",
       {{"digests", run.options().deposits},
        {"batches", kBatches},
        {"measured",
         "HTTP POST of the digests until the deposit is final and the receipt of every item can be had; median"},
        {"receipts_streamed_per_s", count / receipts},
        {"with_all_receipts_streamed_per_s", count / (deposit + receipts)},
        {"bytes_per_streamed_receipt", receipt_bytes}},
       {{"tessera_posix_entries_per_s_known", 130'000}}});
  return {};
}

}  // namespace chancery::cli::bench
