#pragma once
// Server-sent events out of pieces of a stream (WHATWG HTML section 9.2.6).

#include <functional>
#include <string>
#include <string_view>

#include "api/client.h"

namespace chancery::api {

class EventParser {
 public:
  /// False as soon as `on_event` returns false.
  bool take(std::string_view piece, const std::function<bool(const ClientEvent&)>& on_event);

 private:
  void field(std::string_view line);
  std::string line_;
  bool after_return_ = false;
  bool has_data_ = false;
  ClientEvent event_;
};

}  // namespace chancery::api
