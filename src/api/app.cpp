#include "api/app.h"

#include "api/api.h"
#include "api/dispatcher.h"
#include "api/http/server.h"

namespace chancery::api {

struct App::State {
  std::unique_ptr<Api> api;
  std::unique_ptr<RouteDispatcher> dispatcher;
  std::unique_ptr<http::Server> server;
};

App::App() : state_(std::make_unique<State>()) {}

Result<std::unique_ptr<App>> App::start(node::Node& node, node::Services& services, const ApiOptions& options) {
  std::unique_ptr<App> app(new App());
  State& state = *app->state_;
  state.api = std::make_unique<Api>(node, services, options);
  state.dispatcher = std::make_unique<RouteDispatcher>(*state.api);
  http::ServerOptions server;
  server.address = options.address;
  server.port = options.port;
  server.io_threads = options.io_threads;
  ASSIGN_OR_RETURN(state.server, http::Server::start(server, *state.dispatcher, node.clock()));
  return app;
}

App::~App() {
  stop();
}

void App::stop() {
  if (state_->server) state_->server->stop();
  if (state_->api) state_->api->workers.stop();
}

std::uint16_t App::port() const {
  return state_->server->port();
}

}  // namespace chancery::api
