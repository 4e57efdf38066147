// Good ICS-23 proofs under SmtSpec, and mutated ones.
//
// A mutation changes one field of the decoded protobuf message, never the encoding alone, and is dropped when the
// message comes out equal (two equal steps swapped): so each mutant says something else than the good proof, and must
// be refused. Two things are marked "ours_only", because the libraries judge them otherwise by design:
//   - NonExistenceProof.key is not read by the libraries (the key comes from the caller); ours compares it;
//   - an empty tree: ICS-23 has no proof for it; ours takes a proof without neighbours under the zero root.

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "base/random.h"
#include "ics23.pb.h"
#include "merkle/ics23.h"
#include "vectors.h"

namespace chancery::interop {

namespace {

namespace wire = cosmos::ics23::v1;
constexpr auto kHash = crypto::HashAlgorithm::kSha256;
constexpr std::size_t kMutants = 10'000;

struct Case {
  bool exists;
  Digest root;
  Bytes key, value;
  Bytes proof;
};

class Tree {
 public:
  Tree(int count, std::uint64_t seed) : tree_(kHash) {
    SeededRandom random(seed);
    std::vector<merkle::StateTree::Change> changes;
    for (int i = 0; i < count; ++i) {
      const Bytes key = to_bytes(fmt::format("credential/{}/{}", seed, i));
      const Bytes value = random.bytes(1 + random.below(120));
      const Digest key_hash = crypto::hash(kHash, key);
      records_[key_hash] = {key, value};
      changes.push_back({key_hash, crypto::hash(kHash, value)});
    }
    std::ranges::sort(changes, {}, &merkle::StateTree::Change::key_hash);
    root_ = tree_.apply(1, changes);
  }

  Case existence(std::size_t i) const {
    const auto& [key_hash, record] = *std::next(records_.begin(), static_cast<std::ptrdiff_t>(i));
    const auto path = *tree_.path(1, key_hash);
    return {true, root_, record.first, record.second,
            *merkle::make_existence(kHash, record.first, record.second, path)};
  }
  Case absence(const Bytes& key) const {
    const auto found = *tree_.neighbours(1, crypto::hash(kHash, key));
    return {
        false, root_, key, {}, *merkle::make_non_existence(kHash, key, neighbour(found.left), neighbour(found.right))};
  }
  std::size_t size() const { return records_.size(); }
  const Digest& first() const { return records_.begin()->first; }
  const Digest& last() const { return records_.rbegin()->first; }

 private:
  std::optional<merkle::Neighbour> neighbour(const std::optional<merkle::Path>& path) const {
    if (!path) return std::nullopt;
    const auto& [key, value] = records_.at(path->key_hash);
    return merkle::Neighbour{.key = key, .value = value, .path = *path};
  }

