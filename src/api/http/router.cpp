#include "api/http/router.h"

#include <algorithm>

namespace chancery::api::http {

void Router::add(Route route) {
  Pattern pattern;
  std::string_view rest = std::string_view(route.pattern).substr(1);
  while (true) {
    const std::size_t slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    const bool placeholder = segment.starts_with('{') && segment.ends_with('}');
    if (placeholder && segment.ends_with("...}")) {
      pattern.takes_rest = true;
    } else {
      pattern.segments.emplace_back(placeholder ? std::string_view() : segment);
    }
    if (!placeholder) ++pattern.fixed;
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  routes_.push_back(std::move(route));
  patterns_.push_back(std::move(pattern));
}

bool Router::fits(const Pattern& pattern, const std::vector<std::string>& segments) {
  if (pattern.takes_rest ? segments.size() <= pattern.segments.size() : segments.size() != pattern.segments.size()) {
    return false;
  }
  for (std::size_t i = 0; i < pattern.segments.size(); ++i) {
    const std::string& expected = pattern.segments[i];
    // The root's only segment is empty, and a placeholder needs a value: so an empty one fits an empty one only there.
    const bool root = pattern.segments.size() == 1 && pattern.fixed == 1;
    if (expected.empty() ? segments[i].empty() != root : expected != segments[i]) return false;
  }
  return true;
}

Router::Match Router::match(std::string_view method, const std::vector<std::string>& segments) const {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  std::size_t best_fixed = 0;
  std::vector<std::size_t> fitting;
  for (std::size_t i = 0; i < patterns_.size(); ++i) {
    if (!fits(patterns_[i], segments)) continue;
    const std::size_t fixed = patterns_[i].fixed + (patterns_[i].takes_rest ? 0 : 1);
    if (fixed > best_fixed) fitting.clear();
    if (fixed >= best_fixed) fitting.push_back(i);
    best_fixed = std::max(best_fixed, fixed);
  }
  Match match;
  for (const std::size_t i : fitting) {
    match.allow += match.allow.empty() ? "" : ", ";
    match.allow += routes_[i].method;
    if (routes_[i].method == "GET") match.allow += ", HEAD";
    if (routes_[i].method != wanted || match.route != nullptr) continue;
    match.route = &routes_[i];
    const Pattern& pattern = patterns_[i];
    for (std::size_t s = 0; s < pattern.segments.size(); ++s) {
      if (pattern.segments[s].empty() && !segments[s].empty()) match.parameters.push_back(segments[s]);
    }
    if (pattern.takes_rest) {
      std::string rest;
      for (std::size_t s = pattern.segments.size(); s < segments.size(); ++s) {
        rest += (rest.empty() ? "" : "/") + segments[s];
      }
      match.parameters.push_back(std::move(rest));
    }
  }
  if (!match.allow.empty()) match.allow += ", OPTIONS";
  return match;
}

}  // namespace chancery::api::http
