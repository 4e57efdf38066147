#include "merkle/tiles.h"

#include <gtest/gtest.h>

namespace chancery::merkle {
namespace {

TEST(TilePathTest, WritesTheExamplesOfTheSpecification) {
  EXPECT_EQ(to_string(TilePath{.level = 0, .index = 1'234'067}), "tile/0/x001/x234/067");
  EXPECT_EQ(to_string(TilePath{.level = 1, .index = 1'234, .width = 56}), "tile/1/x001/234.p/56");
  EXPECT_EQ(to_string(TilePath{.level = std::nullopt, .index = 0}), "tile/entries/000");
}

TEST(TilePathTest, ReadsBackWhatItWrites) {
  for (const std::uint64_t index : {0ull, 7ull, 999ull, 1'000ull, 123'456'789ull, 1'000'000'000ull, ~0ull}) {
    for (const std::uint32_t width : {1u, 255u, 256u}) {
      for (const auto level :
           {std::optional<std::uint32_t>(0), std::optional<std::uint32_t>(63), std::optional<std::uint32_t>()}) {
        const TilePath path{.level = level, .index = index, .width = width};
        EXPECT_EQ(parse_tile_path(to_string(path)), path) << to_string(path);
      }
    }
  }
}

TEST(TilePathTest, RefusesEveryOtherSpelling) {
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/0/0",
                           "tile/0/00",
                           "tile/0/0000",
                           "tile/00/000",
                           "tile/64/000",
                           "tile/-1/000",
                           "tile/0/x000/001",
                           "tile/0/001/002",
                           "tile/0/x001/2",
                           "tile/0/000.p/0",
                           "tile/0/000.p/256",
                           "tile/0/000.p/01",
                           "tile/0/000.p/",
                           "tile/0/000.p/1/2",
                           "tile/0/000/",
                           "/tile/0/000",
                           "tile/0/000 ",
                           "tile/entries",
                           "tile/entries/",
                           "tile/entries/x",
                           "tile/data/000",
                           "tile/0/x001/../000",
                           "tile/0/+01",
                           "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
                           "tile/0/x018/x446/x744/x073/x709/x551/616"}) {
    EXPECT_EQ(parse_tile_path(path), std::nullopt) << path;
  }
}

TEST(EntryBundleTest, KeepsEntriesAndRefusesDamage) {
  const std::vector<Bytes> entries = {to_bytes("one"), {}, Bytes(65'535, 7)};
  const Bytes bundle = *encode_entry_bundle(entries);
  EXPECT_EQ(bundle.size(), 3 + 2 + 2 + 2 + 65'535u);
  const auto decoded = decode_entry_bundle(bundle, 3);
  ASSERT_TRUE(decoded);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(to_bytes((*decoded)[i]), entries[i]);
  EXPECT_FALSE(decode_entry_bundle(bundle, 2));
  EXPECT_FALSE(decode_entry_bundle(bundle, 4));
  EXPECT_FALSE(decode_entry_bundle(BytesView(bundle).first(bundle.size() - 1), 3));
  EXPECT_FALSE(decode_entry_bundle(BytesView(bundle).first(6), 2));
  EXPECT_EQ(encode_entry_bundle(std::vector<Bytes>{Bytes(65'536)}).error().reason, Reason::kTooLarge);
}

}  // namespace
}  // namespace chancery::merkle
