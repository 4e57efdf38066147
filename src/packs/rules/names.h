#pragma once
// Small readings of a rule's tree that the evaluator and the check share.

#include <span>
#include <string>
#include <string_view>

#include "packs/rules/parser.h"

namespace chancery::packs::rules {

/// "a.b.c" of a chain of fields on a name; empty for anything else.
std::string path_of(const Expr& expr);

/// Whether a call is an operator of two values: a sign, "in" or "[]". A method may be called "in" as well.
bool is_binary(const Expr& call);

/// "int, string"
std::string names_of(std::span<const Kind> kinds);

}  // namespace chancery::packs::rules
