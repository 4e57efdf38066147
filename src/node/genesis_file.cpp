#include "node/genesis_file.h"

#include "node/files.h"
#include "node/node_files.h"

namespace chancery::node {

Result<ledger::Genesis> read_genesis(const std::string& directory) {
  ASSIGN_OR_RETURN(const std::string document, read_file(genesis_path(directory), kGenesisFileBytes));
  return ledger::Genesis::parse(document);
}

}  // namespace chancery::node
