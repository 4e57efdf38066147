#pragma once
// The genesis document in a node's directory.

#include <string>

#include "ledger/genesis.h"

namespace chancery::node {

inline constexpr std::size_t kGenesisFileBytes = 8U << 20;

/// kNotFound when there is none; the errors of Genesis::parse.
Result<ledger::Genesis> read_genesis(const std::string& directory);

}  // namespace chancery::node
