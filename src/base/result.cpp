#include "base/result.h"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace chancery {

namespace {
constexpr ReasonText kReasons[] = {
#define REASON(name, wire, http, zh, en, zh_remedy, en_remedy) {Reason::name, wire, http, zh, en, zh_remedy, en_remedy},
#include "base/reason_codes.def"
#undef REASON
};
}  // namespace

const ReasonText& reason_text(Reason reason) {
  return kReasons[static_cast<std::size_t>(reason)];
}

std::optional<Reason> reason_from_wire_name(std::string_view wire_name) {
  for (const ReasonText& text : kReasons) {
    if (text.wire_name == wire_name) return text.reason;
  }
  return std::nullopt;
}

std::string Error::message() const {
  const ReasonText& text = reason_text(reason);
  std::string out(text.wire_name);
  out.append(": ").append(text.title_en);
  if (!detail.empty()) out.append(": ").append(detail);
  return out;
}

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "chancery: a bug: expected %s at %s:%d\n", condition, file, line);
  std::abort();
}

}  // namespace chancery
