#include "api/event_source.h"

#include <fmt/format.h>

#include <charconv>

#include "api/time_text.h"
#include "api/views.h"

namespace chancery::api {
namespace {

constexpr std::size_t kPieceBytes = 64U << 10;
constexpr std::size_t kEntriesAtOnce = 512;
/// A comment now and then, so that proxies and clients see that the stream lives.
constexpr std::int64_t kHeartbeat_us = 10'000'000;

}  // namespace

std::optional<EventPosition> EventPosition::parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  EventPosition out;
  const auto read = [](std::string_view part, std::uint64_t& value) {
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    return !part.empty() && error == std::errc() && end == part.data() + part.size();
  };
  if (!read(text.substr(0, colon), out.height) || !read(text.substr(colon + 1), out.index)) return std::nullopt;
  return out;
}

Result<std::unique_ptr<EventSource>> EventSource::open(Api& api, EventFilter filter, EventPosition after) {
  std::unique_ptr<EventSource> source(new EventSource(api, std::move(filter)));
  const auto head = api.ledger().head();
  if (after.height > head.height) {
    return fail(Reason::kBadCursor, "Last-Event-ID is beyond the head of this ledger.", "Last-Event-ID 超出账本末端。");
  }
  source->position_ = {after.height, 0};
  source->next_leaf_ = api.ledger().horizon().first_entry;
  source->skip_until_ = after.index;
  if (after.height > 0) {
    ASSIGN_OR_RETURN(const auto block, api.ledger().block(after.height));
    source->next_leaf_ = block.header().first_leaf();
  }
  source->last_sent_us_ = api.clock().monotonic_us();
  return source;
}

EventSource::~EventSource() {
  if (listener_ != 0) api_.events.remove(listener_);
}

void EventSource::set_wake(std::function<void()> wake) {
  listener_ = api_.events.add(std::move(wake));
}

Status EventSource::append_entry(const wire::Entry& entry, std::string& out) {
  if (entry.height() != position_.height) {
    position_ = {entry.height(), 0};
    skip_until_ = 0;
  }
  if (entry.events().empty()) return {};
  wire::Transaction transaction;
  wire::Body body;
  if (!transaction.ParseFromString(entry.transaction()) || !body.ParseFromString(transaction.body())) {
    return fail(Reason::kCorrupt, "An entry does not decode.");
  }
  const Digest id = ledger::transaction_id(api_.node.genesis().suite->hash, as_bytes(transaction.body()));
  for (const auto& event : entry.events()) {
    ++position_.index;
    if (position_.index <= skip_until_ || event.call() >= static_cast<std::uint32_t>(body.calls_size())) continue;
    const std::string& contract = body.calls(static_cast<int>(event.call())).contract();
    const std::string type = contract + "." + event.name();
    if ((!filter_.contract.empty() && filter_.contract != contract) ||
        (!filter_.type.empty() && filter_.type != type)) {
      continue;
    }
    const Json data = {{"id", position_.text()},
                       {"type", type},
                       {"subject", readable(as_bytes(event.subject()))},
                       {"transaction", to_hex(id)},
                       {"leaf_index", next_leaf_},
                       {"height", entry.height()},
                       {"time", rfc3339(entry.time_ms())},
                       {"data", to_base64(as_bytes(event.data()))}};
    announced_ = position_.text();
    fmt::format_to(std::back_inserter(out), "id: {}\nevent: {}\ndata: {}\n\n", announced_, type, data.dump());
  }
  return {};
}

http::BodySource::Step EventSource::next(std::string& out) {
  const std::uint64_t end = api_.ledger().head().tree_size;
  for (std::size_t count = 0; next_leaf_ < end && count < kEntriesAtOnce && out.size() < kPieceBytes; ++count) {
    const auto entry = api_.ledger().entry(next_leaf_);
    if (!entry || !append_entry(*entry, out)) return Step::kBroken;  // the client comes back with its last id
    ++next_leaf_;
  }
  const std::int64_t now_us = api_.clock().monotonic_us();
  const bool heartbeat = out.empty() && now_us - last_sent_us_ >= kHeartbeat_us;
  if (heartbeat && announced_ != position_.text()) {
    // An id without data moves the client's position and fires nothing.
    announced_ = position_.text();
    out = "id: " + announced_ + "\n\n";
  } else if (heartbeat) {
    out = ":\n\n";
  }
  if (!out.empty()) last_sent_us_ = now_us;
  return next_leaf_ < end ? Step::kData : Step::kWait;
}

}  // namespace chancery::api
