// GET /v1/events: server-sent events (WHATWG HTML section 9.2).

#include "api/event_source.h"
#include "api/handlers.h"
#include "api/query_reader.h"
#include "api/routes/routes.h"

namespace chancery::api {
namespace {

/// Last-Event-ID resumes; ?from=<height> starts with that block; otherwise what comes from now on.
Result<EventPosition> start_of(Api& api, const http::Request& request, QueryReader& query) {
  const auto from = query.number("from");
  std::string last = query.text("last_event_id", 41);
  if (last.empty()) last = std::string(request.header("last-event-id"));
  TRY(query.done());
  if (!last.empty()) {
    const auto position = EventPosition::parse(last);
    if (!position) {
      return fail(Reason::kBadCursor, "Last-Event-ID is <height>:<index>.", "Last-Event-ID 的格式是 <高度>:<序号>。");
    }
    return *position;
  }
  if (from) return EventPosition{*from == 0 ? 0 : *from, 0};
  const auto head = api.ledger().head();
  return EventPosition{head.height, ~0ULL};
}

Answer events(Api& api, const http::Request& request) {
  QueryReader query(request);
  EventFilter filter;
  filter.contract = query.text("contract", 64);
  filter.type = query.text("type", 130);
  ASSIGN_OR_RETURN(const EventPosition after, start_of(api, request, query));
  if (api.events.listeners() >= EventHub::kMaxListeners) {
    return fail(Reason::kOverloaded, "Too many event streams are open.", "事件流过多。");
  }
  ASSIGN_OR_RETURN(auto source, EventSource::open(api, std::move(filter), after));
  http::Response response(200, "text/event-stream", {});
  response.set("Cache-Control", "no-cache").set("X-Accel-Buffering", "no");
  response.stream = std::move(source);
  return response;
}

}  // namespace

void add_event_routes(http::Router& router, Api& api) {
  router.add({.method = "GET", .pattern = "/v1/events", .handler = plain(api, events)});
}

}  // namespace chancery::api
