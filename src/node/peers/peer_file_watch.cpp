#include "node/peers/peer_file_watch.h"

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <thread>

#include "base/log.h"
#include "node/files.h"

namespace chancery::node {

namespace {

constexpr std::size_t kMostPeersBytes = 4U << 20;
constexpr std::int64_t kCalendarEvery_ms = 3'600'000;

using FileTime = std::filesystem::file_time_type;

FileTime changed_at(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::last_write_time(path, ignored);
}

/// A change that failed is not tried again until the file changes once more.
void note(const char* what, const Status& status) {
  if (status) {
    log_info("peers.reloaded", {{"what", what}});
  } else {
    log_error("peers.reload_failed", status.error());
  }
}

}  // namespace

struct PeerFileWatch::State {
  std::string directory;
  std::string passphrase;
  std::shared_ptr<PeerTls> tls;
  const Clock* clock = nullptr;

  std::mutex look;  // one look at a time
  FileTime peers_time{};
  FileTime identity_time{};
  std::int64_t calendar_ms = 0;

  std::mutex mutex;
  std::condition_variable wake;
  bool stopping = false;  // guarded by mutex
  std::thread watcher;

  Status reload_identity() {
    ASSIGN_OR_RETURN(const NodeIdentity identity, load_identity(directory, passphrase));
    return tls->rotate(identity);
  }

  Status reload_peers() {
    ASSIGN_OR_RETURN(const std::string text, read_file(peers_path(directory), kMostPeersBytes));
    ASSIGN_OR_RETURN(PeerList list, PeerList::parse(text));
    return tls->set_peers(std::move(list));
  }

  void reckon_calendar() {
    const std::int64_t now_ms = clock->now_ms();
    if (calendar_ms != 0 && now_ms - calendar_ms < kCalendarEvery_ms) return;
    calendar_ms = now_ms;
    const auto calendar = certificate_calendar(tls->seen(), now_ms);
    publish_calendar(calendar);
    for (const CalendarEntry& entry : calendar) {
      if (entry.urgency == Urgency::kGood || entry.urgency == Urgency::kUnknown) continue;
      log_warn("certificate.ends_soon", {{"node", entry.node},
                                         {"organisation", entry.organisation},
                                         {"days_left", entry.days_left},
                                         {"urgency", to_string(entry.urgency)}});
    }
  }
};

PeerFileWatch::PeerFileWatch(std::string directory, std::string passphrase, std::shared_ptr<PeerTls> tls,
                             const Clock& clock)
    : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.directory = std::move(directory);
  state.passphrase = std::move(passphrase);
  state.tls = std::move(tls);
  state.clock = &clock;
  state.peers_time = changed_at(peers_path(state.directory));
  state.identity_time = changed_at(identity_path(state.directory));
  state.reckon_calendar();
  state.watcher = std::thread([this, &state] {
    std::unique_lock lock(state.mutex);
    while (!state.wake.wait_for(lock, std::chrono::seconds(1), [&] { return state.stopping; })) {
      lock.unlock();
      look();
      lock.lock();
    }
  });
}

PeerFileWatch::~PeerFileWatch() {
  stop();
}

void PeerFileWatch::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_all();
  if (state_->watcher.joinable()) state_->watcher.join();
}

void PeerFileWatch::look() {
  State& state = *state_;
  const std::lock_guard lock(state.look);
  if (const FileTime at = changed_at(identity_path(state.directory)); at != state.identity_time) {
    state.identity_time = at;
    note("certificate", state.reload_identity());
    state.calendar_ms = 0;
  }
  if (const FileTime at = changed_at(peers_path(state.directory)); at != state.peers_time) {
    state.peers_time = at;
    note("peers", state.reload_peers());
    state.calendar_ms = 0;
  }
  state.reckon_calendar();
}

}  // namespace chancery::node
