#pragma once
// Carries a long body from the worker thread that makes it to the connection that sends it, a few pieces at a time.

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "api/http/response.h"

namespace chancery::api {

class PieceChannel {
 public:
  static constexpr std::size_t kMaxPieces = 8;

  /// Waits for room. False when the reader has gone: stop making more.
  bool push(std::string_view piece);
  /// No more pieces. `complete` false: the body is cut off, and the connection with it, so that nobody takes it for
  /// whole.
  void finish(bool complete);

 private:
  friend class PieceSource;
  std::mutex mutex_;
  std::condition_variable room_;
  std::deque<std::string> pieces_;
  std::function<void()> wake_;
  bool finished_ = false;
  bool complete_ = false;
  bool abandoned_ = false;
};

/// The connection's end.
class PieceSource final : public http::BodySource {
 public:
  explicit PieceSource(std::shared_ptr<PieceChannel> channel) : channel_(std::move(channel)) {}
  ~PieceSource() override;
  Step next(std::string& out) override;
  void set_wake(std::function<void()> wake) override;

 private:
  std::shared_ptr<PieceChannel> channel_;
};

}  // namespace chancery::api
