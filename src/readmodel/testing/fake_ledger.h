#pragma once
// A list of final entries with the records that contracts would have written, for tests of the read model.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "contracts/credential.pb.h"
#include "contracts/evidence.pb.h"
#include "contracts/identity.pb.h"
#include "ledger.pb.h"
#include "readmodel/read_model.h"

namespace chancery::readmodel::testing {

class FakeLedger final : public EntrySource {
 public:
  std::uint64_t tree_size() const override { return entries_.size(); }
  std::uint64_t first_entry() const override { return first_entry_; }
  /// As a ledger that joined by a snapshot: entries before this one are not there.
  void forget_before(std::uint64_t leaf_index) { first_entry_ = leaf_index; }
  std::uint64_t head_height() const override { return height_; }
  Result<wire::Entry> entry(std::uint64_t leaf_index) const override {
    if (leaf_index < first_entry_) return fail(Reason::kGone);
    return entries_[leaf_index];
  }
  Result<std::optional<Bytes>> record(std::string_view contract, std::string_view collection,
                                      std::string_view key) const override {
    const auto found = records_.find(std::string(contract) + "/" + std::string(collection) + "/" + std::string(key));
    if (found == records_.end()) return std::nullopt;
    return to_bytes(found->second);
  }

  /// The next block; its entries follow.
  void begin_block(std::int64_t time_ms) {
    ++height_;
    time_ms_ = time_ms;
  }
  std::uint64_t height() const { return height_; }
  std::int64_t time_ms() const { return time_ms_; }

  struct CallSpec {
    std::string contract;
    std::string method;
    std::string args;
    std::vector<std::pair<std::string, std::string>> events;  ///< name, subject
  };
  /// Returns its leaf index.
  std::uint64_t add(const std::string& account, const std::vector<CallSpec>& calls, const std::string& memo = "",
                    const std::string& reason = "") {
    wire::Body body;
    body.set_memo(memo);
    wire::Entry entry;
    entry.set_height(height_);
    entry.set_time_ms(time_ms_);
    entry.set_reason(reason);
    for (std::size_t i = 0; i < calls.size(); ++i) {
      auto* call = body.add_calls();
      call->set_contract(calls[i].contract);
      call->set_method(calls[i].method);
      call->set_args(calls[i].args);
      if (!reason.empty()) continue;
      for (const auto& [name, subject] : calls[i].events) {
        auto* event = entry.add_events();
        event->set_call(static_cast<std::uint32_t>(i));
        event->set_name(name);
        event->set_subject(subject);
      }
    }
    wire::Transaction transaction;
    transaction.set_body(body.SerializeAsString());
    transaction.add_signatures()->set_account(account);
    entry.set_transaction(transaction.SerializeAsString());
    entries_.push_back(std::move(entry));
    return entries_.size() - 1;
  }
  void put_record(const std::string& contract, const std::string& collection, const std::string& key,
                  const google::protobuf::Message& message) {
    records_[contract + "/" + collection + "/" + key] = message.SerializeAsString();
  }

 private:
  std::vector<wire::Entry> entries_;
  std::map<std::string, std::string> records_;
  std::uint64_t first_entry_ = 0;
  std::uint64_t height_ = 0;
  std::int64_t time_ms_ = 0;
};

}  // namespace chancery::readmodel::testing
