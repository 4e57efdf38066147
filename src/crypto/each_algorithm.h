#pragma once
// For tests that run once for each signature algorithm.

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/signature.h"

namespace chancery::crypto {

/// "ed25519", "ecdsap256sha256", "sm2sm3": names that GoogleTest takes.
inline std::string algorithm_test_name(const testing::TestParamInfo<SignatureAlgorithm>& info) {
  std::string name(to_string(info.param));
  std::erase(name, '-');
  return name;
}

}  // namespace chancery::crypto
