#pragma once
// An HTTP request after parsing: names and values are checked, the target is split and decoded once, at the door.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace chancery::api::http {

struct Header {
  std::string name;
  std::string value;
};

/// W3C Trace Context: 16 bytes of trace id and 8 bytes of span id, as lower-case hexadecimal.
struct Trace {
  std::string trace_id;
  std::string span_id;

  /// "00-<trace id>-<span id>-01"
  std::string traceparent() const;
};

/// Takes the caller's trace id when `traceparent` is well-formed (W3C Trace Context section 3.2), or starts a new
/// trace. The span id is always fresh.
Trace continue_trace(std::string_view traceparent);

/// A target in origin form, or in absolute form with its authority cut off (RFC 9112 section 3.2).
struct Target {
  std::string path;                                        ///< raw, as it was sent; starts with '/'
  std::vector<std::string> segments;                       ///< percent-decoded, valid UTF-8, no NUL
  std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in order; '+' is a space

  /// kMalformed for broken percent encoding, invalid UTF-8, control characters, a fragment, more than 64 parameters.
  static Result<Target> parse(std::string_view raw);
};

/// name=value pairs of a query or an application/x-www-form-urlencoded body.
Result<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view text);

struct Request {
  std::string method;  ///< "GET", as sent
  Target target;
  unsigned version = 11;  ///< 10 or 11
  std::vector<Header> headers;
  std::string body;
  std::string remote_address;
  Trace trace;
  /// Values of the {placeholders} of the route, in the order of the pattern; the router fills them.
  std::vector<std::string> parameters;

  /// The first header of that name (case does not matter), or an empty view.
  std::string_view header(std::string_view name) const;
  bool has_header(std::string_view name) const;
  /// The first query parameter of that name.
  std::optional<std::string_view> query(std::string_view name) const;
  const std::string& path() const { return target.path; }
  /// The media type of the body without parameters, lower case: "application/json".
  std::string media_type() const;
  std::optional<std::string> cookie(std::string_view name) const;
};

bool equals_ignoring_case(std::string_view a, std::string_view b);

/// The quality that an Accept header gives to a media type, 0 to 1000 (RFC 9110 section 12.5.1); 1000 when it is empty.
int accepted_quality(std::string_view accept, std::string_view media_type);

/// zh-CN unless the caller prefers English: ?lang= first, then Accept-Language (RFC 9110 section 12.5.4).
Language language_of(const Request& request);

}  // namespace chancery::api::http
