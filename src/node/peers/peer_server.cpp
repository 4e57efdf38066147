#include "node/peers/peer_server.h"

#include <fcntl.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <future>
#include <thread>
#include <vector>

#include "base/json.h"
#include "node/peers/peer_connection.h"

namespace chancery::node {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

PeerHandler hello_of(std::shared_ptr<PeerTls> tls, const Clock& clock) {
  return [tls = std::move(tls), &clock](const PeerRequest&) {
    const PeerList list = tls->snapshot()->list;
    const Json body = {{"node", list.own_name}, {"network", to_hex(list.network_id)}, {"time_ms", clock.now_ms()}};
    return PeerResponse{200, "application/json", body.dump()};
  };
}

}  // namespace

struct PeerServer::State {
  std::shared_ptr<PeerServerCore> core = std::make_shared<PeerServerCore>();
  std::unique_ptr<tcp::acceptor> acceptor;
  std::unique_ptr<asio::steady_timer> pause;
  std::vector<std::thread> threads;
  std::uint16_t port = 0;
  bool stopped = false;

  void accept() {
    acceptor->async_accept(asio::make_strand(core->io), [this](boost::system::error_code error, tcp::socket socket) {
      if (core->stopping) return;
      if (error) {
        // Out of file descriptors, most likely: a short pause instead of a busy loop.
        pause->expires_after(std::chrono::milliseconds(100));
        pause->async_wait([this](boost::system::error_code) {
          if (!core->stopping) accept();
        });
        return;
      }
      if (count() < core->options.max_connections) {
        std::make_shared<PeerConnection>(std::move(socket), core)->start();
      }
      accept();
    });
  }

  std::size_t count() const {
    const std::lock_guard lock(core->mutex);
    return core->connections.size();
  }

  void close_connections() {
    std::vector<std::shared_ptr<PeerConnection>> open;
    {
      const std::lock_guard lock(core->mutex);
      for (PeerConnection* connection : core->connections) {
        if (auto shared = connection->weak_from_this().lock()) open.push_back(std::move(shared));
      }
    }
    for (const auto& connection : open) connection->close();
  }
};

PeerServer::PeerServer() : state_(std::make_shared<State>()) {}

Result<std::unique_ptr<PeerServer>> PeerServer::start(const PeerServerOptions& options, std::shared_ptr<PeerTls> tls,
                                                      const Clock& clock) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) {
    return fail(Reason::kInvalidValue, options.address + " is no IP address", options.address + " 不是 IP 地址");
  }
  std::unique_ptr<PeerServer> server(new PeerServer());
  State& state = *server->state_;
  state.core->options = options;
  state.core->tls = std::move(tls);
  state.core->clock = &clock;
  server->handle("GET", "/peer/v1/hello", hello_of(state.core->tls, clock));
  const auto strand = asio::make_strand(state.core->io);
  state.acceptor = std::make_unique<tcp::acceptor>(strand);
  state.pause = std::make_unique<asio::steady_timer>(strand);
  const tcp::endpoint endpoint(address, options.port);
  state.acceptor->open(endpoint.protocol(), error);
  if (!error) state.acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) state.acceptor->bind(endpoint, error);
  if (!error) state.acceptor->listen(128, error);
  if (error) {
    const std::string at = options.address + ":" + std::to_string(options.port);
    return fail(Reason::kUnavailable, "cannot listen on " + at + ": " + error.message(),
                "无法监听 " + at + "：" + error.message());
  }
  // A child (the consensus engine) that kept the port would hold it against the node's next start.
  ::fcntl(state.acceptor->native_handle(), F_SETFD, FD_CLOEXEC);
  state.port = state.acceptor->local_endpoint().port();
  state.accept();
  for (unsigned i = 0; i < options.threads; ++i) {
    state.threads.emplace_back([core = state.core] { core->io.run(); });
  }
  return server;
}

PeerServer::~PeerServer() {
  stop();
}

void PeerServer::handle(const std::string& method, const std::string& path, PeerHandler handler,
                        std::size_t body_limit_bytes) {
  state_->core->routes.add(method, path, {std::move(handler), body_limit_bytes});
}

void PeerServer::stop() {
  State& state = *state_;
  if (state.stopped) return;
  state.stopped = true;
  state.core->stopping = true;
  if (state.threads.empty()) return;  // it never began to listen
  std::promise<void> closed;
  asio::post(state.acceptor->get_executor(), [&state, &closed] {
    boost::system::error_code ignored;
    state.acceptor->close(ignored);
    state.pause->cancel();
    closed.set_value();
  });
  // A connection that is being accepted just now is counted from here on: none comes after those that are closed below.
  closed.get_future().wait();
  // The threads end when nothing is left to do: closing cancels what the connections wait for.
  while (state.count() > 0) {
    state.close_connections();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  for (auto& thread : state.threads) thread.join();
  state.threads.clear();
}

std::uint16_t PeerServer::port() const {
  return state_->port;
}

std::size_t PeerServer::connections() const {
  return state_->count();
}

}  // namespace chancery::node
