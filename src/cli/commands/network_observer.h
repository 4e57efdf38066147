#pragma once
// Nodes that follow a network without a vote.

#include "cli/command.h"

namespace chancery::cli {

/// `network admit` and `network observe`.
void add_network_observer(Command& network);

}  // namespace chancery::cli
