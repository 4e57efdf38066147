#pragma once
// How a contract finds the function of a method. Tables are short; a linear search beats a map.

#include <fmt/format.h>

#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/context.h"

namespace chancery::contracts {

struct Method {
  std::string_view name;
  Result<Bytes> (*run)(ledger::Context& context, BytesView args);
};

/// Runs the method, or kUnknownMethod.
inline Result<Bytes> call_method(std::span<const Method> methods, std::string_view contract, std::string_view name,
                                 ledger::Context& context, BytesView args) {
  for (const Method& method : methods) {
    if (method.name == name) return method.run(context, args);
  }
  return fail(Reason::kUnknownMethod, fmt::format("{} has no method {}", contract, name),
              fmt::format("合约 {} 没有方法 {}", contract, name));
}

}  // namespace chancery::contracts