  merkle::StateTree tree_;
  Digest root_;
  std::map<Digest, std::pair<Bytes, Bytes>> records_;
};

/// Existence everywhere; absence left of all, right of all, and between.
std::vector<Case> good_cases() {
  std::vector<Case> cases;
  std::uint64_t seed = 1;
  for (const int count : {1, 2, 3, 5, 20, 300, 3000}) {
    const Tree tree(count, seed++);
    for (std::size_t i = 0; i < tree.size(); i += 1 + tree.size() / 40) cases.push_back(tree.existence(i));
    bool left = false, right = false;
    int between = 0;
    for (int i = 0; i < 200'000 && !(left && right && (between >= 40 || count == 1)); ++i) {
      const Bytes key = to_bytes(fmt::format("absent/{}", i));
      const Digest hash = crypto::hash(kHash, key);
      const bool is_left = hash < tree.first(), is_right = tree.last() < hash;
      if (is_left ? left : is_right ? right : between >= 40) continue;
      (is_left ? left : right) |= is_left || is_right;
      between += !is_left && !is_right;
      cases.push_back(tree.absence(key));
    }
  }
  return cases;
}

void flip_bit(std::string& bytes, Random& random) {
  if (bytes.empty()) {
    bytes.push_back(1);
    return;
  }
  bytes[random.below(bytes.size())] ^= static_cast<char>(1 << random.below(8));
}

/// Changes a byte string in one of the ways that bytes can be wrong.
void spoil(std::string& bytes, Random& random) {
  switch (random.below(5)) {
    case 0:
      return bytes.clear();
    case 1:
      return bytes.push_back(static_cast<char>(random.below(256)));
    case 2:
      return bytes.empty() ? bytes.push_back(0) : bytes.pop_back();
    case 3:
      return void(bytes.insert(bytes.begin(), static_cast<char>(random.below(256))));
    default:
      return flip_bit(bytes, random);
  }
}

wire::HashOp other_hash(Random& random) {
  static constexpr int kNumbers[] = {0, 2, 3, 4, 5, 6, 7, 8, 9, 99, 1001, -1};
  return static_cast<wire::HashOp>(kNumbers[random.below(std::size(kNumbers))]);
}

std::string mutate_leaf(wire::LeafOp& leaf, Random& random) {
  switch (random.below(5)) {
    case 0:
      return leaf.set_hash(other_hash(random)), "leaf.hash";
    case 1:
      return leaf.set_prehash_key(other_hash(random)), "leaf.prehash_key";
    case 2:
      return leaf.set_prehash_value(other_hash(random)), "leaf.prehash_value";
    case 3:
      return leaf.set_length(static_cast<wire::LengthOp>(1 + random.below(9))), "leaf.length";
    default:
      return spoil(*leaf.mutable_prefix(), random), "leaf.prefix";
  }
}

std::string mutate_step(wire::InnerOp& step, Random& random) {
  switch (random.below(6)) {
    case 0:
      return step.set_hash(other_hash(random)), "path.hash";
    case 1:
      return spoil(*step.mutable_prefix(), random), "path.prefix";
    case 2:
      return spoil(*step.mutable_suffix(), random), "path.suffix";
    case 3: {  // The sibling on the other side.
      const std::string prefix = step.prefix(), suffix = step.suffix();
      step.set_prefix(prefix.substr(0, 1) + suffix);
      step.set_suffix(prefix.substr(std::min<std::size_t>(1, prefix.size())));
      return "path.side";
    }
    case 4: {  // An empty sibling instead.
      const bool left = step.suffix().empty();
      if (left) step.set_prefix(step.prefix().substr(0, 1) + std::string(32, '\0'));
      if (!left) step.set_suffix(std::string(32, '\0'));
      return "path.empty_sibling";
    }
    default: {  // Prefix and suffix that hash to the same bytes when the child is cut off: the boundary moves.
      const std::string all = step.prefix() + step.suffix();
      const std::size_t cut = random.below(all.size() + 1);
      step.set_prefix(all.substr(0, cut));
      step.set_suffix(all.substr(cut));
      return "path.boundary";
    }
  }
}

std::string mutate_path(wire::ExistenceProof& proof, Random& random) {
  auto& path = *proof.mutable_path();
  const int size = path.size();
  const auto any = [&] { return static_cast<int>(random.below(static_cast<std::uint64_t>(size))); };
  switch (size == 0 ? 0 : random.below(5)) {
    case 0: {
      wire::InnerOp extra;
      extra.set_hash(wire::SHA256);
      extra.set_prefix("\x01");
      extra.set_suffix(std::string(32, '\0'));
      *path.Add() = extra;
      return "path.added";
    }
    case 1:
      return path.DeleteSubrange(any(), 1), "path.dropped";
    case 2:
      return path.SwapElements(any(), any()), "path.swapped";
    case 3: {
      const wire::InnerOp copy = path.Get(any());
      *path.Add() = copy;
      return "path.repeated";
    }
    default:
      return path.Clear(), "path.cleared";
  }
}

std::string mutate_existence(wire::ExistenceProof& proof, Random& random) {
  switch (random.below(8)) {
    case 0:
      return spoil(*proof.mutable_key(), random), "key";
    case 1:
      return spoil(*proof.mutable_value(), random), "value";
    case 2:
      return mutate_leaf(*proof.mutable_leaf(), random);
    case 3:
      return random.below(4) == 0 ? (proof.clear_leaf(), "leaf.cleared") : mutate_leaf(*proof.mutable_leaf(), random);
    case 4:
      return mutate_path(proof, random);
    default:
      if (proof.path_size() == 0) return mutate_path(proof, random);
      return mutate_step(
          *proof.mutable_path(static_cast<int>(random.below(static_cast<std::uint64_t>(proof.path_size())))), random);
  }
}

std::string mutate_absence(wire::NonExistenceProof& proof, Random& random) {
  switch (random.below(8)) {
    case 0:
      return proof.clear_left(), "left.cleared";
    case 1:
      return proof.clear_right(), "right.cleared";
    case 2:
      return proof.mutable_left()->Swap(proof.mutable_right()), "neighbours.swapped";
    case 3:
      return *proof.mutable_left() = proof.right(), "left.is_right";
    default:
      if (proof.has_left() && (!proof.has_right() || random.below(2) == 0)) {
        return "left." + mutate_existence(*proof.mutable_left(), random);
      }
      return "right." + mutate_existence(*proof.mutable_right(), random);
  }
}

bool ours(const Case& c) {
  return c.exists ? merkle::verify_existence(kHash, c.proof, c.root, c.key, c.value).has_value()
                  : merkle::verify_non_existence(kHash, c.proof, c.root, c.key).has_value();
}

void write(std::ofstream& out, const Case& c, const std::string& mutation, const char* expect) {
  const nlohmann::json line = {{"kind", c.exists ? "exist" : "absent"},
                               {"root", to_hex(c.root)},
                               {"key", to_hex(c.key)},
                               {"value", to_hex(c.value)},
                               {"proof", to_hex(c.proof)},
                               {"mutation", mutation},
                               {"expect", expect},
                               {"ours", ours(c)}};
  out << line.dump() << "\n";
}

wire::CommitmentProof decode(const Bytes& proof) {
  wire::CommitmentProof message;
  CHANCERY_CHECK(message.ParseFromArray(proof.data(), static_cast<int>(proof.size())));
  return message;
}

/// Changes the proof, or what it is held against; nullopt when nothing came out different.
std::optional<std::pair<Case, std::string>> mutate(const Case& good, const std::vector<Case>& all, Random& random) {
  Case bad = good;
  const auto& other = all[random.below(all.size())];
  switch (random.below(12)) {
    case 0:
      bad.root[random.below(32)] ^= static_cast<std::uint8_t>(1 << random.below(8));
      return {{bad, "asked.root"}};
    case 1:
      if (!good.exists || other.key == good.key) return std::nullopt;
      bad.key = other.key;
      return {{bad, "asked.key"}};
    case 2:
      if (!good.exists || other.value == good.value) return std::nullopt;
      bad.value = other.value.empty() ? Bytes{1} : other.value;
      return {{bad, "asked.value"}};
    case 3:
      if (other.root == good.root) return std::nullopt;
      bad.proof = other.proof;
      return {{bad, "proof.of_another_tree"}};
    default:
      break;
  }
  wire::CommitmentProof message = decode(good.proof);
  std::string what;
  if (message.has_exist()) {
    what = mutate_existence(*message.mutable_exist(), random);
  } else {
    what = mutate_absence(*message.mutable_nonexist(), random);
  }
  const std::string bytes = message.SerializeAsString();
  if (bytes == as_text(good.proof)) return std::nullopt;
  bad.proof = to_bytes(bytes);
  return {{bad, what}};
}

}  // namespace

void write_state_proofs(const std::filesystem::path& folder) {
  std::ofstream out(folder / "ics23.jsonl");
  const std::vector<Case> good = good_cases();
  for (const Case& c : good) write(out, c, "", "accept");
  SeededRandom random(2026);
  for (std::size_t made = 0, i = 0; made < kMutants; ++i) {
    const auto bad = mutate(good[i % good.size()], good, random);
    if (!bad) continue;
    write(out, bad->first, bad->second, "refuse");
    ++made;
  }
  // What the libraries judge otherwise.
  for (const Case& c : good) {
    if (c.exists) continue;
    Case other = c;
    wire::CommitmentProof message = decode(c.proof);
    message.mutable_nonexist()->set_key("another key");
    other.proof = to_bytes(message.SerializeAsString());
    write(out, other, "nonexist.key", "ours_only");
  }
  const Bytes key = to_bytes("any");
  write(out, {false, Digest{}, key, {}, *merkle::make_non_existence(kHash, key, std::nullopt, std::nullopt)},
        "empty_tree", "ours_only");
}

}  // namespace chancery::interop
