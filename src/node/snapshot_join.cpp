#include "node/snapshot_join.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/log.h"
#include "ledger/snapshot/directory.h"
#include "ledger/snapshot/reader.h"
#include "node/node_files.h"
#include "node/snapshot_shelf.h"
#include "storage/store.h"

namespace chancery::node {

namespace {

namespace fs = std::filesystem;

class Joining {
 public:
  Joining(const ledger::Genesis& genesis, PeerTransport& transport, const JoinOptions& options)
      : genesis_(genesis),
        transport_(transport),
        options_(options),
        incoming_(options.directory + "/snapshot.incoming"),
        building_(options.directory + "/store.joining") {}

  Result<JoinResult> run() {
    std::error_code error;
    if (fs::exists(store_path(options_.directory), error)) {
      return fail(Reason::kAlreadyExists, options_.directory + " holds a ledger already",
                  options_.directory + " 中已有账本");
    }
    fs::create_directories(incoming_, error);
    if (error) return fail(Reason::kStorageFailed, incoming_ + ": " + error.message());
    // Each false manifest costs its sender the trust of this run, so this ends.
    while (true) {
      ASSIGN_OR_RETURN(const Bytes manifest, manifest_to_take());
      ASSIGN_OR_RETURN(const bool taken, take(manifest));
      if (taken) break;
      refuse(manifest_from_);
      fs::remove_all(incoming_, error);
      fs::create_directories(incoming_, error);
    }
    fs::rename(building_, store_path(options_.directory), error);
    if (error) return fail(Reason::kStorageFailed, building_ + ": " + error.message());
    fs::remove_all(incoming_, error);
    return out_;
  }

 private:
  bool refused(const std::string& peer) const {
    return std::ranges::find(out_.refused_peers, peer) != out_.refused_peers.end();
  }
  void refuse(const std::string& peer) {
    if (peer.empty() || refused(peer)) return;
    log_warn("snapshot.peer_refused", {{"peer", peer}});
    out_.refused_peers.push_back(peer);
  }

  /// One that came before, or the newest that is offered now.
  Result<Bytes> manifest_to_take() {
    manifest_from_.clear();
    if (auto kept = ledger::read_snapshot_file(ledger::manifest_path(incoming_), ledger::kManifestLimitBytes)) {
      if (ledger::parse_manifest(*kept, genesis_)) return std::move(*kept);
    }
    struct Candidate {
      SnapshotOffer offer;
      std::string peer;
    };
    std::vector<Candidate> candidates;
    std::string last_error = "no peer offers a snapshot";
    for (const std::string& peer : options_.peers) {
      if (refused(peer)) continue;
      const auto text = transport_.post(peer, std::string(kSnapshotsPath), "{}");
      const auto offers = text ? parse_snapshot_offers(*text) : std::unexpected(text.error());
      if (!offers) last_error = offers.error().message();
      if (!offers) continue;
      for (const SnapshotOffer& offer : offers->snapshots) {
        if (offer.height + kBlocksAfterSnapshot <= offers->height) candidates.push_back({offer, peer});
      }
    }
    std::ranges::stable_sort(candidates, std::ranges::greater{}, [](const Candidate& c) { return c.offer.height; });
    for (const Candidate& candidate : candidates) {
      auto text =
          transport_.post(candidate.peer, std::string(kSnapshotManifestPath), snapshot_request(candidate.offer.height));
      if (!text) continue;
      Bytes manifest = to_bytes(*text);
      const auto parsed = ledger::parse_manifest(manifest, genesis_);
      if (!parsed) {
        last_error = parsed.error().message();
        refuse(candidate.peer);
        continue;
      }
      TRY(ledger::write_snapshot_file(ledger::manifest_path(incoming_), manifest));
      manifest_from_ = candidate.peer;
      return manifest;
    }
    return fail(Reason::kNotFound, "no usable snapshot: " + last_error, "没有可用的快照：" + last_error);
  }

  /// False when the manifest turned out not to be true.
  Result<bool> take(BytesView manifest) {
    std::error_code error;
    fs::remove_all(building_, error);
    ASSIGN_OR_RETURN(const auto store, storage::Store::open({.path = building_}));
    ASSIGN_OR_RETURN(auto reader, ledger::SnapshotReader::begin(manifest, genesis_, *store));
    const std::size_t count = reader.manifest().chunks.size();
    while (!reader.complete()) {
      TRY(take_chunk(reader));
      if (reader.manifest_is_false()) return false;
      if (options_.progress) options_.progress(reader.next(), count);
    }
    TRY(reader.finish());
    out_.facts.height = reader.manifest().checkpoint.height;
    out_.facts.records = reader.manifest().record_count();
    out_.facts.entries = reader.manifest().checkpoint.size - reader.manifest().first_entry;
    out_.facts.chunks = count;
    out_.facts.stored_bytes = reader.manifest().stored_bytes();
    out_.facts.state_root = reader.manifest().checkpoint.state_root;
    out_.facts.manifest_id = ledger::manifest_id(manifest);
    return true;
  }

  /// From the files of an earlier run, or from the first peer that has it. Success also when the manifest is false.
  Status take_chunk(ledger::SnapshotReader& reader) {
    const std::string file = ledger::chunk_path(incoming_, reader.next());
    if (const auto kept = ledger::read_snapshot_file(file, ledger::kChunkLimitBytes)) {
      Status added = reader.add(*kept);
      if (added || reader.manifest_is_false()) return {};
      if (added.error().reason != Reason::kProofInvalid) return added;
    }
    const std::uint64_t height = reader.manifest().checkpoint.height;
    std::string last_error = "there is no peer left to ask";
    for (const std::string& peer : peers_in_turn()) {
      const auto text = transport_.post(peer, std::string(kSnapshotChunkPath), snapshot_request(height, reader.next()));
      if (!text) {
        last_error = text.error().message();
        continue;
      }
      const Bytes chunk = to_bytes(*text);
      Status added = reader.add(chunk);
      if (!added && added.error().reason != Reason::kProofInvalid) return added;
      if (reader.manifest_is_false()) return {};
      if (!added) {
        last_error = added.error().message();
        refuse(peer);
        continue;
      }
      ++out_.fetched;
      return ledger::write_snapshot_file(file, chunk);
    }
    return fail(Reason::kUnavailable, fmt::format("chunk {}: {}", reader.next(), last_error),
                fmt::format("第 {} 块：{}", reader.next(), last_error));
  }

  /// Whoever gave the manifest has its chunks; the others may.
  std::vector<std::string> peers_in_turn() const {
    std::vector<std::string> out;
    for (const std::string& peer : options_.peers) {
      if (!refused(peer)) out.push_back(peer);
    }
    std::ranges::stable_partition(out, [&](const std::string& peer) { return peer == manifest_from_; });
    return out;
  }

  const ledger::Genesis& genesis_;
  PeerTransport& transport_;
  const JoinOptions& options_;
  const std::string incoming_;
  const std::string building_;
  std::string manifest_from_;
  JoinResult out_;
};

}  // namespace

Result<JoinResult> join_by_snapshot(const ledger::Genesis& genesis, PeerTransport& transport,
                                    const JoinOptions& options) {
  return Joining(genesis, transport, options).run();
}

}  // namespace chancery::node
