#pragma once
// multipart/form-data (RFC 7578), for the one form of ours that takes a file.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace chancery::api {

struct FormPart {
  std::string name;
  std::string content;
};

inline constexpr std::size_t kMaxFormParts = 16;

/// `content_type` with its boundary parameter. kMalformed for anything that is not whole. Takes any bytes.
Result<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body);

}  // namespace chancery::api
