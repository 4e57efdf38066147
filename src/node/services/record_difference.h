#pragma once
// Two versions of a record, member by member.

#include "ledger/context.h"
#include "node/services/governance.h"

namespace chancery::node {

/// Records that this program doesn't know by name are shown as one member of base64.
RecordDifference difference(const ledger::Trial::Change& change);

}  // namespace chancery::node
