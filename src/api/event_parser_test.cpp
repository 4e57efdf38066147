#include "api/event_parser.h"

#include <gtest/gtest.h>

namespace chancery::api {
namespace {

std::vector<ClientEvent> parse(std::string_view text, std::size_t piece_bytes) {
  EventParser parser;
  std::vector<ClientEvent> out;
  for (std::size_t at = 0; at < text.size(); at += piece_bytes) {
    parser.take(text.substr(at, piece_bytes), [&](const ClientEvent& event) {
      out.push_back(event);
      return true;
    });
  }
  return out;
}

TEST(EventParserTest, ReadsEventsHoweverTheyAreCut) {
  const std::string_view text = ":\n\nid: 1:2\nevent: a.b\ndata: x\ndata: y\n\nid: 1:3\r\n\r\ndata:z\n\n";
  for (const std::size_t piece_bytes : {1U, 2U, 3U, 7U, 100U}) {
    const auto events = parse(text, piece_bytes);
    ASSERT_EQ(events.size(), 2U) << piece_bytes;
    EXPECT_EQ(events[0].id, "1:2");
    EXPECT_EQ(events[0].type, "a.b");
    EXPECT_EQ(events[0].data, "x\ny");
    EXPECT_EQ(events[1].id, "1:3") << "an id without data moves the position";
    EXPECT_EQ(events[1].type, "message");
    EXPECT_EQ(events[1].data, "z");
  }
}

TEST(EventParserTest, StopsWhenToldTo) {
  EventParser parser;
  int count = 0;
  EXPECT_FALSE(parser.take("data: a\n\ndata: b\n\n", [&](const ClientEvent&) { return ++count < 1; }));
  EXPECT_EQ(count, 1);
}

}  // namespace
}  // namespace chancery::api
