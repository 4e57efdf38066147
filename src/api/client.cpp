#include "api/client.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <limits>
#include <optional>

#include "api/event_parser.h"

namespace chancery::api {
namespace {

constexpr std::size_t kHeadLimitBytes = 64U << 10;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::unexpected<Error> lost(std::string_view what) {
  return fail(Reason::kUnavailable, std::string(what) + ": " + std::strerror(errno) + ".", "与节点的连接中断。");
}

std::unexpected<Error> not_http(std::string_view what) {
  return fail(Reason::kMalformed, "The answer is not valid HTTP: " + std::string(what) + ".");
}

template <class Number>
std::optional<Number> number(std::string_view text, int base = 10) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace

std::string_view ClientResponse::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return {};
}

struct Client::State {
  std::string host;
  std::string port;
  ClientOptions options;
  ClientHeaders headers;
  int socket = -1;
  std::string buffer;               // what was read and not yet used
  std::size_t used = 0;             // of the buffer
  std::vector<bool> pending_heads;  // requests sent, not yet answered: was it HEAD?
  bool close_after = false;

  ~State() { disconnect(); }

  void disconnect() {
    if (socket >= 0) ::close(socket);
    socket = -1;
    buffer.clear();
    used = 0;
    pending_heads.clear();
    close_after = false;
  }

  Status wait(short events, std::int64_t timeout_ms) const {
    pollfd each{socket, events, 0};
    const int ready = ::poll(&each, 1, static_cast<int>(timeout_ms));
    if (ready == 0) return fail(Reason::kTimeout, "The node does not answer in time.", "节点未在时限内应答。");
    if (ready < 0 && errno != EINTR) return lost("poll");
    return {};
  }

