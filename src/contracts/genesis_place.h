#pragma once
// Failures of contract rules while the genesis file is read, with the place in the file before them.

#include <fmt/format.h>

#include "base/json_reader.h"
#include "base/result.h"
#include "contracts/encoding.h"

namespace chancery::contracts {

/// The same status; a failure's details begin with the reader's JSON Pointer.
inline Status at_place(const JsonReader& reader, Status status) {
  if (status) return status;
  Error& error = status.error();
  error.detail = fmt::format("{}: {}", reader.pointer(), error.detail);
  if (!error.detail_zh.empty()) error.detail_zh = fmt::format("{}：{}", reader.pointer(), error.detail_zh);
  return status;
}

}  // namespace chancery::contracts
