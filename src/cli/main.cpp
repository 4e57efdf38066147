#include <google/protobuf/stubs/logging.h>

#include "base/failpoint.h"
#include "cli/all_commands.h"

int main(int argc, char** argv) {
  chancery::failpoint::arm_from_environment();
  // The library writes a line for each malformed message; our own errors say it, and nobody can flood the log.
  google::protobuf::SetLogHandler(nullptr);
  chancery::cli::CommandTree tree(chancery::cli::language_from(chancery::cli::language_flag_of(argc, argv)));
  chancery::cli::add_all_commands(tree);
  return tree.run(argc, argv);
}