  Status connect() {
    if (socket >= 0) return {};
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int code = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found); code != 0) {
      return fail(Reason::kUnavailable, "Cannot look up " + host + ": " + ::gai_strerror(code) + ".");
    }
    Status result = fail(Reason::kUnavailable, "Cannot connect.");
    for (const addrinfo* each = found; each != nullptr && !result; each = each->ai_next) result = connect_to(*each);
    ::freeaddrinfo(found);
    return result;
  }

  Status connect_to(const addrinfo& address) {
    socket = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) return lost("socket");
    const auto give_up = [&](std::unexpected<Error> error) {
      disconnect();
      return error;
    };
    if (::connect(socket, address.ai_addr, address.ai_addrlen) != 0) {
      if (errno != EINPROGRESS) return give_up(lost("Cannot connect to " + host + ":" + port));
      if (auto ready = wait(POLLOUT, options.connect_timeout_ms); !ready) {
        return give_up(std::unexpected(ready.error()));
      }
      int error = 0;
      socklen_t size = sizeof error;
      ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
      if (error != 0) {
        errno = error;
        return give_up(lost("Cannot connect to " + host + ":" + port));
      }
    }
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return {};
  }

  Status write(std::string_view head, std::string_view body) {
    while (!head.empty() || !body.empty()) {
      std::array<iovec, 2> parts = {
          {{const_cast<char*>(head.data()), head.size()}, {const_cast<char*>(body.data()), body.size()}}};
      msghdr message{};
      message.msg_iov = parts.data();
      message.msg_iovlen = parts.size();
      const ssize_t count = ::sendmsg(socket, &message, MSG_NOSIGNAL);
      if (count < 0) {
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) return lost("write");
        TRY(wait(POLLOUT, options.io_timeout_ms));
        continue;
      }
      const auto from_head = std::min(static_cast<std::size_t>(count), head.size());
      head.remove_prefix(from_head);
      body.remove_prefix(static_cast<std::size_t>(count) - from_head);
    }
    return {};
  }

  /// Reads more into the buffer; 0 bytes: the other side has finished.
  Result<std::size_t> read_more() {
    if (used == buffer.size()) {
      buffer.clear();
      used = 0;
    }
    const std::size_t before = buffer.size();
    buffer.resize(before + (64U << 10));
    while (true) {
      const ssize_t count = ::recv(socket, buffer.data() + before, buffer.size() - before, 0);
      if (count >= 0) {
        buffer.resize(before + static_cast<std::size_t>(count));
        return static_cast<std::size_t>(count);
      }
      if (errno == EINTR) continue;
      const bool would_block = errno == EAGAIN || errno == EWOULDBLOCK;
      Status ready = would_block ? wait(POLLIN, options.io_timeout_ms) : Status(lost("read"));
      if (!ready) {
        buffer.resize(before);
        return std::unexpected(ready.error());
      }
    }
  }

  std::string_view unread() const { return std::string_view(buffer).substr(used); }

  Result<std::string> read_line() {
    while (true) {
      const std::size_t end = unread().find("\r\n");
      if (end != std::string_view::npos) {
        std::string line(unread().substr(0, end));
        used += end + 2;
        return line;
      }
      if (unread().size() > kHeadLimitBytes) return not_http("a line is too long");
      ASSIGN_OR_RETURN(const std::size_t count, read_more());
      if (count == 0) return fail(Reason::kUnavailable, "The node closed the connection.", "节点关闭了连接。");
    }
  }

  Result<ClientResponse> read_head() {
    ClientResponse response;
    ASSIGN_OR_RETURN(const std::string status_line, read_line());
    const auto code = status_line.starts_with("HTTP/1.") && status_line.size() >= 12
                          ? number<int>(std::string_view(status_line).substr(9, 3))
                          : std::nullopt;
    if (!code) return not_http("no status line");
    response.status = *code;
    std::size_t bytes = 0;
    while (true) {
      ASSIGN_OR_RETURN(const std::string line, read_line());
      if (line.empty()) return response;
      bytes += line.size();
      const std::size_t colon = line.find(':');
      if (colon == std::string::npos || bytes > kHeadLimitBytes) return not_http("a header field is malformed");
      response.headers.emplace_back(lower(std::string_view(line).substr(0, colon)),
                                    trimmed(std::string_view(line).substr(colon + 1)));
    }
  }

  /// Hands over exactly `bytes` bytes, or all until the end for nullopt. False: stopped by `take`.
  Result<bool> read_bytes(std::optional<std::uint64_t> bytes, const std::function<bool(std::string_view)>& take) {
    std::uint64_t left = bytes.value_or(std::numeric_limits<std::uint64_t>::max());
    while (left > 0) {
      if (unread().empty()) {
        ASSIGN_OR_RETURN(const std::size_t count, read_more());
        if (count == 0) {
          if (!bytes) return true;
          return fail(Reason::kUnavailable, "The answer was cut off.", "应答不完整。");
        }
      }
      const std::string_view piece =
          unread().substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left, unread().size())));
      left -= piece.size();
      const bool go_on = take(piece);
      used += piece.size();
      if (!go_on) return false;
    }
    return true;
  }

  Result<bool> read_body(const ClientResponse& head, bool was_head, const std::function<bool(std::string_view)>& take) {
    if (was_head || head.status == 204 || head.status == 304) return true;
    if (lower(head.header("transfer-encoding")) == "chunked") {
      while (true) {
        ASSIGN_OR_RETURN(const std::string line, read_line());
        const auto size = number<std::uint64_t>(trimmed(std::string_view(line).substr(0, line.find(';'))), 16);
        if (!size) return not_http("a chunk has no size");
        if (*size == 0) break;
        ASSIGN_OR_RETURN(const bool go_on, read_bytes(size, take));
        if (!go_on) return false;
        ASSIGN_OR_RETURN(const std::string end, read_line());
        if (!end.empty()) return not_http("a chunk does not end");
      }
      while (true) {
        ASSIGN_OR_RETURN(const std::string trailer, read_line());
        if (trailer.empty()) return true;
      }
    }
    const std::string_view length = head.header("content-length");
    if (length.empty()) {
      close_after = true;
      return read_bytes(std::nullopt, take);
    }
    const auto bytes = number<std::uint64_t>(length);
    if (!bytes) return not_http("Content-Length is no number");
    return read_bytes(bytes, take);
  }

  Result<ClientResponse> receive(const std::function<bool(std::string_view)>* on_data) {
    if (socket < 0 || pending_heads.empty()) return fail(Reason::kUsage, "No request was sent.");
    const bool was_head = pending_heads.front();
    pending_heads.erase(pending_heads.begin());
    auto response = read_head();
    while (response && response->status / 100 == 1) response = read_head();
    if (!response) return response;
    std::string body;
    bool too_large = false;
    const std::function<bool(std::string_view)> collect = [&](std::string_view piece) {
      too_large = body.size() + piece.size() > options.body_limit_bytes;
      if (!too_large) body += piece;
      return !too_large;
    };
    const auto complete = read_body(*response, was_head, on_data != nullptr && response->ok() ? *on_data : collect);
    if (!complete) return std::unexpected(complete.error());
    response->body = std::move(body);
    if (too_large) {
      disconnect();
      return fail(Reason::kTooLarge, "The answer is larger than the client takes.");
    }
    if (!*complete || close_after || lower(response->header("connection")) == "close") disconnect();
    return response;
  }

  Status send(std::string_view method, std::string_view target, const ClientHeaders& more, std::string_view body) {
    TRY(connect());
    std::string head;
    head.reserve(256);
    head.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(host).append(":").append(port);
    head += "\r\n";
    for (const ClientHeaders* list : std::array<const ClientHeaders*, 2>{&headers, &more}) {
      for (const auto& [name, value] : *list) head.append(name).append(": ").append(value).append("\r\n");
    }
    if (!body.empty() || (method != "GET" && method != "HEAD")) {
      head.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    }
    head += "\r\n";
    pending_heads.push_back(method == "HEAD");
    return write(head, body);
  }

  Result<ClientResponse> exchange(std::string_view method, std::string_view target, const ClientHeaders& more,
                                  std::string_view body, const std::function<bool(std::string_view)>* on_data) {
    const bool reused = socket >= 0;
    const auto sent = send(method, target, more, body);
    // A server that refuses by the header alone answers and closes while we still write: its answer counts.
    Result<ClientResponse> response = fail(Reason::kUnavailable);
    if (sent || socket >= 0) response = receive(on_data);
    if (!sent && !response) response = std::unexpected(sent.error());
    if (response) return response;
    const bool closed_while_idle = reused && response.error().reason == Reason::kUnavailable && unread().empty();
    disconnect();
    return closed_while_idle ? exchange(method, target, more, body, on_data) : response;
  }
};

