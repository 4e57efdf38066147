#pragma once
// The commands, one file each in cli/commands/.

#include "cli/command.h"

namespace chancery::cli {

void add_dev(CommandTree& tree);
void add_init(CommandTree& tree);
void add_serve(CommandTree& tree);
void add_network(CommandTree& tree);
void add_cert(CommandTree& tree);
void add_keys(CommandTree& tree);
void add_credential(CommandTree& tree);
void add_evidence(CommandTree& tree);
void add_tx(CommandTree& tree);
void add_record(CommandTree& tree);
void add_proposal(CommandTree& tree);
void add_supervision(CommandTree& tree);
void add_proof(CommandTree& tree);
void add_verify(CommandTree& tree);
void add_pack(CommandTree& tree);
void add_bench(CommandTree& tree);
void add_backup(CommandTree& tree);
void add_drill(CommandTree& tree);
void add_snapshot(CommandTree& tree);
void add_rebuild(CommandTree& tree);
void add_doctor(CommandTree& tree);
void add_completion(CommandTree& tree);

void add_all_commands(CommandTree& tree);

}  // namespace chancery::cli
