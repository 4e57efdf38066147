#pragma once
// Assertions on results, with the refusal in the failure's text.

#include <gtest/gtest.h>

#include "base/result.h"

namespace chancery::contracts::testing {

template <class T>
::testing::AssertionResult succeeds(const Result<T>& result) {
  if (result) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << result.error().message();
}

template <class T>
::testing::AssertionResult refused(const Result<T>& result, Reason reason) {
  if (result) return ::testing::AssertionFailure() << "it succeeded";
  if (result.error().reason == reason) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << result.error().message() << ", expected " << reason_text(reason).wire_name;
}

}  // namespace chancery::contracts::testing
