// Where the time of a transaction goes: processor time of each stage, per transaction, for blocks of 5,000 SM2-signed
// credentials over a ledger that holds some already. Processor time, not wall time, so that it can be read on a busy
// machine.
//   pipeline_stages [transactions] [records before]

#include <fmt/core.h>
#include <sys/resource.h>
#include <time.h>

#include <cstdlib>

#include "contracts/credential.pb.h"
#include "tests/support/small_network.h"
#include "tests/support/temporary_directory.h"

namespace chancery {
namespace {

constexpr std::size_t kBlock = 5'000;

double process_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Stages {
  double parse = 0, verify = 0, execute = 0, commit = 0;
};

class Pipeline {
 public:
  Pipeline() : network_("gm", 1), signer_(network_.signer()) {
    auto store = storage::Store::open({.path = directory_ / "store"});
    CHANCERY_CHECK(store.has_value());
    store_ = std::move(*store);
    auto ledger = test::open_ledger(*store_, network_, *signer_);
    CHANCERY_CHECK(ledger.has_value());
    ledger_ = std::move(*ledger);
  }

  void run(std::size_t count, Stages& stages) {
    for (std::size_t done = 0; done < count; done += kBlock) one_block(stages);
  }

  std::uint64_t disk_bytes() {
    CHANCERY_CHECK(store_->flush().has_value());
    return store_->disk_bytes();
  }

 private:
  std::vector<Bytes> sign_block() {
    std::vector<std::string> bodies;
    for (std::size_t i = 0; i < kBlock; ++i) {
      wire::Body body = ledger::make_body(network_.genesis().network_id, now_ms_, 120'000, network_.random());
      *body.add_calls() = network_.issue_call(fmt::format("bench-{:010}", next_++));
      bodies.push_back(body.SerializeAsString());
    }
    std::vector<BytesView> views;
    for (const std::string& body : bodies) views.push_back(as_bytes(body));
    const auto signatures = crypto::sign_batch(network_.issuer_key(), views, network_.random());
    CHANCERY_CHECK(signatures.has_value());
    const crypto::KeyId key_id = crypto::key_id(network_.issuer_key().public_key());
    std::vector<Bytes> out;
    for (std::size_t i = 0; i < kBlock; ++i) {
      wire::Transaction transaction;
      transaction.set_body(bodies[i]);
      wire::Signature* signature = transaction.add_signatures();
      signature->set_account("mawei.issuer");
      signature->set_key_id(key_id.data(), key_id.size());
      signature->set_algorithm(static_cast<std::uint32_t>(crypto::SignatureAlgorithm::kSm2Sm3));
      signature->set_value((*signatures)[i].data(), (*signatures)[i].size());
      out.push_back(to_bytes(transaction.SerializeAsString()));
    }
    return out;
  }

  void one_block(Stages& stages) {
    now_ms_ += 100;
    std::vector<Bytes> raw = sign_block();
    const double start = process_seconds();
    std::vector<std::shared_ptr<ledger::ParsedTransaction>> parsed;
    std::vector<ledger::ParsedTransaction*> pointers;
    for (Bytes& one : raw) {
      auto transaction = ledger::parse_transaction(std::move(one), crypto::HashAlgorithm::kSm3);
      CHANCERY_CHECK(transaction.has_value());
      parsed.push_back(std::make_shared<ledger::ParsedTransaction>(std::move(*transaction)));
      pointers.push_back(parsed.back().get());
    }
    const double was_parsed = process_seconds();
    std::vector<Status> verified(pointers.size());
    ledger::verify_signatures(
        pointers,
        [this](std::string_view account, const crypto::KeyId& key_id) { return ledger_->account_key(account, key_id); },
        verified);
    std::vector<ledger::OrderedTransaction> ordered;
    for (std::size_t i = 0; i < parsed.size(); ++i) {
      CHANCERY_CHECK(verified[i].has_value());
      ordered.push_back({parsed[i], std::nullopt});
    }
    const double was_verified = process_seconds();
    const auto block = ledger_->execute(now_ms_, std::move(ordered));
    CHANCERY_CHECK(block.has_value());
    const double was_executed = process_seconds();
    const auto result = ledger_->commit(*block);
    CHANCERY_CHECK(result.has_value() && !result->results.front().error);
    const double was_committed = process_seconds();
    stages.parse += was_parsed - start;
    stages.verify += was_verified - was_parsed;
    stages.execute += was_executed - was_verified;
    stages.commit += was_committed - was_executed;
  }

  test::TemporaryDirectory directory_;
  test::SmallNetwork network_;
  std::unique_ptr<test::MemorySigner> signer_;
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::int64_t now_ms_ = test::kNetworkStart_ms + 1'000;
  std::uint64_t next_ = 0;
};

}  // namespace
}  // namespace chancery

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  const std::size_t before = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 100'000;
  chancery::Pipeline pipeline;
  chancery::Stages warm;
  pipeline.run(before, warm);
  chancery::Stages stages;
  pipeline.run(count, stages);
  const double n = static_cast<double>(count);
  fmt::print("us of processor time a transaction (with RocksDB's background threads in whichever stage they ran)\n");
  fmt::print("parse {:.2f}  verify {:.2f}  execute {:.2f}  commit {:.2f}  together {:.2f}\n", stages.parse / n * 1e6,
             stages.verify / n * 1e6, stages.execute / n * 1e6, stages.commit / n * 1e6,
             (stages.parse + stages.verify + stages.execute + stages.commit) / n * 1e6);
  fmt::print("bytes on disk a transaction (after a flush): {:.0f}\n",
             static_cast<double>(pipeline.disk_bytes()) / static_cast<double>(count + before));
  return 0;
}
