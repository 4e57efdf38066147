#pragma once
// Time as an interface, so that a whole network can be simulated from one seed.

#include <cstdint>

namespace chancery {

class Clock {
 public:
  virtual ~Clock() = default;
  /// Milliseconds since 1970-01-01T00:00:00Z.
  virtual std::int64_t now_ms() const = 0;
  /// Microseconds of a clock that never goes back; only differences mean anything.
  virtual std::int64_t monotonic_us() const = 0;
};

class SystemClock final : public Clock {
 public:
  std::int64_t now_ms() const override;
  std::int64_t monotonic_us() const override;
};

/// A clock that moves only when told to.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::int64_t start_ms) : now_ms_(start_ms) {}
  std::int64_t now_ms() const override { return now_ms_; }
  std::int64_t monotonic_us() const override { return now_ms_ * 1000; }
  void advance_ms(std::int64_t by) { now_ms_ += by; }
  void set_ms(std::int64_t to) { now_ms_ = to; }

 private:
  std::int64_t now_ms_;
};

}  // namespace chancery
