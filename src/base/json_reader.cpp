#include "base/json_reader.h"

#include <fmt/format.h>

namespace chancery {

namespace {

/// Base64 and hexadecimal texts grow by at most this factor, so a longer text is refused before it is decoded.
constexpr std::size_t kMaxCharsPerByte = 2;

}  // namespace

std::unexpected<Error> JsonReader::refuse(std::string_view name, std::string_view sentence) const {
  return fail(Reason::kInvalidValue, json_pointer_append(pointer_, name) + ": " + std::string(sentence));
}

bool JsonReader::has(std::string_view name) const {
  return value_->is_object() && value_->contains(name);
}

const Json* JsonReader::optional_any(std::string_view name) {
  if (!value_->is_object()) return nullptr;
  asked_.emplace(name);
  const auto found = value_->find(name);
  return found == value_->end() ? nullptr : &*found;
}

Result<const Json*> JsonReader::required_any(std::string_view name) {
  const Json* value = optional_any(name);
  if (value == nullptr) {
    if (!value_->is_object()) {
      return fail(Reason::kInvalidValue, (pointer_.empty() ? "the value" : pointer_) + " must be an object");
    }
    return refuse(name, "is required");
  }
  return value;
}

namespace {

Result<std::string> read_string(const JsonReader& reader, std::string_view name, const Json& value,
                                std::size_t max_chars, std::size_t min_chars) {
  if (!value.is_string()) return reader.refuse(name, "must be a string");
  const auto& text = value.get_ref<const std::string&>();
  const std::size_t length = utf8_length(text);
  if (length > max_chars) {
    return reader.refuse(name, fmt::format("has {} characters, the limit is {}", length, max_chars));
  }
  if (length < min_chars) {
    return reader.refuse(name, fmt::format("has {} characters, at least {} are required", length, min_chars));
  }
  return text;
}

Result<std::int64_t> read_integer(const JsonReader& reader, std::string_view name, const Json& value, std::int64_t min,
                                  std::int64_t max) {
  if (!value.is_number_integer()) return reader.refuse(name, "must be an integer");
  const bool too_large_for_int64 =
      value.is_number_unsigned() && value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max();
  if (too_large_for_int64 || value.get<std::int64_t>() < min || value.get<std::int64_t>() > max) {
    return reader.refuse(name, fmt::format("must be from {} to {}", min, max));
  }
  return value.get<std::int64_t>();
}

Result<std::uint64_t> read_unsigned(const JsonReader& reader, std::string_view name, const Json& value,
                                    std::uint64_t max) {
  if (!value.is_number_integer()) return reader.refuse(name, "must be an integer");
  // The parser makes an int64 of negative texts only; a program may make one of any value.
  const bool negative = !value.is_number_unsigned() && value.get<std::int64_t>() < 0;
  if (negative || value.get<std::uint64_t>() > max)
    return reader.refuse(name, fmt::format("must be from 0 to {}", max));
  return value.get<std::uint64_t>();
}

Result<std::vector<std::string>> read_strings(const JsonReader& reader, std::string_view name, const Json& value,
                                              std::size_t max_items, std::size_t max_chars) {
  if (!value.is_array()) return reader.refuse(name, "must be an array of strings");
  if (value.size() > max_items) {
    return reader.refuse(name, fmt::format("has {} items, the limit is {}", value.size(), max_items));
  }
  std::vector<std::string> out;
  out.reserve(value.size());
  for (const Json& item : value) {
    if (!item.is_string() || utf8_length(item.get_ref<const std::string&>()) > max_chars) {
      return reader.refuse(name,
                           fmt::format("item {} must be a string of at most {} characters", out.size(), max_chars));
    }
    out.push_back(item.get<std::string>());
  }
  return out;
}

Result<Bytes> read_encoded(JsonReader& reader, std::string_view name, std::size_t max_bytes,
                           std::optional<Bytes> (*decode)(std::string_view), std::string_view encoding) {
  ASSIGN_OR_RETURN(const std::string text, reader.required_string(name, kMaxCharsPerByte * max_bytes + 2));
  std::optional<Bytes> bytes = decode(text);
  if (!bytes) return reader.refuse(name, fmt::format("must be {}", encoding));
  if (bytes->size() > max_bytes) {
    return reader.refuse(name, fmt::format("has {} bytes, the limit is {}", bytes->size(), max_bytes));
  }
  return *std::move(bytes);
}

}  // namespace

Result<std::string> JsonReader::required_string(std::string_view name, std::size_t max_chars, std::size_t min_chars) {
  ASSIGN_OR_RETURN(const Json* value, required_any(name));
  return read_string(*this, name, *value, max_chars, min_chars);
}

Result<std::optional<std::string>> JsonReader::optional_string(std::string_view name, std::size_t max_chars,
                                                               std::size_t min_chars) {
  const Json* value = optional_any(name);
  if (value == nullptr) return std::nullopt;
  return read_string(*this, name, *value, max_chars, min_chars);
}

Result<std::int64_t> JsonReader::required_integer(std::string_view name, std::int64_t min, std::int64_t max) {
  ASSIGN_OR_RETURN(const Json* value, required_any(name));
  return read_integer(*this, name, *value, min, max);
}

Result<std::optional<std::int64_t>> JsonReader::optional_integer(std::string_view name, std::int64_t min,
                                                                 std::int64_t max) {
  const Json* value = optional_any(name);
  if (value == nullptr) return std::nullopt;
  return read_integer(*this, name, *value, min, max);
}

Result<std::uint64_t> JsonReader::required_unsigned(std::string_view name, std::uint64_t max) {
  ASSIGN_OR_RETURN(const Json* value, required_any(name));
  return read_unsigned(*this, name, *value, max);
}

Result<std::optional<std::uint64_t>> JsonReader::optional_unsigned(std::string_view name, std::uint64_t max) {
  const Json* value = optional_any(name);
  if (value == nullptr) return std::nullopt;
  return read_unsigned(*this, name, *value, max);
}

Result<bool> JsonReader::required_bool(std::string_view name) {
  ASSIGN_OR_RETURN(const Json* value, required_any(name));
  if (!value->is_boolean()) return refuse(name, "must be true or false");
  return value->get<bool>();
}

Result<bool> JsonReader::optional_bool(std::string_view name, bool absent) {
  const Json* value = optional_any(name);
  if (value == nullptr) return absent;
  if (!value->is_boolean()) return refuse(name, "must be true or false");
  return value->get<bool>();
}

Result<Bytes> JsonReader::required_hex(std::string_view name, std::size_t max_bytes) {
  return read_encoded(*this, name, max_bytes, from_hex, "hexadecimal");
}

Result<Bytes> JsonReader::required_base64(std::string_view name, std::size_t max_bytes) {
  return read_encoded(*this, name, max_bytes, from_base64, "base64 with padding");
}

Result<Bytes> JsonReader::required_base64url(std::string_view name, std::size_t max_bytes) {
  return read_encoded(*this, name, max_bytes, from_base64url, "base64url without padding");
}

Result<Digest> JsonReader::required_digest(std::string_view name) {
  ASSIGN_OR_RETURN(const std::string text, required_string(name, 64));
  const std::optional<Digest> digest = digest_from_hex(text);
  if (!digest) return refuse(name, "must be 64 hexadecimal characters");
  return *digest;
}

Result<JsonReader> JsonReader::required_object(std::string_view name) {
  ASSIGN_OR_RETURN(const Json* value, required_any(name));
  if (!value->is_object()) return refuse(name, "must be an object");
  return JsonReader(*value, json_pointer_append(pointer_, name));
}

Result<std::optional<JsonReader>> JsonReader::optional_object(std::string_view name) {
  if (optional_any(name) == nullptr) return std::nullopt;
  return required_object(name);
}

Result<std::vector<JsonReader>> JsonReader::required_objects(std::string_view name, std::size_t max_items) {
  ASSIGN_OR_RETURN(const Json* value, required_any(name));
  if (!value->is_array()) return refuse(name, "must be an array of objects");
  if (value->size() > max_items) {
    return refuse(name, fmt::format("has {} items, the limit is {}", value->size(), max_items));
  }
  const std::string array_pointer = json_pointer_append(pointer_, name);
  std::vector<JsonReader> out;
  out.reserve(value->size());
  for (const Json& item : *value) {
    if (!item.is_object()) return refuse(name, fmt::format("item {} must be an object", out.size()));
    out.emplace_back(item, json_pointer_append(array_pointer, std::to_string(out.size())));
  }
  return out;
}

Result<std::vector<std::string>> JsonReader::required_strings(std::string_view name, std::size_t max_items,
                                                              std::size_t max_chars) {
  ASSIGN_OR_RETURN(const Json* value, required_any(name));
  return read_strings(*this, name, *value, max_items, max_chars);
}

Result<std::vector<std::string>> JsonReader::optional_strings(std::string_view name, std::size_t max_items,
                                                              std::size_t max_chars) {
  const Json* value = optional_any(name);
  if (value == nullptr) return std::vector<std::string>{};
  return read_strings(*this, name, *value, max_items, max_chars);
}

Status JsonReader::refuse_unknown_members() const {
  if (!value_->is_object()) {
    return fail(Reason::kInvalidValue, (pointer_.empty() ? "the value" : pointer_) + " must be an object");
  }
  for (const auto& [name, member] : value_->get_ref<const Json::object_t&>()) {
    if (!asked_.contains(name)) return refuse(name, "is not a known member");
  }
  return {};
}

}  // namespace chancery
