#include "ledger/ledger.h"
#include "readmodel/read_model.h"

namespace chancery::readmodel {

namespace {

class LedgerSource final : public EntrySource {
 public:
  explicit LedgerSource(const ledger::Ledger& ledger) : ledger_(ledger), head_(ledger.head()) {}
  std::uint64_t tree_size() const override { return head_.tree_size; }
  std::uint64_t first_entry() const override { return ledger_.horizon().first_entry; }
  std::uint64_t head_height() const override { return head_.height; }
  Result<wire::Entry> entry(std::uint64_t leaf_index) const override { return ledger_.entry(leaf_index); }
  Result<std::optional<Bytes>> record(std::string_view contract, std::string_view collection,
                                      std::string_view key) const override {
    ASSIGN_OR_RETURN(ledger::RecordAt at, ledger_.record(contract, collection, as_bytes(key)));
    return std::move(at.value);
  }

 private:
  const ledger::Ledger& ledger_;
  ledger::Head head_;
};

}  // namespace

Status ReadModel::catch_up(const ledger::Ledger& ledger, std::uint64_t max_entries) {
  return catch_up(LedgerSource(ledger), max_entries);
}

}  // namespace chancery::readmodel
