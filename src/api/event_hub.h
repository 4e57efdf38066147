#pragma once
// Tells the waiting event streams that a block became final.

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

#include "node/node.h"

namespace chancery::api {

class EventHub {
 public:
  explicit EventHub(node::Node& node);
  ~EventHub();
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;

  static constexpr std::size_t kMaxListeners = 512;

  /// `wake` is called from a node thread and must not block. 0 when there are too many listeners.
  std::uint64_t add(std::function<void()> wake);
  void remove(std::uint64_t listener);
  std::size_t listeners() const;

 private:
  node::Node& node_;
  mutable std::mutex mutex_;
  std::uint64_t next_ = 1;
  std::map<std::uint64_t, std::function<void()>> wakes_;
  std::uint64_t subscription_ = 0;
};

}  // namespace chancery::api
