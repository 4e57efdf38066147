#pragma once
// The few threads that may wait: for a passphrase to be stretched, for a disk, for a block.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace chancery::api {

class WorkerPool {
 public:
  WorkerPool(unsigned threads, std::size_t max_waiting);
  ~WorkerPool();
  /// False when too much is waiting already: the caller says so to the client.
  bool post(std::function<void()> work);
  /// Finishes what runs, drops what waits.
  void stop();

 private:
  void run();
  std::mutex mutex_;
  std::condition_variable news_;
  std::deque<std::function<void()>> waiting_;
  std::size_t max_waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace chancery::api
