#pragma once
// Query parameters, read strictly: each at most once, each of its type, none unknown.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "api/http/request.h"
#include "base/bytes.h"
#include "readmodel/read_model.h"

namespace chancery::api {

/// The first failure is kept and comes out of done(); until then readers give what they can.
class QueryReader {
 public:
  explicit QueryReader(const http::Request& request) : request_(request) { asked_.insert("lang"); }

  /// At most `max_characters` code points; empty when absent.
  std::string text(std::string_view name, std::size_t max_characters = 200);
  std::optional<std::uint64_t> number(std::string_view name, std::uint64_t max = (1ULL << 53) - 1);
  std::uint64_t required_number(std::string_view name, std::uint64_t max = (1ULL << 53) - 1);
  /// RFC 3339, or a bare date; see parse_time.
  std::optional<std::int64_t> time_ms(std::string_view name);
  /// "true" or "false".
  std::optional<bool> flag(std::string_view name);
  std::optional<Digest> digest(std::string_view name);
  /// `limit` and `cursor`.
  readmodel::PageRequest page();
  /// For checks of the caller's own.
  void refuse(std::string_view name, std::string_view expected_en, std::string_view expected_zh);

  /// kInvalidValue with the parameter's name; also for parameters that nobody asked for.
  Status done();

 private:
  std::optional<std::string_view> find(std::string_view name);
  const http::Request& request_;
  std::set<std::string, std::less<>> asked_;
  std::optional<Error> error_;
};

}  // namespace chancery::api
