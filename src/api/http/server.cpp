#include "api/http/server.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <thread>

#include "api/http/connection.h"

namespace chancery::api::http {

namespace asio = boost::asio;
using asio::ip::tcp;

struct Server::State {
  std::shared_ptr<asio::io_context> io;
  std::shared_ptr<ServerCore> core;
  std::unique_ptr<tcp::acceptor> acceptor;
  std::unique_ptr<asio::steady_timer> pause;
  std::vector<std::thread> threads;
  std::uint16_t port = 0;
  bool stopped = false;

  void accept() {
    acceptor->async_accept(asio::make_strand(*io), [this](boost::system::error_code error, tcp::socket socket) {
      if (core->stopping) return;
      if (error) {
        // Out of file descriptors, most likely: a short pause instead of a busy loop.
        pause->expires_after(std::chrono::milliseconds(100));
        pause->async_wait([this](boost::system::error_code) {
          if (!core->stopping) accept();
        });
        return;
      }
      admit(std::move(socket));
      accept();
    });
  }

  void admit(tcp::socket socket) {
    std::size_t open = 0;
    {
      const std::lock_guard lock(core->mutex);
      open = core->connections.size();
    }
    if (open >= core->options.max_connections) {
      static constexpr std::string_view kFull =
          "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      boost::system::error_code ignored;
      socket.non_blocking(true, ignored);
      socket.write_some(asio::buffer(kFull), ignored);
      return;
    }
    std::make_shared<Connection>(std::move(socket), io, core)->start();
  }

  void close_connections(bool now) {
    std::vector<std::shared_ptr<Connection>> open;
    {
      const std::lock_guard lock(core->mutex);
      for (Connection* connection : core->connections) {
        if (auto shared = connection->weak_from_this().lock()) open.push_back(std::move(shared));
      }
    }
    for (const auto& connection : open) connection->close(now);
  }

  std::size_t count() const {
    const std::lock_guard lock(core->mutex);
    return core->connections.size();
  }
};

Server::Server() : state_(std::make_unique<State>()) {}

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Dispatcher& dispatcher,
                                              const Clock& clock) {
  std::unique_ptr<Server> server(new Server());
  State& state = *server->state_;
  state.io = std::make_shared<asio::io_context>(static_cast<int>(options.io_threads));
  state.core = std::make_shared<ServerCore>();
  state.core->options = options;
  state.core->dispatcher = &dispatcher;
  state.core->clock = &clock;
  boost::system::error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return fail(Reason::kInvalidValue, "Not an IP address: " + options.address);
  // One thread at a time touches the acceptor and its pause.
  const auto strand = asio::make_strand(*state.io);
  state.acceptor = std::make_unique<tcp::acceptor>(strand);
  state.pause = std::make_unique<asio::steady_timer>(strand);
  const tcp::endpoint endpoint(address, options.port);
  state.acceptor->open(endpoint.protocol(), error);
  if (!error) state.acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) state.acceptor->bind(endpoint, error);
  if (!error) state.acceptor->listen(1'024, error);
  if (error) {
    return fail(Reason::kUnavailable, "Cannot listen on " + options.address + ":" + std::to_string(options.port) +
                                          ": " + error.message() + ".");
  }
  state.port = state.acceptor->local_endpoint().port();
  state.accept();
  for (unsigned i = 0; i < options.io_threads; ++i) {
    state.threads.emplace_back([io = state.io] { io->run(); });
  }
  return server;
}

Server::~Server() {
  stop();
}

void Server::stop() {
  State& state = *state_;
  if (state.stopped || !state.io) return;
  state.stopped = true;
  state.core->stopping = true;
  if (state.acceptor) {
    asio::post(state.acceptor->get_executor(), [&state] {
      boost::system::error_code ignored;
      state.acceptor->close(ignored);
      state.pause->cancel();
    });
  }
  state.close_connections(false);
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(state.core->options.stop_timeout_ms);
  while (state.count() > 0 && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  // The io threads end when nothing is left to do: closing cancels what the last connections wait for.
  state.close_connections(true);
  for (auto& thread : state.threads) thread.join();
}

std::uint16_t Server::port() const {
  return state_->port;
}
std::size_t Server::connections() const {
  return state_->count();
}

}  // namespace chancery::api::http
