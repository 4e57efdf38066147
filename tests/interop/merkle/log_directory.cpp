// A history tree as a directory of tlog-tiles with a signed checkpoint, and our proofs over it.

#include <fmt/format.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/random.h"
#include "merkle/checkpoint.h"
#include "merkle/history_tree.h"
#include "merkle/signed_note.h"
#include "merkle/tiles.h"
#include "vectors.h"

namespace chancery::interop {

namespace {

namespace fs = std::filesystem;
constexpr auto kHash = crypto::HashAlgorithm::kSha256;
constexpr std::uint64_t kSize = 70'000;  // Two full levels of tiles begun, partial ones on three.
constexpr std::string_view kOrigin = "ledger.example/interop";

void write_file(const fs::path& path, std::string_view content) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

class Tiles final : public merkle::TileSource {
 public:
  std::map<std::pair<std::uint32_t, std::uint64_t>, Bytes> tiles;

  Result<Bytes> full_tile(std::uint32_t level, std::uint64_t index) const override {
    const auto found = tiles.find({level, index});
    if (found == tiles.end()) return fail(Reason::kNotFound, "no such tile");
    return found->second;
  }
};

Bytes entry(std::uint64_t i) {
  return to_bytes(fmt::format("transaction {} {}", i, std::string(i % 300, 'x')));
}

void write_entries(const fs::path& log) {
  for (std::uint64_t begin = 0; begin < kSize; begin += merkle::kTileWidth) {
    const std::uint64_t end = std::min(begin + merkle::kTileWidth, kSize);
    std::vector<Bytes> entries;
    for (std::uint64_t i = begin; i < end; ++i) entries.push_back(entry(i));
    const merkle::TilePath path{
        .level = std::nullopt, .index = begin / merkle::kTileWidth, .width = static_cast<std::uint32_t>(end - begin)};
    write_file(log / to_string(path), as_text(*merkle::encode_entry_bundle(std::span<const Bytes>(entries))));
  }
}

void write_tiles(const fs::path& log, const merkle::HistoryTree& tree, const Tiles& tiles) {
  for (const auto& [id, hashes] : tiles.tiles) {
    write_file(log / to_string(merkle::TilePath{.level = id.first, .index = id.second}), as_text(hashes));
  }
  for (std::uint32_t level = 0; kSize >> (8 * level) > 0; ++level) {
    const std::uint64_t hashes = kSize >> (8 * level);
    const merkle::TilePath path{.level = level,
                                .index = hashes / merkle::kTileWidth,
                                .width = static_cast<std::uint32_t>(hashes % merkle::kTileWidth)};
    if (path.width == 0) continue;
    write_file(log / to_string(path), as_text(*tree.tile(level, path.index, path.width, tiles)));
  }
}

std::string signed_checkpoint(const Digest& root, const crypto::PrivateKey& log_key, Random& random) {
  merkle::Checkpoint checkpoint{
      .origin = std::string(kOrigin), .size = kSize, .root = root, .height = 12, .time_ms = 1'790'000'000'000};
  random.fill(checkpoint.state_root);
  random.fill(checkpoint.block_hash);
  random.fill(checkpoint.validators_hash);
  merkle::SignedNote note{.text = merkle::encode_checkpoint(checkpoint), .signatures = {}};
  note.signatures.push_back(*merkle::sign_note(note.text, kOrigin, log_key));
  for (const auto algorithm : {crypto::SignatureAlgorithm::kEcdsaP256Sha256, crypto::SignatureAlgorithm::kSm2Sm3}) {
    const auto key = *crypto::PrivateKey::generate(algorithm, random);
    note.signatures.push_back(*merkle::sign_note(note.text, "node-2.example", key));
  }
  const auto witness = *crypto::PrivateKey::generate(crypto::SignatureAlgorithm::kEd25519, random);
  note.signatures.push_back(*merkle::cosign_note(note.text, "witness.example", witness, 1'790'000'001));
  return merkle::encode_note(note);
}

nlohmann::json to_json(const std::vector<Digest>& proof) {
  auto list = nlohmann::json::array();
  for (const Digest& digest : proof) list.push_back(to_hex(digest));
  return list;
}

/// Each proof as it is, and once with a bit flipped in its first hash or in the root.
void write_proofs(const fs::path& file, const merkle::HistoryTree& tree, const Tiles& tiles, Random& random) {
  std::ofstream out(file);
  const auto write = [&](nlohmann::json line, std::vector<Digest> proof, Digest root) {
    line["root"] = to_hex(root);
    line["proof"] = to_json(proof);
    line["good"] = true;
    out << line.dump() << "\n";
    (proof.empty() ? root : proof.front())[random.below(32)] ^= 1;
    line["root"] = to_hex(root);
    line["proof"] = to_json(proof);
    line["good"] = false;
    out << line.dump() << "\n";
  };
  for (int i = 0; i < 300; ++i) {
    const std::uint64_t size = i == 0 ? 1 : 1 + random.below(kSize);
    const std::uint64_t index = random.below(size), old_size = 1 + random.below(size);
    const Digest root = *tree.root_at(size, tiles);
    write({{"kind", "inclusion"},
           {"index", index},
           {"size", size},
           {"leaf", to_hex(merkle::leaf_hash(kHash, entry(index)))}},
          *tree.inclusion_proof(index, size, tiles), root);
    write({{"kind", "consistency"},
           {"old_size", old_size},
           {"size", size},
           {"old_root", to_hex(*tree.root_at(old_size, tiles))}},
          *tree.consistency_proof(old_size, size, tiles), root);
  }
}

}  // namespace

void write_log(const fs::path& folder) {
  SeededRandom random(7);
  merkle::HistoryTree tree;
  Tiles tiles;
  std::vector<Digest> leaves;
  for (std::uint64_t i = 0; i < kSize; ++i) leaves.push_back(merkle::leaf_hash(kHash, entry(i)));
  for (merkle::Tile& tile : tree.append(leaves)) tiles.tiles[{tile.level, tile.index}] = std::move(tile.hashes);
  tree.release_completed_tiles(kSize);

  const auto key = *crypto::PrivateKey::generate(crypto::SignatureAlgorithm::kEd25519, random);
  const auto verifier =
      *merkle::NoteVerifier::make(std::string(kOrigin), merkle::NoteAlgorithm::kEd25519, key.public_key());
  const fs::path log = folder / "log";
  write_entries(log);
  write_tiles(log, tree, tiles);
  write_file(log / "checkpoint", signed_checkpoint(tree.root(), key, random));
  write_file(folder / "log_key", verifier.to_string());
  write_proofs(folder / "log_proofs.jsonl", tree, tiles, random);
}

}  // namespace chancery::interop
