#include "cli/bench/load_connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "base/clock.h"

namespace chancery::cli::bench {
namespace {

constexpr std::int64_t kAnswerTimeout_us = 60'000'000;
constexpr std::size_t kReadPiece_bytes = 256U << 10;

struct Connection {
  int socket = -1;
  bool busy = false;
  std::size_t request = 0;
  std::int64_t planned_us = 0;
  std::string_view to_send;
  std::string received;

  Connection() = default;
  Connection(Connection&& other) noexcept : socket(std::exchange(other.socket, -1)) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection& operator=(Connection&&) = delete;
  ~Connection() {
    if (socket >= 0) ::close(socket);
  }
};

std::unexpected<Error> broken(std::string_view what) {
  return fail(Reason::kUnavailable, fmt::format("{}: {}", what, std::strerror(errno)));
}

/// Length of the whole answer in `received`, or 0 while it is incomplete.
std::size_t whole_answer(const std::string& received, std::size_t& body_at, int& status) {
  const std::size_t end = received.find("\r\n\r\n");
  if (end == std::string::npos) return 0;
  constexpr std::string_view kLength = "\r\nContent-Length:";
  body_at = end + 4;
  // "HTTP/1.1 200 OK": what is no number stays 0, which counts as a refusal.
  const std::size_t status_at = std::min(received.find(' ') + 1, end);
  std::from_chars(received.data() + status_at, received.data() + end, status);
  std::size_t length = 0;
  for (std::size_t at = 0; at + kLength.size() <= end; ++at) {
    if (strncasecmp(received.data() + at, kLength.data(), kLength.size()) == 0) {
      length = std::strtoul(received.c_str() + at + kLength.size(), nullptr, 10);
      break;
    }
  }
  return received.size() >= body_at + length ? body_at + length : 0;
}

/// One epoll loop over all connections of a load.
class Runner {
 public:
  Runner(const LoadPlan& plan, const std::vector<std::string>& requests,
         const std::function<void(const LoadAnswer&)>& on_answer)
      : plan_(plan), requests_(requests), on_answer_(on_answer) {}
  ~Runner() {
    if (epoll_ >= 0) ::close(epoll_);
  }
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  Result<LoadTotals> run() {
    TRY(connect_all());
    start_us_ = clock_.monotonic_us();
    totals_.first_sent_us = start_us_;
    while (true) {
      TRY(send_what_is_due());
      const bool no_more = next_ >= requests_.size() || elapsed_us() >= plan_.duration_us;
      if (no_more && busy_ == 0) break;
      TRY(take_events());
    }
    totals_.ran_out = next_ >= requests_.size() && elapsed_us() < plan_.duration_us;
    return totals_;
  }

 private:
  std::int64_t elapsed_us() const { return clock_.monotonic_us() - start_us_; }

  Status connect_all() {
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ < 0) return broken("epoll");
    connections_ = std::vector<Connection>(plan_.connections);
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      Connection& connection = connections_[i];
      connection.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      sockaddr_in to{};
      to.sin_family = AF_INET;
      to.sin_port = htons(plan_.ports[i % plan_.ports.size()]);
      to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      if (connection.socket < 0 ||
          ::connect(connection.socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
        return broken("cannot connect");
      }
      const int on = 1;
      setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      fcntl(connection.socket, F_SETFL, O_NONBLOCK);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      if (epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event) != 0) return broken("epoll");
      free_.push_back(i);
    }
    return {};
  }

  std::int64_t due_us(std::size_t index) const {
    if (plan_.requests_per_s <= 0) return start_us_;
    return start_us_ + static_cast<std::int64_t>(static_cast<double>(index) * 1e6 / plan_.requests_per_s);
  }

