#include "api/http/request.h"

#include <algorithm>
#include <charconv>

#include "base/bytes.h"
#include "base/random.h"

namespace chancery::api::http {
namespace {

constexpr std::size_t kMaxQueryParameters = 64;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

/// RFC 3986 section 2.1. Line breaks and tabs are let through in forms only.
Result<std::string> percent_decode(std::string_view text, bool form) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return fail(Reason::kMalformed, "A percent sign is not followed by two digits.");
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return fail(Reason::kMalformed, "A percent sign is not followed by two digits.");
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(form && c == '+' ? ' ' : c);
    }
  }
  if (!is_utf8(out)) return fail(Reason::kMalformed, "The address is not valid UTF-8.");
  if (form ? out.find('\0') != std::string::npos : has_control_characters(out)) {
    return fail(Reason::kMalformed, "The address holds control characters.");
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Calls `visit` for each part of a list; quoted commas do not occur in the headers that we read.
template <class Visit>
void split(std::string_view list, char separator, Visit visit) {
  while (true) {
    const std::size_t end = list.find(separator);
    visit(trimmed(list.substr(0, end)));
    if (end == std::string_view::npos) return;
    list.remove_prefix(end + 1);
  }
}

/// "q=0.8" gives 800; 1000 when there is no q.
int quality_of(std::string_view parameters) {
  int quality = 1000;
  split(parameters, ';', [&](std::string_view parameter) {
    if (parameter.size() < 3 || lower(parameter[0]) != 'q' || parameter[1] != '=') return;
    parameter.remove_prefix(2);
    int value = 0;
    int scale = 1000;
    for (const char c : parameter.substr(0, 5)) {
      if (c == '.') continue;
      if (c < '0' || c > '9') return;
      value += (c - '0') * scale;
      scale /= 10;
    }
    quality = std::min(value, 1000);
  });
  return quality;
}

bool is_lower_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_all_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string Trace::traceparent() const {
  return "00-" + trace_id + "-" + span_id + "-01";
}

Trace continue_trace(std::string_view traceparent) {
  // Names for correlation, not secrets: a fast seeded stream is enough.
  thread_local SeededRandom random = [] {
    SystemRandom system;
    return SeededRandom(system.next_u64());
  }();
  Trace trace;
  trace.span_id = to_hex(random.bytes(8));
  const bool well_formed = traceparent.size() == 55 && traceparent.starts_with("00-") && traceparent[35] == '-' &&
                           traceparent[52] == '-' && is_lower_hex(traceparent.substr(3, 32)) &&
                           is_lower_hex(traceparent.substr(36, 16)) && is_lower_hex(traceparent.substr(53, 2)) &&
                           !is_all_zero(traceparent.substr(3, 32)) && !is_all_zero(traceparent.substr(36, 16));
  trace.trace_id = well_formed ? std::string(traceparent.substr(3, 32)) : to_hex(random.bytes(16));
  return trace;
}

Result<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> out;
  if (text.empty()) return out;
  std::optional<Error> error;
  split(text, '&', [&](std::string_view pair) {
    if (error || pair.empty()) return;
    if (out.size() == kMaxQueryParameters) {
      error = Error{Reason::kMalformed, "There are more than 64 parameters.", "参数超过 64 个。"};
      return;
    }
    const std::size_t equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals), true);
    auto value = equals == std::string_view::npos ? Result<std::string>(std::string())
                                                  : percent_decode(pair.substr(equals + 1), true);
    if (!name || !value) {
      error = name ? value.error() : name.error();
      return;
    }
    out.emplace_back(std::move(*name), std::move(*value));
  });
  if (error) return std::unexpected(std::move(*error));
  return out;
}

