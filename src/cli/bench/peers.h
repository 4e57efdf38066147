#pragma once
// The same work done by parts of ours alone and by others, in the same run on the same machine.

#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "cli/bench/bench_run.h"

namespace chancery::cli::bench {

/// SM2 verification alone (our batch path; OpenSSL), RocksDB alone with the same write sets, PostgreSQL when installed.
Status add_throughput_peers(BenchRun& run, std::map<std::string, double>& peers);

/// Four CometBFT nodes whose application gets one Ed25519-signed transaction at a time; nothing when it is not
/// installed.
std::optional<double> cometbft_signed_per_s(Terminal& terminal);

}  // namespace chancery::cli::bench
