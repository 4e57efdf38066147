#pragma once
// The events of the ledger as server-sent events, from any point on, none lost and none twice.

#include <cstdint>
#include <string>
#include <vector>

#include "api/api.h"
#include "api/http/response.h"

namespace chancery::api {

/// "<height>:<index>": the index counts the events of a block from 1; 0 stands before its first.
struct EventPosition {
  std::uint64_t height = 0;
  std::uint64_t index = 0;

  static std::optional<EventPosition> parse(std::string_view text);
  std::string text() const { return std::to_string(height) + ":" + std::to_string(index); }
};

struct EventFilter {
  std::string contract;  ///< empty: all
  std::string type;      ///< "credential.issued"; empty: all
};

/// Reads the ledger's own entries, so what was missed while away is still there. Every piece ends with the position
/// that a client has to send back as Last-Event-ID, also when the filter let nothing through.
class EventSource final : public http::BodySource {
 public:
  /// `after`: the last event that the client has seen; not above the head.
  static Result<std::unique_ptr<EventSource>> open(Api& api, EventFilter filter, EventPosition after);
  ~EventSource() override;
  Step next(std::string& out) override;
  void set_wake(std::function<void()> wake) override;

 private:
  EventSource(Api& api, EventFilter filter) : api_(api), filter_(std::move(filter)) {}
  Status append_entry(const wire::Entry& entry, std::string& out);

  Api& api_;
  EventFilter filter_;
  std::uint64_t next_leaf_ = 0;
  EventPosition position_;        // of the last event that was passed
  std::uint64_t skip_until_ = 0;  // events of position_.height up to this index were seen before
  std::string announced_;         // the last position that the client was told
  std::int64_t last_sent_us_ = 0;
  std::uint64_t listener_ = 0;
};

}  // namespace chancery::api