Result<Target> Target::parse(std::string_view raw) {
  constexpr std::string_view kHttp = "http://";
  if (raw.size() > kHttp.size() && equals_ignoring_case(raw.substr(0, kHttp.size()), kHttp)) {
    raw.remove_prefix(kHttp.size());
    const std::size_t slash = raw.find('/');
    raw = slash == std::string_view::npos ? std::string_view("/") : raw.substr(slash);
  }
  if (raw == "*") raw = "/*";  // OPTIONS *: no route has it, so it is answered with 404
  if (raw.empty() || raw.front() != '/' || raw.find('#') != std::string_view::npos || has_control_characters(raw)) {
    return fail(Reason::kMalformed, "The request target is not a path.");
  }
  Target target;
  const std::size_t question = raw.find('?');
  target.path = std::string(raw.substr(0, question));
  if (question != std::string_view::npos) {
    ASSIGN_OR_RETURN(target.query, parse_form(raw.substr(question + 1)));
  }
  std::optional<Error> error;
  split(std::string_view(target.path).substr(1), '/', [&](std::string_view segment) {
    auto decoded = percent_decode(segment, false);
    if (!decoded) {
      error = decoded.error();
    } else {
      target.segments.push_back(std::move(*decoded));
    }
  });
  if (error) return std::unexpected(std::move(*error));
  return target;
}

std::string_view Request::header(std::string_view name) const {
  for (const auto& header : headers) {
    if (equals_ignoring_case(header.name, name)) return header.value;
  }
  return {};
}

bool Request::has_header(std::string_view name) const {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const Header& header) { return equals_ignoring_case(header.name, name); });
}

std::optional<std::string_view> Request::query(std::string_view name) const {
  for (const auto& [key, value] : target.query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::string Request::media_type() const {
  const std::string_view value = header("content-type");
  std::string out(trimmed(value.substr(0, value.find(';'))));
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

std::optional<std::string> Request::cookie(std::string_view name) const {
  std::optional<std::string> found;
  split(header("cookie"), ';', [&](std::string_view pair) {
    const std::size_t equals = pair.find('=');
    if (!found && equals != std::string_view::npos && pair.substr(0, equals) == name) {
      found = std::string(pair.substr(equals + 1));
    }
  });
  return found;
}

int accepted_quality(std::string_view accept, std::string_view media_type) {
  if (trimmed(accept).empty()) return 1000;
  int best = 0;
  int best_specificity = -1;
  const std::string_view type = media_type.substr(0, media_type.find('/'));
  split(accept, ',', [&](std::string_view range) {
    const std::size_t semicolon = range.find(';');
    const std::string_view name = trimmed(range.substr(0, semicolon));
    int specificity = -1;
    if (equals_ignoring_case(name, media_type)) {
      specificity = 2;
    } else if (name.size() > 2 && name.ends_with("/*") && equals_ignoring_case(name.substr(0, name.size() - 2), type)) {
      specificity = 1;
    } else if (name == "*/*") {
      specificity = 0;
    }
    if (specificity > best_specificity) {
      best_specificity = specificity;
      best = semicolon == std::string_view::npos ? 1000 : quality_of(range.substr(semicolon + 1));
    }
  });
  return best;
}

Language language_of(const Request& request) {
  if (const auto chosen = request.query("lang")) {
    if (chosen->starts_with("en")) return Language::kEn;
    if (chosen->starts_with("zh")) return Language::kZhCn;
  }
  int english = -1;
  int chinese = -1;
  split(request.header("accept-language"), ',', [&](std::string_view range) {
    const std::size_t semicolon = range.find(';');
    const std::string_view tag = range.substr(0, semicolon);
    const int quality = semicolon == std::string_view::npos ? 1000 : quality_of(range.substr(semicolon + 1));
    if (tag.size() >= 2 && equals_ignoring_case(tag.substr(0, 2), "en")) english = std::max(english, quality);
    if (tag.size() >= 2 && equals_ignoring_case(tag.substr(0, 2), "zh")) chinese = std::max(chinese, quality);
  });
  return english > chinese ? Language::kEn : Language::kZhCn;
}

}  // namespace chancery::api::http
