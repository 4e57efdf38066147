#include "cli/all_commands.h"

namespace chancery::cli {

void add_all_commands(CommandTree& tree) {
  Command& root = tree.root();
  root.example("dev", {"启动带演示数据的单节点网络", "Start a network of one node with demo data"});
  root.example("verify certificate.receipt.json --trust trust.json", {"离线核验一份凭证", "Check a receipt offline"});
  add_dev(tree);
  add_init(tree);
  add_serve(tree);
  add_network(tree);
  add_cert(tree);
  add_keys(tree);
  add_credential(tree);
  add_evidence(tree);
  add_tx(tree);
  add_record(tree);
  add_proposal(tree);
  add_supervision(tree);
  add_proof(tree);
  add_verify(tree);
  add_pack(tree);
  add_bench(tree);
  add_backup(tree);
  add_drill(tree);
  add_snapshot(tree);
  add_rebuild(tree);
  add_doctor(tree);
  add_completion(tree);
}

}  // namespace chancery::cli
