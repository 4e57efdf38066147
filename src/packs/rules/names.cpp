#include "packs/rules/names.h"

namespace chancery::packs::rules {

std::string path_of(const Expr& expr) {
  if (expr.kind == ExprKind::kName) return expr.name;
  if (expr.kind != ExprKind::kSelect && expr.kind != ExprKind::kHas) return "";
  std::string path = path_of(expr.parts[0]);
  if (!path.empty()) path.append(".").append(expr.name);
  return path;
}

bool is_binary(const Expr& call) {
  if (call.method || call.parts.size() != 2) return false;
  const char first = call.name.front();
  const bool word = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '_';
  return !word || call.name == "in";
}

std::string names_of(std::span<const Kind> kinds) {
  std::string out;
  for (const Kind kind : kinds) out.append(out.empty() ? "" : ", ").append(kind_name(kind));
  return out;
}

}  // namespace chancery::packs::rules
