#include "api/multipart.h"

namespace chancery::api {
namespace {

std::unexpected<Error> malformed(std::string_view what) {
  return fail(Reason::kMalformed, "The form is not valid multipart/form-data: " + std::string(what) + ".",
              "表单不是有效的 multipart/form-data。");
}

/// The value of `name` in a header such as `form-data; name="file"; filename="x"`.
std::string parameter(std::string_view header, std::string_view name) {
  const std::string key = std::string(name) + "=";
  std::size_t at = 0;
  while ((at = header.find(key, at)) != std::string_view::npos) {
    const bool whole_name = at > 0 && (header[at - 1] == ' ' || header[at - 1] == ';');
    std::string_view value = header.substr(at + key.size());
    at += key.size();
    if (!whole_name) continue;
    if (value.starts_with('"')) {
      value.remove_prefix(1);
      return std::string(value.substr(0, value.find('"')));
    }
    return std::string(value.substr(0, value.find_first_of("; ")));
  }
  return {};
}

}  // namespace

Result<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body) {
  const std::string boundary = parameter(content_type, "boundary");
  if (boundary.empty() || boundary.size() > 70) return malformed("no boundary");
  const std::string first = "--" + boundary;
  const std::string next = "\r\n" + first;
  if (!body.starts_with(first)) return malformed("no first part");
  body.remove_prefix(first.size());
  std::vector<FormPart> parts;
  while (!body.starts_with("--")) {
    if (!body.starts_with("\r\n") || parts.size() == kMaxFormParts) return malformed("a broken boundary");
    body.remove_prefix(2);
    const std::size_t head_end = body.find("\r\n\r\n");
    if (head_end == std::string_view::npos) return malformed("a part without a header");
    const std::string_view head = body.substr(0, head_end);
    body.remove_prefix(head_end + 4);
    const std::size_t end = body.find(next);
    if (end == std::string_view::npos) return malformed("a part without an end");
    parts.push_back({parameter(head, "name"), std::string(body.substr(0, end))});
    body.remove_prefix(end + next.size());
  }
  return parts;
}

}  // namespace chancery::api
