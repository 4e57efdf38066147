#include "api/piece_channel.h"

namespace chancery::api {

bool PieceChannel::push(std::string_view piece) {
  std::function<void()> wake;
  {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return abandoned_ || pieces_.size() < kMaxPieces; });
    if (abandoned_) return false;
    pieces_.emplace_back(piece);
    wake = wake_;
  }
  if (wake) wake();
  return true;
}

void PieceChannel::finish(bool complete) {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    complete_ = complete;
    wake = wake_;
  }
  if (wake) wake();
}

PieceSource::~PieceSource() {
  {
    const std::lock_guard lock(channel_->mutex_);
    channel_->abandoned_ = true;
    channel_->wake_ = nullptr;
  }
  channel_->room_.notify_all();
}

http::BodySource::Step PieceSource::next(std::string& out) {
  const std::lock_guard lock(channel_->mutex_);
  if (!channel_->pieces_.empty()) {
    out += channel_->pieces_.front();
    channel_->pieces_.pop_front();
    channel_->room_.notify_one();
    return Step::kData;
  }
  if (!channel_->finished_) return Step::kWait;
  return channel_->complete_ ? Step::kEnd : Step::kBroken;
}

void PieceSource::set_wake(std::function<void()> wake) {
  const std::lock_guard lock(channel_->mutex_);
  channel_->wake_ = std::move(wake);
}

}  // namespace chancery::api
