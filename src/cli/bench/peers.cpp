#include "cli/bench/peers.h"

#include <fmt/core.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/clock.h"
#include "storage/store.h"

namespace chancery::cli::bench {
namespace {

constexpr std::int64_t kEach_us = 3'000'000;

/// `keys` keys that sign in turn: one is an office's, many are citizens that sign once.
Result<double> verified_per_s(crypto::Backend backend, std::size_t at_once, std::size_t keys = 1) {
  SystemRandom random;
  std::vector<crypto::PrivateKey> signers;
  for (std::size_t i = 0; i < keys; ++i) {
    ASSIGN_OR_RETURN(auto key, crypto::PrivateKey::generate(crypto::SignatureAlgorithm::kSm2Sm3, random));
    signers.push_back(std::move(key));
  }
  std::vector<Bytes> messages;
  std::vector<crypto::Signature> signatures;
  for (std::size_t i = 0; i < at_once; ++i) {
    messages.push_back(random.bytes(180));
    ASSIGN_OR_RETURN(const crypto::Signature signature, signers[i % keys].sign(messages.back()));
    signatures.push_back(signature);
  }
  std::vector<crypto::VerifyItem> items;
  for (std::size_t i = 0; i < at_once; ++i)
    items.push_back({&signers[i % keys].public_key(), messages[i], signatures[i]});
  std::vector<std::uint8_t> ok(at_once);
  crypto::force_backend_for_test(backend);
  const SystemClock clock;
  const std::int64_t begin_us = clock.monotonic_us();
  std::size_t verified = 0;
  while (clock.monotonic_us() - begin_us < kEach_us) {
    crypto::verify_batch(items, ok);
    verified += at_once;
  }
  const double elapsed_s = static_cast<double>(clock.monotonic_us() - begin_us) / 1e6;
  crypto::force_backend_for_test(std::nullopt);
  return static_cast<double>(verified) / elapsed_s;
}

/// What one transaction writes: the record, the log entry, the index from id to entry; 2,000 a synced batch.
Result<double> rocksdb_per_s(const std::string& directory) {
  constexpr std::size_t kBatch = 2'000;
  constexpr std::size_t kRecord_bytes = 220;
  constexpr std::size_t kEntry_bytes = 400;
  std::error_code ignored;
  std::filesystem::remove_all(directory, ignored);
  ASSIGN_OR_RETURN(const auto store, storage::Store::open({.path = directory}));
  SystemRandom random;
  const Bytes noise = random.bytes(1U << 20);
  const auto piece = [&](std::size_t bytes) {
    return BytesView(noise).subspan(random.below(noise.size() - bytes), bytes);
  };
  const SystemClock clock;
  const std::int64_t begin_us = clock.monotonic_us();
  std::uint64_t written = 0;
  while (clock.monotonic_us() - begin_us < kEach_us) {
    storage::WriteBatch batch(*store);
    for (std::size_t i = 0; i < kBatch; ++i, ++written) {
      const auto index = u64_be(written);
      batch.put(storage::Family::kRecords, piece(32), piece(kRecord_bytes));
      batch.put(storage::Family::kEntries, index, piece(kEntry_bytes));
      batch.put(storage::Family::kTransactionIndex, piece(32), index);
    }
    TRY(store->write(batch));
  }
  const double elapsed_s = static_cast<double>(clock.monotonic_us() - begin_us) / 1e6;
  std::filesystem::remove_all(directory, ignored);
  return static_cast<double>(written) / elapsed_s;
}

/// A script prints a rate; nothing when what it measures is not installed. `variable` names the script, set by make
/// bench.
std::optional<double> script_per_s(Terminal& terminal, const char* variable, const char* name) {
  const char* script = std::getenv(variable);
  if (script == nullptr) return std::nullopt;
  FILE* pipe = popen(fmt::format("bash '{}'", script).c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::array<char, 256> line{};
  const bool said = std::fgets(line.data(), line.size(), pipe) != nullptr;
  const int code = pclose(pipe);
  if (!said || code != 0) {
    terminal.say(fmt::format(
        fmt::runtime(terminal.pick({"{} 不可用，跳过对比。", "{} is not available; that comparison is skipped."})),
        name));
    return std::nullopt;
  }
  return std::strtod(line.data(), nullptr);
}

}  // namespace

Status add_throughput_peers(BenchRun& run, std::map<std::string, double>& peers) {
  run.terminal().say(Words{"测量对照项…", "measuring peers ..."});
  run.stop_nodes();  // nothing else runs beside them
  ASSIGN_OR_RETURN(peers["sm2_verify_alone_one_core"], verified_per_s(crypto::active_backend(), 4'096));
  ASSIGN_OR_RETURN(peers["sm2_verify_4096_keys_one_core"], verified_per_s(crypto::active_backend(), 4'096, 4'096));
  ASSIGN_OR_RETURN(peers["sm2_verify_openssl_one_core"], verified_per_s(crypto::Backend::kOpenSsl, 256));
  ASSIGN_OR_RETURN(peers["rocksdb_alone"], rocksdb_per_s(run.options().directory + "/rocksdb"));
  if (const auto postgres = script_per_s(run.terminal(), "CHANCERY_BENCH_POSTGRES", "PostgreSQL")) {
    peers["postgresql_single_row_64_clients"] = *postgres;
  }
  return run.start_nodes();
}

std::optional<double> cometbft_signed_per_s(Terminal& terminal) {
  terminal.say(Words{"测量对照项…", "measuring peers ..."});
  return script_per_s(terminal, "CHANCERY_BENCH_COMETBFT", "CometBFT");
}

}  // namespace chancery::cli::bench
