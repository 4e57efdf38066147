#include "contracts/credential/issuance.h"

#include <fmt/format.h>

#include <algorithm>

#include "contracts/credential/records.h"

namespace chancery::contracts::credential {

namespace {

bool issues(const wire::Entry& entry, std::string_view id) {
  wire::Transaction transaction;
  wire::Body body;
  if (!entry.reason().empty() || !transaction.ParseFromString(entry.transaction()) ||
      !body.ParseFromString(transaction.body())) {
    return false;
  }
  return std::ranges::any_of(entry.events(), [&](const wire::Event& event) {
    return event.name() == "issued" && event.subject() == id &&
           event.call() < static_cast<std::uint32_t>(body.calls_size()) &&
           body.calls(static_cast<int>(event.call())).contract() == kContractName;
  });
}

}  // namespace

IssuanceFinding check_issuance(std::string_view id, const wire::Credential& record, const wire::Entry& entry) {
  if (!issues(entry, id)) {
    return {false, fmt::format("凭证中的交易没有签发证照 {}。", id),
            fmt::format("The receipt's transaction did not issue credential {}.", id)};
  }
  if (entry.height() != record.issued_height()) {
    return {false,
            fmt::format("证照 {} 的记录写明签发于第 {} 区块，而该交易在第 {} 区块。", id, record.issued_height(),
                        entry.height()),
            fmt::format("Credential {} names block {} as its issue, the transaction is of block {}.", id,
                        record.issued_height(), entry.height())};
  }
  return {true, fmt::format("证照 {} 由这笔交易在第 {} 区块签发。", id, entry.height()),
          fmt::format("Credential {} was issued by this transaction in block {}.", id, entry.height())};
}

}  // namespace chancery::contracts::credential
