#pragma once
// Who speaks for an organisation of the council.

#include <string>
#include <string_view>

#include "contracts/encoding.h"
#include "contracts/governance.pb.h"

namespace chancery::contracts::governance {

struct Speaker {
  std::string account;
  std::string organisation;
};

using Names = google::protobuf::RepeatedPtrField<std::string>;

/// The first signer that is active and holds one of `roles` in one of `organisations` (empty: in an organisation of the
/// council), which is active and its own. kForbidden says who could do `act`, and what the signers are.
Result<Speaker> require_speaker(const Context& context, const Names& roles, const Names& organisations,
                                std::string_view act_en, std::string_view act_zh);

/// kForbidden unless a signer's account is active and not a reader's only. Returns that account.
Result<std::string> require_anybody(const Context& context);

/// kWrongState when the network has no council.
Result<wire::Council> read_council(const Context& context);
bool is_in_council(const wire::Council& council, std::string_view organisation);

}  // namespace chancery::contracts::governance
