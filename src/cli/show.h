#pragma once
// An answer of the node for people: one "name: value" line a member, nested names joined by dots.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/terminal.h"

namespace chancery::cli {

/// With --json the value itself.
void show(Terminal& terminal, const nlohmann::json& value);
/// An indented line for each member.
void show_members(Terminal& terminal, const nlohmann::json& members);
/// What a command has done: a heading marked as good, and its members; with --json the members alone.
void show_done(Terminal& terminal, const Words& heading, const nlohmann::json& members);
/// A list answer ("items") as a table of the named members; with --json the whole answer.
void show_items(Terminal& terminal, const nlohmann::json& page, const std::vector<std::string>& members);

/// Content as it is, into `path` or (when that is empty) to stdout.
Result<ExitCode> deliver(Terminal& terminal, const std::string& path, const std::string& content);

}  // namespace chancery::cli
