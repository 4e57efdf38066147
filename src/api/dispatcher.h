#pragma once
// Between server and routes: finds the route, refuses what has none, dresses every answer.

#include "api/api.h"
#include "api/http/router.h"
#include "api/http/server.h"

namespace chancery::api {

class RouteDispatcher final : public http::Dispatcher {
 public:
  explicit RouteDispatcher(Api& api);
  const http::Router& router() const { return router_; }

  Admission admit(const http::Request& head) override;
  void handle(const http::Route& route, std::shared_ptr<const http::Request> request, http::Reply reply) override;
  http::Response refuse(const http::Request& head, const Error& error, int status) override;
  void finish(const http::Request& request, const http::Route* route, http::Response& response,
              std::int64_t duration_us) override;

 private:
  http::Router router_;
};

}  // namespace chancery::api
