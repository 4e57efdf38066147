#include "api/event_hub.h"

namespace chancery::api {

EventHub::EventHub(node::Node& node) : node_(node) {
  subscription_ = node_.subscribe([this](std::uint64_t) {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, wake] : wakes_) wake();
  });
}

EventHub::~EventHub() {
  node_.unsubscribe(subscription_);
}

std::uint64_t EventHub::add(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  if (wakes_.size() >= kMaxListeners) return 0;
  wakes_.emplace(next_, std::move(wake));
  return next_++;
}

void EventHub::remove(std::uint64_t listener) {
  const std::lock_guard lock(mutex_);
  wakes_.erase(listener);
}

std::size_t EventHub::listeners() const {
  const std::lock_guard lock(mutex_);
  return wakes_.size();
}

}  // namespace chancery::api
