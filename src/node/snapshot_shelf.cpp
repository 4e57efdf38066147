#include "node/snapshot_shelf.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/json.h"
#include "base/json_reader.h"
#include "base/log.h"
#include "ledger/final_note.h"
#include "ledger/snapshot/directory.h"
#include "ledger/snapshot/manifest.h"

namespace chancery::node {

namespace {

constexpr std::size_t kMostRequestBytes = 4'096;
constexpr std::size_t kMostOfferBytes = 64U << 10;
constexpr std::int64_t kMostOffers = 64;
constexpr std::chrono::milliseconds kAskForSignatures{200};
constexpr int kMostAsking = 300;  ///< a minute

Result<std::uint64_t> height_in(JsonReader& reader) {
  ASSIGN_OR_RETURN(const std::int64_t height, reader.required_integer("height", 1, INT64_MAX));
  return static_cast<std::uint64_t>(height);
}

Result<std::string> list_offers(const std::string& parent, std::uint64_t durable_height) {
  Json snapshots = Json::array();
  for (const std::uint64_t height : ledger::snapshot_heights(parent)) {
    const auto manifest = ledger::read_snapshot_file(ledger::manifest_path(ledger::snapshot_directory(parent, height)),
                                                     ledger::kManifestLimitBytes);
    if (!manifest) continue;  // removed just now
    snapshots.push_back({{"height", height}, {"manifest", to_hex(ledger::manifest_id(*manifest))}});
  }
  return Json{{"height", durable_height}, {"snapshots", snapshots}}.dump();
}

}  // namespace

Result<SnapshotOffers> parse_snapshot_offers(std::string_view json_text) {
  ASSIGN_OR_RETURN(const Json json, parse_json(json_text, {.max_bytes = kMostOfferBytes, .max_depth = 4}));
  JsonReader reader(json);
  SnapshotOffers out;
  ASSIGN_OR_RETURN(out.height, height_in(reader));
  const auto list = json.find("snapshots");
  if (list == json.end() || !list->is_array() || list->size() > kMostOffers) {
    return fail(Reason::kMalformed, "\"snapshots\" is no list of at most 64");
  }
  for (const Json& item : *list) {
    JsonReader one(item);
    SnapshotOffer offer;
    ASSIGN_OR_RETURN(offer.height, height_in(one));
    const auto id = item.find("manifest");
    const auto digest =
        id != item.end() && id->is_string() ? digest_from_hex(id->get<std::string>()) : std::optional<Digest>{};
    if (!digest) return fail(Reason::kMalformed, "\"manifest\" is no SHA-256");
    offer.manifest_id = *digest;
    out.snapshots.push_back(offer);
  }
  return out;
}

std::string snapshot_request(std::uint64_t height) {
  return Json{{"height", height}}.dump();
}

std::string snapshot_request(std::uint64_t height, std::size_t chunk) {
  return Json{{"height", height}, {"chunk", chunk}}.dump();
}

Result<std::string> answer_from_shelf(const std::string& parent, std::uint64_t durable_height, std::string_view path,
                                      const std::string& body) {
  if (path == kSnapshotsPath) return list_offers(parent, durable_height);
  if (path != kSnapshotManifestPath && path != kSnapshotChunkPath) {
    return fail(Reason::kNotFound, fmt::format("nodes do not serve {} to each other", path));
  }
  ASSIGN_OR_RETURN(const Json json, parse_json(body, {.max_bytes = kMostRequestBytes, .max_depth = 2}));
  JsonReader reader(json);
  ASSIGN_OR_RETURN(const std::uint64_t height, height_in(reader));
  const std::string directory = ledger::snapshot_directory(parent, height);
  std::string file = ledger::manifest_path(directory);
  if (path == kSnapshotChunkPath) {
    ASSIGN_OR_RETURN(const std::int64_t chunk,
                     reader.required_integer("chunk", 0, static_cast<std::int64_t>(ledger::kMostChunks) - 1));
    file = ledger::chunk_path(directory, static_cast<std::size_t>(chunk));
  }
  const auto bytes = ledger::read_snapshot_file(file, ledger::kChunkLimitBytes);
  if (!bytes) return fail(Reason::kNotFound, fmt::format("no such part of a snapshot of block {} is here", height));
  return to_string(BytesView(*bytes));
}

SnapshotShelf::SnapshotShelf(const storage::Store& store, const ledger::Ledger& ledger,
                             std::function<void(std::uint64_t height)> gather, ShelfOptions options)
    : store_(store), ledger_(ledger), gather_(std::move(gather)), options_(std::move(options)) {
  ledger::prune_snapshots(options_.directory, options_.keep);
  thread_ = std::thread([this] { loop(); });
}

SnapshotShelf::~SnapshotShelf() {
  stop();
}

void SnapshotShelf::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(writing_);  // until one on demand has ended, too
}

void SnapshotShelf::durable(std::uint64_t height) {
  if (options_.every_blocks == 0 || height % options_.every_blocks != 0) return;
  const std::lock_guard lock(mutex_);
  if (stopping_ || due_) return;
  due_ = store_.frozen();
  changed_.notify_all();
}

void SnapshotShelf::loop() {
  while (true) {
    std::unique_ptr<storage::Store> frozen;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stopping_ || due_; });
      frozen = std::move(due_);
      if (stopping_) return;
    }
    const std::lock_guard lock(writing_);
    const auto written = write(*frozen);
    if (!written) log_warn("snapshot.not_written", {{"error", written.error().message()}});
  }
}

Result<ledger::SnapshotFacts> SnapshotShelf::create() {
  const std::lock_guard lock(writing_);
  {
    const std::lock_guard state_lock(mutex_);
    if (stopping_) return fail(Reason::kUnavailable, "the node is stopping");
  }
  const auto frozen = store_.frozen();
  return write(*frozen);
}

Result<ledger::SnapshotFacts> SnapshotShelf::write(const storage::Store& frozen) {
  ASSIGN_OR_RETURN(
      const auto facts,
      ledger::write_snapshot(
          frozen, ledger_.genesis(), [this](std::uint64_t height) { return final_note(height); }, options_.directory));
  ledger::prune_snapshots(options_.directory, options_.keep);
  log_info(
      "snapshot.written",
      {{"height", facts.height}, {"records", facts.records}, {"chunks", facts.chunks}, {"bytes", facts.stored_bytes}});
  return facts;
}

Result<std::string> SnapshotShelf::final_note(std::uint64_t height) {
  for (int asked = 0;; ++asked) {
    ASSIGN_OR_RETURN(std::string note, ledger_.durable_note(height));
    const auto verified = ledger::verify_final_note(note, ledger_.genesis());
    if (verified) return note;
    if (asked == kMostAsking) return std::unexpected(verified.error());
    if (gather_) gather_(height);
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, kAskForSignatures, [&] { return stopping_; })) {
      return fail(Reason::kUnavailable, "the node is stopping");
    }
  }
}

std::vector<std::uint64_t> SnapshotShelf::heights() const {
  return ledger::snapshot_heights(options_.directory);
}

Result<std::string> SnapshotShelf::answer(std::string_view path, const std::string& body) const {
  return answer_from_shelf(options_.directory, ledger_.durable_header().height(), path, body);
}

}  // namespace chancery::node
