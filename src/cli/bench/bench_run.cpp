#include "cli/bench/bench_run.h"

#include <fmt/core.h>
#include <poll.h>

#include <filesystem>

#include "api/client.h"
#include "base/clock.h"
#include "base/json.h"

namespace chancery::cli::bench {
namespace {

constexpr int kAskEvery_ms = 100;
constexpr std::int64_t kIdleTimeout_us = 900'000'000;

Result<Json> status_of(const ChildNode& node) {
  ASSIGN_OR_RETURN(auto client, api::Client::create(node.address()));
  ASSIGN_OR_RETURN(const auto answer, client.get("/v1/status"));
  if (!answer.ok()) return fail(Reason::kUnavailable, fmt::format("/v1/status answers {}", answer.status));
  return parse_json(answer.body);
}

}  // namespace

Result<std::unique_ptr<BenchRun>> BenchRun::open(const BenchOptions& options, Terminal& terminal) {
  std::error_code ignored;
  std::filesystem::remove_all(options.directory, ignored);
  SystemRandom random;
  const std::string passphrase = to_hex(random.bytes(8));
  std::vector<std::string> directories = {options.directory + "/node"};
  for (std::size_t i = 1; i < options.organisations; ++i) {
    directories.push_back(fmt::format("{}/node-{}", options.directory, i));
  }
  TRY(make_load_network(directories, options.suite, passphrase));
  ASSIGN_OR_RETURN(LoadSigner signer, LoadSigner::open(directories.front(), passphrase));
  auto run = std::unique_ptr<BenchRun>(new BenchRun(options, terminal, std::move(signer)));
  if (run->options_.program.empty()) run->options_.program = own_program();
  run->directories_ = std::move(directories);
  run->passphrase_ = passphrase;
  TRY(run->start_nodes());
  return run;
}

Status BenchRun::start_nodes() {
  nodes_.clear();
  for (const std::string& directory : directories_) {
    ASSIGN_OR_RETURN(auto node, ChildNode::start(options_.program, directory, passphrase_));
    nodes_.push_back(std::move(node));
  }
  return {};
}

void BenchRun::stop_nodes() {
  for (const auto& node : nodes_) node->stop();
}

void BenchRun::kill_nodes() {
  for (const auto& node : nodes_) node->kill_now();
}

std::vector<std::uint16_t> BenchRun::ports() const {
  std::vector<std::uint16_t> out;
  for (const auto& node : nodes_) out.push_back(node->port());
  return out;
}

double BenchRun::nodes_cpu_s() const {
  double out = 0;
  for (const auto& node : nodes_) out += node->cpu_s();
  return out;
}

Result<std::uint64_t> BenchRun::records() {
  ASSIGN_OR_RETURN(const Json status, status_of(*nodes_.front()));
  return status.value("records", std::uint64_t{0});
}

Status BenchRun::wait_until_idle() {
  const SystemClock clock;
  const std::int64_t begin_us = clock.monotonic_us();
  while (true) {
    ASSIGN_OR_RETURN(const Json status, status_of(*nodes_.front()));
    if (status.value("/read_model/behind_entries"_json_pointer, std::uint64_t{0}) == 0) return {};
    if (clock.monotonic_us() - begin_us > kIdleTimeout_us)
      return fail(Reason::kTimeout, "the read model does not catch up");
    poll(nullptr, 0, kAskEvery_ms);
  }
}

std::string BenchRun::fresh_prefix() {
  return fmt::format("p{}-", phases_++);
}

}  // namespace chancery::cli::bench
