#include "api/query_reader.h"

#include <charconv>

#include "api/time_text.h"

namespace chancery::api {

std::optional<std::string_view> QueryReader::find(std::string_view name) {
  asked_.emplace(name);
  return request_.query(name);
}

void QueryReader::refuse(std::string_view name, std::string_view expected_en, std::string_view expected_zh) {
  if (error_) return;
  error_ = Error{Reason::kInvalidValue, "The parameter " + std::string(name) + " " + std::string(expected_en) + ".",
                 "参数 " + std::string(name) + " " + std::string(expected_zh) + "。"};
}

std::string QueryReader::text(std::string_view name, std::size_t max_characters) {
  const auto value = find(name);
  if (!value) return {};
  if (utf8_length(*value) > max_characters) refuse(name, "is too long", "过长");
  return std::string(*value);
}

std::optional<std::uint64_t> QueryReader::number(std::string_view name, std::uint64_t max) {
  const auto value = find(name);
  if (!value) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (error != std::errc() || end != value->data() + value->size() || number > max) {
    refuse(name, "must be a whole number from 0 to " + std::to_string(max),
           "须为 0 至 " + std::to_string(max) + " 的整数");
    return std::nullopt;
  }
  return number;
}

std::uint64_t QueryReader::required_number(std::string_view name, std::uint64_t max) {
  const auto value = number(name, max);
  if (!value) refuse(name, "is required", "必须提供");
  return value.value_or(0);
}

std::optional<std::int64_t> QueryReader::time_ms(std::string_view name) {
  const auto value = find(name);
  if (!value) return std::nullopt;
  const auto time = parse_time(*value);
  if (!time) {
    refuse(name, "must be a date, such as 2026-11-23 or 2026-11-23T08:00:00Z",
           "须为日期或时间，例如 2026-11-23 或 2026-11-23T08:00:00Z");
  }
  return time;
}

std::optional<bool> QueryReader::flag(std::string_view name) {
  const auto value = find(name);
  if (!value) return std::nullopt;
  if (*value != "true" && *value != "false") {
    refuse(name, "must be true or false", "须为 true 或 false");
    return std::nullopt;
  }
  return *value == "true";
}

std::optional<Digest> QueryReader::digest(std::string_view name) {
  const auto value = find(name);
  if (!value) return std::nullopt;
  const auto digest = digest_from_hex(*value);
  if (!digest) refuse(name, "must have 64 hexadecimal digits", "须为 64 位十六进制数");
  return digest;
}

readmodel::PageRequest QueryReader::page() {
  readmodel::PageRequest page;
  const auto limit = number("limit", readmodel::kMaxPageItems);
  if (limit == 0U) refuse("limit", "must be 1 to 100", "须为 1 至 100");
  page.limit = static_cast<std::uint32_t>(limit.value_or(readmodel::kDefaultPageItems));
  page.cursor = text("cursor", 1'000);
  return page;
}

Status QueryReader::done() {
  std::set<std::string_view> seen;
  for (const auto& [name, value] : request_.target.query) {
    if (!asked_.contains(name)) refuse(name, "is not known here", "不是此接口的参数");
    if (!seen.insert(name).second) refuse(name, "occurs twice", "重复出现");
  }
  if (error_) return std::unexpected(*error_);
  return {};
}

}  // namespace chancery::api
