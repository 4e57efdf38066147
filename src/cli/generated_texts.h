#pragma once
// Texts made from the command tree: shell completion, the man page, docs/cli.md.

#include <string>

#include "cli/command.h"

namespace chancery::cli {

std::string bash_completion(const Command& root);
std::string zsh_completion(const Command& root);
std::string fish_completion(const Command& root);
/// roff, section 1.
std::string man_page(const Command& root, Language language);
/// docs/cli.md: every command with its options and examples, and the exit codes. A test compares.
std::string reference_page(const Command& root, Language language);

}  // namespace chancery::cli
