#include "consensus/cometbft/comet_rpc.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace chancery::consensus {

namespace {

constexpr std::size_t kMostAnswerBytes = 4U << 20;
constexpr std::int64_t kTimeout_s = 10;

std::unexpected<Error> silent(std::string_view what) {
  return fail(Reason::kUnavailable, fmt::format("CometBFT's RPC: {}", what), fmt::format("CometBFT 的 RPC：{}", what));
}

/// Closes the socket at the end of its life.
class Socket {
 public:
  explicit Socket(int socket) : socket_(socket) {}
  ~Socket() {
    if (socket_ >= 0) ::close(socket_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int get() const { return socket_; }

 private:
  int socket_;
};

Status send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return silent(std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

/// The whole answer: the request asked the server to close the connection behind it.
Result<std::string> receive_all(int socket) {
  std::string out;
  std::string piece(64U << 10, '\0');
  while (true) {
    const ssize_t got = ::recv(socket, piece.data(), piece.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return silent(std::strerror(errno));
    if (got == 0) return out;
    out.append(piece, 0, static_cast<std::size_t>(got));
    if (out.size() > kMostAnswerBytes) return fail(Reason::kTooLarge, "an answer of CometBFT's RPC");
  }
}

Result<std::string> post(const std::string& path, const std::string& body) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return silent("the socket's path is too long");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const Socket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval limit{kTimeout_s, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  if (socket.get() < 0 || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return silent(std::strerror(errno));
  }
  // HTTP/1.0: the answer ends with the connection, so nothing is chunked.
  TRY(send_all(socket.get(), fmt::format("POST / HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                         "Content-Length: {}\r\n\r\n",
                                         body.size())));
  TRY(send_all(socket.get(), body));
  ASSIGN_OR_RETURN(const std::string answer, receive_all(socket.get()));
  const std::size_t head = answer.find("\r\n\r\n");
  if (head == std::string::npos) return silent("no answer");
  return answer.substr(head + 4);
}

}  // namespace

Result<std::string> CometRpc::forward(const std::string& request) const {
  return post(socket_path_, request);
}

Result<Json> CometRpc::call(const std::string& method, const Json& parameters) const {
  const Json request = {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", parameters}};
  ASSIGN_OR_RETURN(const std::string text, post(socket_path_, request.dump()));
  ASSIGN_OR_RETURN(Json answer, parse_json(text, {.max_bytes = kMostAnswerBytes}));
  if (const auto error = answer.find("error"); error != answer.end()) {
    const std::string what = error->value("data", error->value("message", std::string("an error")));
    if (what.find("already exists in cache") != std::string::npos) return Json::object();
    if (what.find("mempool is full") != std::string::npos) return fail(Reason::kOverloaded, what);
    return silent(what);
  }
  if (!answer.contains("result")) return silent("an answer without a result");
  return answer.at("result");
}

Status CometRpc::broadcast(BytesView transaction) const {
  ASSIGN_OR_RETURN(const Json result, call("broadcast_tx_sync", {{"tx", to_base64(transaction)}}));
  if (result.value("code", 0) != 0) return fail(Reason::kInvalidValue, result.value("log", std::string()));
  return {};
}

}  // namespace chancery::consensus
