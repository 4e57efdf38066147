// merkle_interop_vectors FOLDER: proofs, mutated proofs and a log for the Go and Rust programs beside this file.

#include "vectors.h"

#include <fmt/format.h>

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: merkle_interop_vectors FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  chancery::interop::write_state_proofs(folder);
  chancery::interop::write_log(folder);
}
