// The read model against a naive one: random histories, random filters, every page compared. The generator must be
// worth it: enough queries have answers, and enough of those had to satisfy several conditions.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/random.h"
#include "readmodel/read_model.h"
#include "readmodel/testing/fake_ledger.h"

namespace chancery::readmodel {
namespace {

using testing::FakeLedger;

constexpr std::int64_t kStart_ms = 1'790'000'000'000;

struct NaiveChange {
  std::uint64_t height;
  std::int64_t time_ms;
  std::string status;
  std::string reason;
};
struct NaiveCredential {
  std::string id, type, issuer;
  Digest holder{};
  std::int64_t from_ms = 0, until_ms = 0;
  std::uint64_t height = 0;
  std::int64_t time_ms = 0;
  std::uint64_t leaf = 0;
  std::string memo;
  std::uint32_t version = 1;
  std::vector<NaiveChange> changes;
};
struct NaiveEvidence {
  std::string number, matter, organisation, phase, memo;
  Digest digest{};
  bool batch = false;
  std::uint64_t height = 0;
  std::int64_t time_ms = 0;
  std::uint64_t leaf = 0;
};

struct World {
  FakeLedger ledger;
  std::vector<NaiveCredential> credentials;
  std::vector<NaiveEvidence> evidence;
};

const std::vector<std::pair<std::string, std::string>> kTypes = {
    {"residence", "居住证明"}, {"marriage-free", "无婚姻登记证明"}, {"poverty", "经济困难证明"}};
const std::vector<std::pair<std::string, std::string>> kOffices = {
    {"mawei", "马尾区政务服务中心"}, {"xingang", "新港街道办事处"}, {"fuzhou", "福州市公证处"}};
const std::vector<std::string> kMemos = {"", "", "", "窗口办理", "批量 batch-7", "年度复核"};
const std::vector<std::string> kMatters = {"", "CASE-2026-001", "CASE-2026-002", "榕民初字17号"};

std::string pick(Random& random, const std::vector<std::string>& from) {
  return from[random.below(from.size())];
}
Digest holder_of(std::uint64_t person) {
  Digest out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(person * 31 + i);
  return out;
}

void define_names(World& world) {
  world.ledger.begin_block(kStart_ms);
  for (const auto& [id, name] : kOffices) {
    wire::CreateOrganisation args;
    args.set_id(id);
    args.set_name_zh(name);
    args.set_name_en("office " + id);
    world.ledger.add("root",
                     {{"identity", "create_organisation", args.SerializeAsString(), {{"created_organisation", id}}}});
  }
  for (const auto& [id, name] : kTypes) {
    wire::DefineType args;
    args.mutable_type()->set_id(id);
    args.mutable_type()->set_name_zh(name);
    args.mutable_type()->set_name_en("type " + id);
    world.ledger.add("root", {{"credential", "define_type", args.SerializeAsString(), {{"type_defined", id}}}});
  }
}

NaiveCredential random_credential(World& world, Random& random) {
  NaiveCredential c;
  const auto number = world.credentials.size();
  c.type = kTypes[random.below(kTypes.size())].first;
  c.issuer = kOffices[random.below(kOffices.size())].first;
  const std::string serial = std::to_string(10'000'000 + number * 7);
  c.id = random.below(2) == 0 ? "1.2.156.3005.2." + c.type + "." + c.issuer + "." + serial + ".001.X" : "p" + serial;
  c.holder = holder_of(random.below(25));
  c.height = world.ledger.height();
  c.time_ms = world.ledger.time_ms();
  c.from_ms = random.below(8) == 0 ? c.time_ms + 50'000 : c.time_ms;
  c.until_ms = random.below(3) == 0 ? c.time_ms + static_cast<std::int64_t>(60'000 + random.below(200'000)) : 0;
  c.memo = pick(random, kMemos);
  return c;
}

void issue(World& world, Random& random) {
  // Up to three in one transaction: rows of one leaf differ by their call.
  std::vector<FakeLedger::CallSpec> calls;
  std::vector<NaiveCredential> issued;
  const std::string memo = pick(random, kMemos);
  const std::uint64_t count = 1 + random.below(3);
  for (std::uint64_t i = 0; i < count; ++i) {
    NaiveCredential c = random_credential(world, random);
    c.id += i == 0 ? "" : std::to_string(i);
    c.memo = memo;
    wire::Issue args;
    args.set_id(c.id);
    args.set_type(c.type);
    args.set_holder(to_string(c.holder));
    // Half of them leave issuer and end to the contract, whose record then answers.
    const bool explicit_all = random.below(2) == 0 && c.until_ms != 0;
    if (explicit_all) args.set_issuer(c.issuer);
    if (explicit_all) args.set_valid_until_ms(c.until_ms);
    if (c.from_ms != c.time_ms) args.set_valid_from_ms(c.from_ms);
    wire::Credential record;
    record.set_type(c.type);
    record.set_issuer(c.issuer);
    record.set_holder(to_string(c.holder));
    record.set_version(1);
    record.set_valid_from_ms(c.from_ms);
    record.set_valid_until_ms(c.until_ms);
    world.ledger.put_record("credential", "credential", c.id, record);
    calls.push_back({"credential", "issue", args.SerializeAsString(), {{"issued", c.id}}});
    issued.push_back(c);
  }
  if (random.below(10) == 0) {
    world.ledger.add("clerk", calls, memo, "state.already_exists");
    return;
  }
  const std::uint64_t leaf = world.ledger.add("clerk", calls, memo);
  for (NaiveCredential& c : issued) {
    c.leaf = leaf;
    world.credentials.push_back(c);
  }
}

void change(World& world, Random& random) {
  if (world.credentials.empty()) return;
  NaiveCredential& c = world.credentials[random.below(world.credentials.size())];
  const std::string last = c.changes.empty() ? "valid" : c.changes.back().status;
  if (last == "revoked") return;
  const bool revoke = random.below(3) == 0;
  const std::string method = revoke ? "revoke" : last == "suspended" ? "resume" : "suspend";
  const std::string event = revoke ? "revoked" : last == "suspended" ? "resumed" : "suspended";
  wire::ChangeStatus args;
  args.set_id(c.id);
  args.set_reason("holder_request");
  world.ledger.add("clerk", {{"credential", method, args.SerializeAsString(), {{event, c.id}}}});
  c.changes.push_back(
      {world.ledger.height(), world.ledger.time_ms(), event == "resumed" ? "valid" : event, "holder_request"});
}

void deposit(World& world, Random& random) {
  NaiveEvidence e;
  e.number = "CE" + std::to_string(20'260'000 + world.evidence.size());
  e.matter = pick(random, kMatters);
  e.organisation = kOffices[random.below(kOffices.size())].first;
  e.phase = random.below(2) == 0 ? "collected" : "fixed";
  e.memo = pick(random, kMemos);
  e.digest = holder_of(100 + random.below(30));
  e.batch = random.below(4) == 0;
  e.height = world.ledger.height();
  e.time_ms = world.ledger.time_ms();
  wire::Evidence record;
  record.set_matter(e.matter);
  record.set_owner(e.organisation);
  record.set_depositor("clerk");
  record.set_phase(e.phase);
  if (e.batch) {
    record.mutable_batch()->set_root(to_string(e.digest));
    record.mutable_batch()->set_count(17);
  } else if (random.below(2) == 0) {
    record.set_sm3(to_string(e.digest));
  } else {
    record.set_sha256(to_string(e.digest));
  }
  world.ledger.put_record("evidence", "evidence", e.number, record);
  e.leaf = world.ledger.add("clerk",
                            {{"evidence",
                              e.batch ? "deposit_batch" : "deposit",
                              "",
                              {{e.batch ? "deposited_batch" : "deposited", e.number}}}},
                            e.memo);
  world.evidence.push_back(e);
}

World make_world(std::uint64_t seed) {
  World world;
  SeededRandom random(seed);
  define_names(world);
  for (int block = 1; block < 60; ++block) {
    world.ledger.begin_block(kStart_ms + block * 5'000 + static_cast<std::int64_t>(random.below(3'000)));
    const std::uint64_t count = 1 + random.below(8);
    for (std::uint64_t i = 0; i < count; ++i) {
      switch (random.below(6)) {
        case 0:
          change(world, random);
          break;
        case 1:
          deposit(world, random);
          break;
        default:
          issue(world, random);
      }
    }
  }
  return world;
}