  Status send_what_is_due() {
    while (next_ < requests_.size() && !free_.empty() && elapsed_us() < plan_.duration_us) {
      const std::int64_t due = due_us(next_);
      const std::int64_t now = clock_.monotonic_us();
      if (due > now) return {};
      const std::size_t index = free_.back();
      free_.pop_back();
      Connection& connection = connections_[index];
      connection.busy = true;
      connection.request = next_++;
      connection.planned_us = plan_.requests_per_s > 0 ? due : now;
      connection.to_send = requests_[connection.request];
      ++busy_;
      ++totals_.sent;
      TRY(write_some(connection, index));
    }
    return {};
  }

  Status write_some(Connection& connection, std::size_t index) {
    while (!connection.to_send.empty()) {
      const ssize_t count =
          ::send(connection.socket, connection.to_send.data(), connection.to_send.size(), MSG_NOSIGNAL);
      if (count < 0 && errno == EAGAIN) return watch(connection, index, EPOLLIN | EPOLLOUT);
      if (count < 0) return broken("cannot send");
      connection.to_send.remove_prefix(static_cast<std::size_t>(count));
      if (connection.to_send.empty()) return watch(connection, index, EPOLLIN);
    }
    return {};
  }

  Status watch(Connection& connection, std::size_t index, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = index;
    if (epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.socket, &event) != 0) return broken("epoll");
    return {};
  }

  /// Sleeps until an answer comes or the next request is due.
  Status take_events() {
    int wait_ms = 1000;
    if (plan_.requests_per_s > 0 && next_ < requests_.size() && !free_.empty()) {
      const std::int64_t until_us = due_us(next_) - clock_.monotonic_us();
      wait_ms = until_us <= 0 ? 0 : static_cast<int>(until_us / 1000) + 1;
    }
    std::array<epoll_event, 64> events{};
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_ms);
    if (count < 0 && errno != EINTR) return broken("epoll");
    for (int i = 0; i < count; ++i) {
      const std::size_t index = events[static_cast<std::size_t>(i)].data.u64;
      if ((events[static_cast<std::size_t>(i)].events & EPOLLOUT) != 0) TRY(write_some(connections_[index], index));
      if ((events[static_cast<std::size_t>(i)].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
        TRY(read_some(connections_[index], index));
    }
    if (elapsed_us() > plan_.duration_us + kAnswerTimeout_us) return fail(Reason::kTimeout, "answers are missing");
    return {};
  }

  Status read_some(Connection& connection, std::size_t index) {
    const std::size_t before = connection.received.size();
    connection.received.resize(before + kReadPiece_bytes);
    const ssize_t count = ::recv(connection.socket, connection.received.data() + before, kReadPiece_bytes, 0);
    connection.received.resize(before + static_cast<std::size_t>(count > 0 ? count : 0));
    if (count < 0 && errno == EAGAIN) return {};
    if (count == 0) errno = ECONNRESET;
    if (count <= 0) return broken("the node closed a connection");
    std::size_t body_at = 0;
    int status = 0;
    const std::size_t length = whole_answer(connection.received, body_at, status);
    if (length == 0) return {};
    const std::int64_t now = clock_.monotonic_us();
    on_answer_({connection.request, status, std::string_view(connection.received).substr(body_at, length - body_at),
                connection.planned_us, now});
    totals_.last_answered_us = now;
    ++totals_.answered;
    connection.received.clear();
    connection.busy = false;
    --busy_;
    free_.push_back(index);
    return {};
  }

  const LoadPlan& plan_;
  const std::vector<std::string>& requests_;
  const std::function<void(const LoadAnswer&)>& on_answer_;
  SystemClock clock_;
  int epoll_ = -1;
  std::vector<Connection> connections_;
  std::vector<std::size_t> free_;
  std::size_t next_ = 0;
  std::size_t busy_ = 0;
  std::int64_t start_us_ = 0;
  LoadTotals totals_;
};

}  // namespace

std::string http_post(std::string_view target, std::string_view content_type, std::string_view body) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}", target,
                     content_type, body.size(), body);
}

Result<LoadTotals> run_load(const LoadPlan& plan, const std::vector<std::string>& requests,
                            const std::function<void(const LoadAnswer&)>& on_answer) {
  return Runner(plan, requests, on_answer).run();
}

}  // namespace chancery::cli::bench
