#pragma once
// Binds the record of a credential to the transaction that issued it, for whoever checks a receipt that shows both:
// each may be proven by itself and still be about something else.

#include <string>
#include <string_view>

#include "contracts/credential.pb.h"
#include "ledger.pb.h"

namespace chancery::contracts::credential {

/// The finding and the sentence that tells it.
struct IssuanceFinding {
  bool held = false;
  std::string text_zh;
  std::string text_en;
};

/// Holds when `entry` took effect in the block that `record` names as its issue, and one of its events says that the
/// credential contract issued `id`. Both must be proven already. Pure.
IssuanceFinding check_issuance(std::string_view id, const wire::Credential& record, const wire::Entry& entry);

}  // namespace chancery::contracts::credential
