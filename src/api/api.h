#pragma once
// What the routes work with.

#include <cstdint>
#include <string>

#include "api/app.h"
#include "api/event_hub.h"
#include "api/metrics.h"
#include "api/worker_pool.h"
#include "node/node.h"
#include "node/services.h"

namespace chancery::api {

struct Api {
  Api(node::Node& node_in, node::Services& services_in, const ApiOptions& options_in)
      : node(node_in),
        services(services_in),
        options(options_in),
        workers(options_in.worker_threads, kMaxWaitingRequests),
        events(node_in) {}

  static constexpr std::size_t kMaxWaitingRequests = 1'000;

  node::Node& node;
  node::Services& services;
  ApiOptions options;
  WorkerPool workers;
  EventHub events;

  ledger::Ledger& ledger() { return node.ledger(); }
  Clock& clock() { return node.clock(); }
};

}  // namespace chancery::api