std::string naive_status(const NaiveCredential& c, std::uint64_t height, std::int64_t time_ms, std::string& reason) {
  std::string last = "valid";
  for (const NaiveChange& step : c.changes) {
    if (step.height > height) break;
    last = step.status;
    reason = step.reason;
  }
  if (last == "revoked") return last;
  if (c.until_ms != 0 && time_ms >= c.until_ms) return "expired";
  if (last == "suspended") return last;
  return time_ms < c.from_ms ? "not_yet_valid" : "valid";
}

bool has_words(const std::string& text, const std::vector<std::string>& in) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (!std::ranges::any_of(in, [&](const std::string& s) { return s.find(word) != std::string::npos; })) return false;
    at = end + 1;
  }
  return true;
}

const std::string& name_of(const std::vector<std::pair<std::string, std::string>>& names, const std::string& id) {
  return std::ranges::find(names, id, &std::pair<std::string, std::string>::first)->second;
}

struct Coverage {
  int queries = 0;
  int with_results = 0;
  int with_results_of_several = 0;
};

CredentialFilter random_filter(const World& world, Random& random, int& conditions) {
  CredentialFilter f;
  const NaiveCredential& like = world.credentials[random.below(world.credentials.size())];
  const auto use = [&] {
    const bool yes = random.below(5) == 0;
    conditions += yes ? 1 : 0;
    return yes;
  };
  if (use()) f.type = like.type;
  if (use()) f.issuer = like.issuer;
  if (use()) f.holder = like.holder;
  if (use()) f.id_prefix = like.id.substr(0, 1 + random.below(like.id.size()));
  if (use()) f.status = pick(random, {"valid", "suspended", "revoked", "expired", "not_yet_valid"});
  if (use()) f.issued_from_ms = like.time_ms - static_cast<std::int64_t>(random.below(20'000));
  if (use()) f.issued_until_ms = like.time_ms + static_cast<std::int64_t>(random.below(20'000));
  if (use()) f.text = pick(random, {"居住", "证明", "马尾", "街道", "窗口", "居住 马尾", "batch", "证", "无此词"});
  if (use()) {
    if (random.below(2) == 0) {
      f.as_of_height = like.height + random.below(5);
    } else {
      f.as_of_ms = like.time_ms + static_cast<std::int64_t>(random.below(30'000));
    }
  }
  return f;
}

std::vector<const NaiveCredential*> naive_list(const World& world, const CredentialFilter& f, std::uint64_t height,
                                               std::int64_t time_ms) {
  std::vector<const NaiveCredential*> out;
  for (auto it = world.credentials.rbegin(); it != world.credentials.rend(); ++it) {
    const NaiveCredential& c = *it;
    std::string reason;
    if (c.height > height) continue;
    if (!f.type.empty() && c.type != f.type) continue;
    if (!f.issuer.empty() && c.issuer != f.issuer) continue;
    if (f.holder.has_value() && c.holder != *f.holder) continue;
    if (!c.id.starts_with(f.id_prefix)) continue;
    if (!f.status.empty() && naive_status(c, height, time_ms, reason) != f.status) continue;
    if (f.issued_from_ms.has_value() && c.time_ms < *f.issued_from_ms) continue;
    if (f.issued_until_ms.has_value() && c.time_ms > *f.issued_until_ms) continue;
    if (!has_words(f.text, {name_of(kTypes, c.type), name_of(kOffices, c.issuer), c.memo})) continue;
    out.push_back(&c);
  }
  return out;
}

std::uint64_t naive_height_at(const World& world, std::int64_t time_ms) {
  std::uint64_t height = 0;
  for (std::uint64_t leaf = 0; leaf < world.ledger.tree_size(); ++leaf) {
    const wire::Entry entry = *world.ledger.entry(leaf);
    if (entry.time_ms() <= time_ms) height = entry.height();
  }
  return height;
}

class RandomModel : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::temp_directory_path() /
                 ("chancery-readmodel-" + std::to_string(::getpid()) + "-" + std::to_string(GetParam()));
    std::filesystem::create_directories(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void compare_credentials(const World& world, const ReadModel& model, SeededRandom& random, Coverage& coverage) {
    int conditions = 0;
    const CredentialFilter filter = random_filter(world, random, conditions);
    std::int64_t time_ms = clock_.now_ms();
    std::uint64_t height = world.ledger.head_height();
    if (filter.as_of_height.has_value()) {
      height = *filter.as_of_height;
      if (height > world.ledger.head_height()) {
        EXPECT_EQ(model.credentials(filter, {}).error().reason, Reason::kUnavailable);
        return;
      }
      time_ms = 0;
      for (std::uint64_t leaf = 0; leaf < world.ledger.tree_size(); ++leaf) {
        if (world.ledger.entry(leaf)->height() <= height) time_ms = world.ledger.entry(leaf)->time_ms();
      }
    } else if (filter.as_of_ms.has_value()) {
      time_ms = *filter.as_of_ms;
      height = naive_height_at(world, time_ms);
    }
    const auto expected = naive_list(world, filter, height, time_ms);
    ++coverage.queries;
    coverage.with_results += expected.empty() ? 0 : 1;
    coverage.with_results_of_several += !expected.empty() && conditions >= 2 ? 1 : 0;

    PageRequest page{static_cast<std::uint32_t>(1 + random.below(30)), {}};
    std::size_t at = 0;
    while (true) {
      const auto got = model.credentials(filter, page);
      ASSERT_TRUE(got.has_value()) << got.error().message();
      for (const CredentialRow& row : got->items) {
        ASSERT_LT(at, expected.size());
        const NaiveCredential& c = *expected[at++];
        std::string reason;
        ASSERT_EQ(row.id, c.id);
        EXPECT_EQ(row.status, naive_status(c, height, time_ms, reason));
        EXPECT_EQ(row.reason_code, reason);
        EXPECT_EQ(row.type, c.type);
        EXPECT_EQ(row.issuer, c.issuer);
        EXPECT_EQ(row.issued_height, c.height);
        EXPECT_EQ(row.issued_ms, c.time_ms);
        EXPECT_EQ(row.leaf_index, c.leaf);
        EXPECT_EQ(row.valid_until_ms, c.until_ms);
        EXPECT_EQ(row.holder_prefix, to_bytes(BytesView(c.holder).first(16)));
      }
      EXPECT_EQ(got->height, height);
      EXPECT_EQ(got->has_more, !got->next_cursor.empty());
      if (!got->has_more) break;
      EXPECT_EQ(got->items.size(), page.limit);
      page.cursor = got->next_cursor;
    }
    EXPECT_EQ(at, expected.size());
  }

  void compare_evidence(const World& world, const ReadModel& model, SeededRandom& random, Coverage& coverage) {
    const NaiveEvidence& like = world.evidence[random.below(world.evidence.size())];
    int conditions = 0;
    const auto use = [&] {
      const bool yes = random.below(5) == 0;
      conditions += yes ? 1 : 0;
      return yes;
    };
    EvidenceFilter f;
    if (use()) f.matter = like.matter.empty() ? "CASE-2026-001" : like.matter;
    if (use()) f.organisation = like.organisation;
    if (use()) f.phase = like.phase;
    if (use()) f.digest = like.digest;
    if (use()) f.batch = like.batch;
    if (use()) f.number_prefix = like.number.substr(0, 1 + random.below(like.number.size()));
    if (use()) f.deposited_from_ms = like.time_ms;
    if (use()) f.text = pick(random, {"榕民", "CASE", "2026", "公证", "复核", "马尾 复核", "17号"});
    std::vector<std::string> expected;
    for (auto it = world.evidence.rbegin(); it != world.evidence.rend(); ++it) {
      if (!f.matter.empty() && it->matter != f.matter) continue;
      if (!f.organisation.empty() && it->organisation != f.organisation) continue;
      if (!f.phase.empty() && it->phase != f.phase) continue;
      if (f.digest.has_value() && it->digest != *f.digest) continue;
      if (f.batch.has_value() && it->batch != *f.batch) continue;
      if (!it->number.starts_with(f.number_prefix)) continue;
      if (f.deposited_from_ms.has_value() && it->time_ms < *f.deposited_from_ms) continue;
      if (!has_words(f.text, {it->matter, name_of(kOffices, it->organisation), it->memo})) continue;
      expected.push_back(it->number);
    }
    ++coverage.queries;
    coverage.with_results += expected.empty() ? 0 : 1;
    coverage.with_results_of_several += !expected.empty() && conditions >= 2 ? 1 : 0;
    std::vector<std::string> got;
    PageRequest page{static_cast<std::uint32_t>(1 + random.below(30)), {}};
    while (true) {
      const auto part = model.evidence(f, page);
      ASSERT_TRUE(part.has_value()) << part.error().message();
      for (const EvidenceRow& row : part->items) got.push_back(row.number);
      if (!part->has_more) break;
      page.cursor = part->next_cursor;
    }
    EXPECT_EQ(got, expected);
  }

  std::filesystem::path directory_;
  ManualClock clock_{kStart_ms + 400'000};
};

TEST_P(RandomModel, AnswersAsANaiveModelDoes) {
  World world = make_world(GetParam());
  const auto opened = ReadModel::open({(directory_ / "m.sqlite").string(), 4U << 20, {}}, clock_);
  ASSERT_TRUE(opened.has_value()) << opened.error().message();
  ReadModel& model = **opened;
  SeededRandom random(GetParam() + 1000);
  while (model.position().entries < world.ledger.tree_size()) {
    const auto status = model.catch_up(world.ledger, 1 + random.below(40));
    ASSERT_TRUE(status.has_value()) << status.error().message();
  }
  Coverage coverage;
  for (int i = 0; i < 300; ++i) compare_credentials(world, model, random, coverage);
  for (int i = 0; i < 100; ++i) compare_evidence(world, model, random, coverage);
  EXPECT_GE(coverage.with_results * 100, coverage.queries * 30);
  EXPECT_GE(coverage.with_results_of_several * 100, coverage.queries * 10);
  RecordProperty("queries", coverage.queries);
  RecordProperty("with_results", coverage.with_results);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomModel, ::testing::Values(1, 2, 3, 4, 5));

}  // namespace
}  // namespace chancery::readmodel
