#include "node/peers/peer_list.h"

#include <gtest/gtest.h>

#include "base/metrics.h"
#include "node/peers/testing/peer_network.h"

namespace chancery::node {
namespace {

using testing::kNow_ms;
using testing::list_of;
using testing::network_of;
using testing::Organisation;

TEST(PeerList, ComesBackAsItWasWritten) {
  const Organisation mawei("mawei");
  const Organisation gulou("gulou", 2);
  PeerList list = list_of("mawei-1", {mawei.peer("192.0.2.1:8701"), gulou.peer("[2001:db8::1]:8701")});
  list.peers[1].engine_address = "gulou.example:26656";
  list.peers[1].certificate = gulou.identity(network_of(1)).certificate;
  const PeerList read = PeerList::parse(list.to_json()).value();
  EXPECT_EQ(read.network_id, list.network_id);
  EXPECT_EQ(read.own_name, "mawei-1");
  ASSERT_EQ(read.peers.size(), 2U);
  EXPECT_EQ(read.peers[1].address, "[2001:db8::1]:8701");
  EXPECT_EQ(read.peers[1].engine_address, "gulou.example:26656");
  EXPECT_EQ(read.peers[1].certificate, list.peers[1].certificate);
  EXPECT_EQ(read.own().root, mawei.authority.root());
}

TEST(PeerList, RefusesWhatCannotBe) {
  const Organisation mawei("mawei");
  const Peer peer = mawei.peer();
  EXPECT_FALSE(PeerList::parse(list_of("gulou-1", {peer}).to_json()));
  EXPECT_FALSE(PeerList::parse(list_of("mawei-1", {peer, peer}).to_json()));
  Peer leaf = peer;
  leaf.root = mawei.identity(network_of(1)).certificate;
  EXPECT_FALSE(PeerList::parse(list_of("mawei-1", {leaf}).to_json()));
  for (const char* address : {"", "host", "host:", "host:0", "host:65536", ":1", "a b:1", "2001:db8::1:1", "u@h:1"}) {
    EXPECT_FALSE(parse_host_port(address)) << address;
  }
  EXPECT_EQ(parse_host_port("[::1]:80").value().host, "::1");
  EXPECT_FALSE(is_node_name("a b"));
  EXPECT_FALSE(is_node_name("../up"));
  EXPECT_TRUE(is_node_name("mawei-demo/mawei"));
}

TEST(CertificateCalendar, WarnsAtSixtyThirtyAndSevenDays) {
  const Organisation mawei("mawei");
  const auto certificate = mawei.identity(network_of(1), kNow_ms, 90).certificate;
  const std::int64_t end_ms = certificate.not_after_ms();
  EXPECT_EQ(urgency_of(certificate, kNow_ms), Urgency::kGood);
  EXPECT_EQ(urgency_of(certificate, end_ms - 60 * kDay_ms), Urgency::kGood);
  EXPECT_EQ(urgency_of(certificate, end_ms - 60 * kDay_ms + 1), Urgency::kWithin60Days);
  EXPECT_EQ(urgency_of(certificate, end_ms - 30 * kDay_ms + 1), Urgency::kWithin30Days);
  EXPECT_EQ(urgency_of(certificate, end_ms - 7 * kDay_ms + 1), Urgency::kWithin7Days);
  EXPECT_EQ(urgency_of(certificate, end_ms), Urgency::kWithin7Days);
  EXPECT_EQ(urgency_of(certificate, end_ms + 1), Urgency::kExpired);
  EXPECT_EQ(urgency_of(certificate, kNow_ms - 2 * kDay_ms), Urgency::kNotYetValid);
}

TEST(CertificateCalendar, PutsTheMostUrgentFirstAndSpeaksBothLanguages) {
  const Organisation mawei("mawei");
  const Organisation gulou("gulou", 2);
  const Organisation court("court", 3);
  PeerList list = list_of("mawei-1", {mawei.peer(), gulou.peer(), court.peer()});
  list.peers[0].certificate = mawei.identity(network_of(1), kNow_ms, 300).certificate;
  list.peers[1].certificate = gulou.identity(network_of(1), kNow_ms, 5).certificate;
  const auto calendar = certificate_calendar(list, kNow_ms);
  ASSERT_EQ(calendar.size(), 6U);
  EXPECT_EQ(calendar.front().node, "gulou-1");
  EXPECT_EQ(calendar.front().days_left, 5);
  EXPECT_EQ(calendar.front().urgency, Urgency::kWithin7Days);
  EXPECT_EQ(calendar.back().node, "court-1");
  EXPECT_EQ(calendar.back().urgency, Urgency::kUnknown);
  EXPECT_EQ(sentence_of(calendar.front(), Language::kEn),
            "The certificate of gulou-1 has 5 days left (to 2026-09-26). Run chancery cert rotate on that node.");
  EXPECT_EQ(sentence_of(calendar.front(), Language::kZhCn),
            "节点 gulou-1 的证书还有 5 天（至 2026-09-26）。请在该节点运行 chancery cert rotate。");
  publish_calendar(calendar);
  EXPECT_NE(metrics().prometheus_text().find("chancery_certificate_days_left{node=\"gulou-1\",kind=\"node\"} 5"),
            std::string::npos)
      << metrics().prometheus_text();
}

}  // namespace
}  // namespace chancery::node
