#pragma once
// Decoding a JSON object member by member. Each failure names the member by its JSON Pointer (RFC 6901).
//   JsonReader r(json);
//   ASSIGN_OR_RETURN(const std::string name, r.required_string("name", 200));
//   ASSIGN_OR_RETURN(const auto note, r.optional_string("note", 1000));
//   TRY(r.refuse_unknown_members());
// `null` is not the same as absent: an optional member that is null is refused. Failures have kInvalidValue.

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"

namespace chancery {

/// Borrows the JSON value, which must outlive it. Not thread-safe (it remembers which members were asked for).
class JsonReader {
 public:
  /// When `value` is not an object, every call below fails and says so.
  explicit JsonReader(const Json& value, std::string pointer = {}) : value_(&value), pointer_(std::move(pointer)) {}

  bool has(std::string_view name) const;
  const std::string& pointer() const { return pointer_; }

  /// Lengths count Unicode code points.
  Result<std::string> required_string(std::string_view name, std::size_t max_chars, std::size_t min_chars = 0);
  Result<std::optional<std::string>> optional_string(std::string_view name, std::size_t max_chars,
                                                     std::size_t min_chars = 0);
  Result<std::int64_t> required_integer(std::string_view name, std::int64_t min, std::int64_t max);
  Result<std::optional<std::int64_t>> optional_integer(std::string_view name, std::int64_t min, std::int64_t max);
  Result<std::uint64_t> required_unsigned(std::string_view name,
                                          std::uint64_t max = std::numeric_limits<std::uint64_t>::max());
  Result<std::optional<std::uint64_t>> optional_unsigned(std::string_view name,
                                                         std::uint64_t max = std::numeric_limits<std::uint64_t>::max());
  Result<bool> required_bool(std::string_view name);
  Result<bool> optional_bool(std::string_view name, bool absent);

  /// Strict encodings, see base/bytes.h; `max_bytes` bounds the decoded size.
  Result<Bytes> required_hex(std::string_view name, std::size_t max_bytes);
  Result<Bytes> required_base64(std::string_view name, std::size_t max_bytes);
  Result<Bytes> required_base64url(std::string_view name, std::size_t max_bytes);
  /// 64 hexadecimal characters.
  Result<Digest> required_digest(std::string_view name);

  Result<JsonReader> required_object(std::string_view name);
  Result<std::optional<JsonReader>> optional_object(std::string_view name);
  Result<std::vector<JsonReader>> required_objects(std::string_view name, std::size_t max_items);
  Result<std::vector<std::string>> required_strings(std::string_view name, std::size_t max_items,
                                                    std::size_t max_chars);
  Result<std::vector<std::string>> optional_strings(std::string_view name, std::size_t max_items,
                                                    std::size_t max_chars);
  /// A member of any type; null when it is absent.
  const Json* optional_any(std::string_view name);
  Result<const Json*> required_any(std::string_view name);

  /// Fails when the object has a member that nobody asked for.
  Status refuse_unknown_members() const;

  /// The failure of the member `name`: "<pointer>: <sentence>".
  std::unexpected<Error> refuse(std::string_view name, std::string_view sentence) const;

 private:
  const Json* value_;
  std::string pointer_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace chancery
