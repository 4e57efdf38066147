#include "api/event_parser.h"

namespace chancery::api {

void EventParser::field(std::string_view line) {
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "data") {
    if (has_data_) event_.data += '\n';
    event_.data += value;
    has_data_ = true;
  } else if (name == "event") {
    event_.type = std::string(value);
  } else if (name == "id" && value.find('\0') == std::string_view::npos) {
    event_.id = std::string(value);
  }
}

bool EventParser::take(std::string_view piece, const std::function<bool(const ClientEvent&)>& on_event) {
  for (const char c : piece) {
    const bool second_half = after_return_ && c == '\n';
    after_return_ = c == '\r';
    if (second_half) continue;
    if (c != '\n' && c != '\r') {
      line_ += c;
      continue;
    }
    if (!line_.empty()) {
      field(line_);
      line_.clear();
      continue;
    }
    if (has_data_) {
      if (event_.type.empty()) event_.type = "message";
      if (!on_event(event_)) return false;
    }
    has_data_ = false;
    event_.data.clear();
    event_.type.clear();  // the id stays: it is the last one seen
  }
  return true;
}

}  // namespace chancery::api
