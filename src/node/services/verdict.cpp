#include "node/services/verdict.h"

namespace chancery::node {

std::string_view to_string(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::kValid:
      return "valid";
    case VerdictKind::kNotYetValid:
      return "not_yet_valid";
    case VerdictKind::kSuspended:
      return "suspended";
    case VerdictKind::kRevoked:
      return "revoked";
    case VerdictKind::kExpired:
      return "expired";
    case VerdictKind::kSuperseded:
      return "superseded";
    case VerdictKind::kUnknown:
      break;
  }
  return "unknown";
}

}  // namespace chancery::node
