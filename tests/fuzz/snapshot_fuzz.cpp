// Snapshots: a manifest that passes is the fixture's in all that the checkpoint covers, and records that give a
// branch's digest are the fixture's own. The first byte says which of the two the rest is.

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/snapshot/manifest.h"
#include "ledger/snapshot/record_leaves.h"
#include "snapshot_fixture.h"

namespace {

using namespace chancery;

void try_manifest(const fuzz::SnapshotFixture& fixture, BytesView in) {
  const auto manifest = ledger::parse_manifest(in, fixture.genesis());
  if (!manifest) return;
  CHANCERY_CHECK(manifest->checkpoint == fixture.parsed().checkpoint);
  const auto again = ledger::parse_manifest(ledger::encode_manifest(*manifest), fixture.genesis());
  CHANCERY_CHECK(again.has_value());
  CHANCERY_CHECK(again->chunks.size() == manifest->chunks.size());
}

void try_records(const fuzz::SnapshotFixture& fixture, BytesView in) {
  const ledger::ChunkFacts& facts = fixture.parsed().chunks.back();
  const auto plain = ledger::decompress_chunk(in, facts.plain_bytes);
  if (!plain) return;
  const auto items = ledger::split_items(*plain, facts.items);
  if (!items) return;
  const auto leaves = ledger::leaves_of_records(fixture.genesis().suite->hash, *items);
  if (!leaves) return;
  const auto digest =
      merkle::branch_digest(fixture.genesis().suite->hash, facts.branch.depth, facts.branch.prefix, *leaves);
  if (!digest || *digest != facts.branch.digest) return;
  CHANCERY_CHECK(*plain == *ledger::decompress_chunk(fixture.records(), facts.plain_bytes));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::SnapshotFixture fixture;
  if (size == 0) return 0;
  const BytesView rest(data + 1, size - 1);
  if (data[0] % 2 == 0) {
    try_manifest(fixture, rest);
  } else {
    try_records(fixture, rest);
  }
  return 0;
}