Client::Client() : state_(std::make_unique<State>()) {}
Client::~Client() = default;
Client::Client(Client&& other) noexcept = default;
Client& Client::operator=(Client&& other) noexcept = default;

Result<Client> Client::create(std::string_view server, const ClientOptions& options) {
  constexpr std::string_view kHttp = "http://";
  if (server.starts_with("https://")) {
    return fail(Reason::kInvalidValue, "This client speaks plain HTTP; put a proxy in between for TLS.");
  }
  if (server.starts_with(kHttp)) server.remove_prefix(kHttp.size());
  if (server.ends_with('/')) server.remove_suffix(1);
  Client client;
  client.state_->options = options;
  std::string_view port = "80";
  const std::size_t colon = server.rfind(':');
  const bool ipv6_without_port = server.ends_with(']');
  if (colon != std::string_view::npos && !ipv6_without_port) {
    port = server.substr(colon + 1);
    server = server.substr(0, colon);
  }
  if (server.starts_with('[') && server.ends_with(']')) server = server.substr(1, server.size() - 2);
  if (server.empty() || !number<std::uint16_t>(port) || server.find_first_of("/ \r\n") != std::string_view::npos) {
    return fail(Reason::kInvalidValue, "Not the address of a node, such as http://127.0.0.1:8700.",
                "不是节点地址，例如 http://127.0.0.1:8700。");
  }
  client.state_->host = std::string(server);
  client.state_->port = std::string(port);
  return client;
}

void Client::set_header(std::string_view name, std::string_view value) {
  auto& headers = state_->headers;
  std::erase_if(headers, [&](const auto& header) { return lower(header.first) == lower(name); });
  headers.emplace_back(name, value);
}

Result<ClientResponse> Client::request(std::string_view method, std::string_view target, const ClientHeaders& headers,
                                       std::string_view body) {
  return state_->exchange(method, target, headers, body, nullptr);
}

Result<ClientResponse> Client::get(std::string_view target, const ClientHeaders& headers) {
  return request("GET", target, headers);
}

Result<ClientResponse> Client::post(std::string_view target, std::string_view content_type, std::string_view body,
                                    const ClientHeaders& headers) {
  ClientHeaders all = headers;
  all.emplace_back("Content-Type", content_type);
  return request("POST", target, all, body);
}

Status Client::send(std::string_view method, std::string_view target, const ClientHeaders& headers,
                    std::string_view body) {
  return state_->send(method, target, headers, body);
}

Result<ClientResponse> Client::receive() {
  auto response = state_->receive(nullptr);
  if (!response) state_->disconnect();
  return response;
}

Result<ClientResponse> Client::stream(std::string_view target, const ClientHeaders& headers,
                                      const std::function<bool(std::string_view)>& on_data) {
  return state_->exchange("GET", target, headers, {}, &on_data);
}

Result<ClientResponse> Client::events(std::string_view target, const ClientHeaders& headers,
                                      const std::function<bool(const ClientEvent&)>& on_event) {
  EventParser parser;
  ClientHeaders all = headers;
  all.emplace_back("Accept", "text/event-stream");
  return stream(target, all, [&](std::string_view piece) { return parser.take(piece, on_event); });
}

}  // namespace chancery::api
