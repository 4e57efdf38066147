#pragma once
// Errors as values. Every refusal carries a reason code from one table (reason_codes.def), a sentence about this case,
// and through the table a title and a remedy in zh-CN and en.

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace chancery {

enum class Reason : std::uint16_t {
#define REASON(name, wire, http, zh, en, zh_remedy, en_remedy) name,
#include "base/reason_codes.def"
#undef REASON
};

enum class Language { kZhCn, kEn };

struct ReasonText {
  Reason reason;
  std::string_view wire_name;  ///< "transaction.expired"
  int http_status;
  std::string_view title_zh, title_en, remedy_zh, remedy_en;

  std::string_view title(Language language) const { return language == Language::kZhCn ? title_zh : title_en; }
  std::string_view remedy(Language language) const { return language == Language::kZhCn ? remedy_zh : remedy_en; }
};

const ReasonText& reason_text(Reason reason);
std::optional<Reason> reason_from_wire_name(std::string_view wire_name);

struct Error {
  Reason reason = Reason::kInternal;
  std::string detail;     ///< A sentence about this case, in English; never holds personal data or secrets.
  std::string detail_zh;  ///< The same in Chinese; empty where only the table's title is known.

  /// "transaction.expired: The transaction has expired: <detail>"
  std::string message() const;
};

template <class T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

inline std::unexpected<Error> fail(Reason reason, std::string detail = {}, std::string detail_zh = {}) {
  return std::unexpected(Error{reason, std::move(detail), std::move(detail_zh)});
}

[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace chancery

/// For our own bugs only, never for input. On in release builds.
#define CHANCERY_CHECK(condition) \
  (static_cast<bool>(condition) ? void() : ::chancery::check_failed(#condition, __FILE__, __LINE__))

#define CHANCERY_CONCAT_(a, b) a##b
#define CHANCERY_CONCAT(a, b) CHANCERY_CONCAT_(a, b)

/// `TRY(expression)` returns the error of a Result to the caller; the value is dropped.
#define TRY(...)                                                      \
  do {                                                                \
    if (auto try_result_ = (__VA_ARGS__); !try_result_.has_value()) { \
      return std::unexpected(std::move(try_result_).error());         \
    }                                                                 \
  } while (false)

/// `ASSIGN_OR_RETURN(auto x, expression)` takes the value or returns the error.
#define ASSIGN_OR_RETURN(target, ...) ASSIGN_OR_RETURN_IMPL_(CHANCERY_CONCAT(result_at_, __LINE__), target, __VA_ARGS__)
#define ASSIGN_OR_RETURN_IMPL_(name, target, ...)                         \
  auto name = (__VA_ARGS__);                                              \
  if (!name.has_value()) return std::unexpected(std::move(name).error()); \
  target = std::move(name).value()
