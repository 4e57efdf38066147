#pragma once
// The snapshots that a node keeps and hands to its peers.
//   POST /snapshots           {}                          ->  { "height": 1042, "snapshots": [ { "height": 1000,
//                                                               "manifest": "<SHA-256 of it, hex>" } ] }
//   POST /snapshots/manifest  { "height": 1000 }               ->  the manifest's bytes
//   POST /snapshots/chunk     { "height": 1000, "chunk": 7 }   ->  the chunk's bytes
// They are public to the network's nodes: a snapshot holds what every node holds.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.h"
#include "ledger/ledger.h"
#include "ledger/snapshot/writer.h"
#include "storage/store.h"

namespace chancery::node {

inline constexpr std::string_view kSnapshotsPath = "/snapshots";
inline constexpr std::string_view kSnapshotManifestPath = "/snapshots/manifest";
inline constexpr std::string_view kSnapshotChunkPath = "/snapshots/chunk";

struct SnapshotOffer {
  std::uint64_t height = 0;
  Digest manifest_id{};
};
struct SnapshotOffers {
  std::uint64_t height = 0;  ///< the newest durable block of the node that answers
  std::vector<SnapshotOffer> snapshots;
};
Result<SnapshotOffers> parse_snapshot_offers(std::string_view json_text);
std::string snapshot_request(std::uint64_t height);
std::string snapshot_request(std::uint64_t height, std::size_t chunk);

/// Answers from the snapshots below `parent`. kNotFound for a path, height or chunk that is not there, kMalformed.
Result<std::string> answer_from_shelf(const std::string& parent, std::uint64_t durable_height, std::string_view path,
                                      const std::string& body);

struct ShelfOptions {
  std::string directory;               ///< where the snapshots lie, one below it a height
  std::uint64_t every_blocks = 1'000;  ///< at heights that this divides, on all nodes alike; 0: on demand only
  std::size_t keep = 2;
};

/// Writes snapshots in a thread of its own.
class SnapshotShelf {
 public:
  /// `gather(height)` asks the peers for their signatures of a checkpoint that lacks some. All outlive the shelf.
  SnapshotShelf(const storage::Store& store, const ledger::Ledger& ledger,
                std::function<void(std::uint64_t height)> gather, ShelfOptions options);
  ~SnapshotShelf();
  void stop();

  /// From the committing thread, before the next block is written: the store is exactly of this height. Takes a moment
  /// of it where a snapshot is due, and returns at once; while one is being written the next is left out.
  void durable(std::uint64_t height);
  /// Now, of the newest durable block, waiting until it is written.
  Result<ledger::SnapshotFacts> create();
  /// Ascending.
  std::vector<std::uint64_t> heights() const;
  Result<std::string> answer(std::string_view path, const std::string& body) const;

 private:
  void loop();
  Result<ledger::SnapshotFacts> write(const storage::Store& frozen);
  Result<std::string> final_note(std::uint64_t height);

  const storage::Store& store_;
  const ledger::Ledger& ledger_;
  const std::function<void(std::uint64_t)> gather_;
  const ShelfOptions options_;

  std::mutex writing_;  ///< one snapshot at a time
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unique_ptr<storage::Store> due_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace chancery::node
