#pragma once
// Where a handler puts its answer: at once or later, from any thread.

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "api/http/response.h"

namespace chancery::api::http {

/// Copies share one answer. The first send() counts, later ones are dropped. When the last copy goes without an answer,
/// the client gets 500: a request is never left hanging.
class Reply {
 public:
  using Sink = std::function<void(Response)>;

  explicit Reply(Sink sink) : slot_(std::make_shared<Slot>(std::move(sink))) {}
  void send(Response response) const { slot_->send(std::move(response)); }

 private:
  class Slot {
   public:
    explicit Slot(Sink sink) : sink_(std::move(sink)) {}
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() {
      if (sink_) sink_(Response(500, "text/plain; charset=utf-8", "The request was dropped.\n"));
    }
    void send(Response response) {
      Sink sink;
      {
        const std::lock_guard lock(mutex_);
        sink = std::exchange(sink_, nullptr);
      }
      if (sink) sink(std::move(response));
    }

   private:
    std::mutex mutex_;
    Sink sink_;
  };
  std::shared_ptr<Slot> slot_;
};

}  // namespace chancery::api::http
