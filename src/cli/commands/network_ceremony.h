#pragma once
// create, invite and join below `chancery network`.

#include "cli/command.h"

namespace chancery::cli {

void add_network_ceremony(Command& network);

}  // namespace chancery::cli
