#include "packs/manifest/manifest.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace chancery::packs {
namespace {

/// A small pack without a mistake, line by line.
constexpr std::string_view kGood = R"(format: 1
id: sample
version: 1.0.0
title: {zh-CN: 样例, en: Sample}
description: {zh-CN: 样例, en: Sample}
roles:
  clerk: {zh-CN: 经办人, en: Clerk}
sources:
  register: {zh-CN: 登记库, en: Register}
facts:
  person.age: {kind: int, source: register, title: {zh-CN: 年龄, en: Age}}
records:
  request:
    title: {zh-CN: 申请, en: Request}
    schema: forms/request.json
    initial: open
    states:
      open: {title: {zh-CN: 待办, en: Open}}
      done: {title: {zh-CN: 办结, en: Done}, final: true}
    transitions:
      - {id: finish, title: {zh-CN: 办结, en: Finish}, from: [open], to: done, roles: [clerk], guard: person.age >= 18}
)";

struct Sample {
  std::map<std::string, std::string> files = {{"pack.yaml", std::string(kGood)},
                                              {"forms/request.json", R"({"type": "object"})"},
                                              {"texts/zh-CN.yaml", "hello: 您好，{name}\n"},
                                              {"texts/en.yaml", "hello: Hello {name}\n"}};

  /// The pack with one piece of pack.yaml replaced.
  Sample& with(std::string_view old, std::string_view other) {
    std::string& text = files["pack.yaml"];
    const std::size_t at = text.find(old);
    EXPECT_NE(at, std::string::npos) << old;
    text.replace(at, old.size(), other);
    return *this;
  }
  CheckedPack checked() const {
    return check_pack([this](const std::string& path) -> Result<std::string> {
      const auto found = files.find(path);
      if (found == files.end()) return fail(Reason::kNotFound, path);
      return found->second;
    });
  }
  /// Place and English sentence of each finding, one a line.
  std::string findings() const {
    std::string out;
    for (const Finding& finding : checked().findings) {
      EXPECT_FALSE(finding.wrong.zh.empty() || finding.remedy.zh.empty() || finding.remedy.en.empty());
      out += finding.file + ":" + std::to_string(finding.place.line) + ":" + std::to_string(finding.place.column) +
             ": " + finding.wrong.en + "\n";
    }
    return out;
  }
};

TEST(PackManifest, ReadsAPackWithoutMistakes) {
  const CheckedPack pack = Sample().checked();
  EXPECT_TRUE(pack.findings.empty()) << pack.findings.front().text(Language::kEn);
  EXPECT_EQ(pack.manifest.id, "sample");
  EXPECT_EQ(pack.manifest.title.zh, "样例");
  EXPECT_EQ(pack.manifest.facts.at("person.age").kind, rules::Kind::kInt);
  EXPECT_EQ(pack.manifest.records.at("request").transitions.at(0).guard->text(), "person.age >= 18");
  EXPECT_TRUE(pack.manifest.records.at("request").schema.has_value());
  EXPECT_EQ(pack.manifest.texts.at("hello").en, "Hello {name}");
}

TEST(PackManifest, SaysWhatIsWrongWhereAndWhatToDoInBothLanguages) {
  const CheckedPack pack = Sample().with("version: 1.0.0", "version: one").checked();
  ASSERT_EQ(pack.findings.size(), 1U);
  EXPECT_EQ(pack.findings[0].text(Language::kEn),
            "pack.yaml:3:10: a version looks like 1.0.0. Write three numbers with dots between them");
  EXPECT_EQ(pack.findings[0].text(Language::kZhCn), "pack.yaml:3:10: 版本号应形如 1.0.0。请写三个由点分隔的数");
}

TEST(PackManifest, RefusesUnknownMissingAndRepeatedKeys) {
  EXPECT_EQ(Sample().with("version: 1.0.0", "version: 1.0.0\ncolour: red").findings(),
            "pack.yaml:4:1: the pack has no colour\n");
  EXPECT_EQ(Sample().with("version: 1.0.0\n", "").findings(), "pack.yaml:1:1: the pack lacks version\n");
  EXPECT_EQ(Sample().with("version: 1.0.0", "version: 1.0.0\nid: sample").findings(),
            "pack.yaml:4:1: the key id occurs twice\n");
  EXPECT_EQ(Sample().with("{zh-CN: 登记库, en: Register}", "{zh-CN: 登记库}").findings(),
            "pack.yaml:9:13: sources register lacks en\n");
}

TEST(PackManifest, RefusesWhatIsNoYaml) {
  EXPECT_TRUE(Sample().with("id: sample", "id: [sample").findings().starts_with("pack.yaml:"));
  EXPECT_TRUE(Sample().with("id: sample", "id: *nothing").findings().starts_with("pack.yaml:2:"));
  EXPECT_EQ(Sample().with("format: 1", "a: 1\n---\nformat: 1").findings(),
            "pack.yaml:1:1: the file has to hold exactly one YAML document\n");
  Sample empty;
  empty.files["pack.yaml"] = "";
  EXPECT_FALSE(empty.checked().findings.empty());
  empty.files.erase("pack.yaml");
  EXPECT_EQ(empty.findings(), "pack.yaml:1:1: this file is missing\n");
}

TEST(PackManifest, ColumnsAreCodePoints) {
  EXPECT_EQ(Sample()
                .with("title: {zh-CN: 申请, en: Request}", "title: {zh-CN: 申请, en: Request, 颜色: 红, x: 1}")
                .findings(),
            "pack.yaml:14:37: the title of the record request has no 颜色\n"
            "pack.yaml:14:44: the title of the record request has no x\n");
}

TEST(PackManifest, RefusesNamesThatAreNotDeclared) {
  EXPECT_EQ(Sample().with("roles: [clerk]", "roles: [clark]").findings(),
            "pack.yaml:21:86: the role clark is not declared\n");
  EXPECT_EQ(Sample().with("source: register", "source: registry").findings(),
            "pack.yaml:11:35: the source registry is not declared\n");
  EXPECT_EQ(Sample().with("initial: open", "initial: opened").findings(),
            "pack.yaml:16:14: the state opened is not declared\n");
  EXPECT_EQ(Sample().with("kind: int", "kind: integer").findings(), "pack.yaml:11:22: there is no kind integer\n");
  EXPECT_EQ(Sample().with("person.age: {", "now: {").findings().substr(0, 51),
            "pack.yaml:11:3: \"now\" cannot be the path of a fact\n");
}

TEST(PackManifest, GuardsAreRulesAboutDeclaredFactsWithTheirExactPlace) {
  EXPECT_EQ(Sample().with("guard: person.age >= 18", "guard: true && person.agee >= 18").findings(),
            "pack.yaml:21:109: guard: the fact person.agee is not declared\n");
  EXPECT_EQ(Sample().with("guard: person.age >= 18", "guard: 'person.age >= '").findings(),
            "pack.yaml:21:116: guard: the rule ends too early\n");
  EXPECT_EQ(Sample().with("guard: person.age >= 18", "guard: person.age").findings(),
            "pack.yaml:21:101: guard: a guard has to be true or false, and this is a int\n");
  const std::string block =
      "transitions:\n      - id: finish\n        title: {zh-CN: 办结, en: Finish}\n        from: [open]\n"
      "        to: done\n        roles: [clerk]\n        guard: |\n          now > now\n            && record.x == "
      "oops\n";
  Sample sample;
  std::string& text = sample.files["pack.yaml"];
  text.replace(text.find("transitions:"), std::string::npos, block);
  EXPECT_EQ(sample.findings(), "pack.yaml:28:28: guard: the fact oops is not declared\n");
}

TEST(PackManifest, EveryStateIsReachedAndEnds) {
  EXPECT_EQ(
      Sample().with("      done:", "      lost: {title: {zh-CN: 无, en: Lost}, final: true}\n      done:").findings(),
      "pack.yaml:19:7: the state lost can never be reached\n");
  EXPECT_EQ(Sample().with(", final: true}", "}").findings(), "pack.yaml:19:7: the state done has no exit\n");
  EXPECT_EQ(Sample().with("en: Open}}", "en: Open}, final: true}").findings(),
            "pack.yaml:18:7: the final state open has a transition\n");
  EXPECT_EQ(Sample()
                .with("en: Open}}", "en: Open}}\n      loop: {title: {zh-CN: 循环, en: Loop}}")
                .with("    transitions:",
                      "    transitions:\n      - {id: turn, title: {zh-CN: 转, en: Turn}, from: [open, loop], to: "
                      "loop, roles: [clerk]}")
                .findings(),
            "pack.yaml:19:7: no final state can be reached from loop\n");
}

TEST(PackManifest, SchemasAreFilesOfThePack) {
  EXPECT_EQ(Sample().with("forms/request.json", "../request.json").findings(),
            "pack.yaml:15:13: schema has to be a path within the pack\n");
  EXPECT_TRUE(Sample()
                  .with("forms/request.json", "forms/none.json")
                  .findings()
                  .starts_with("pack.yaml:15:13: forms/none.json: Not found"));
  Sample broken;
  broken.files["forms/request.json"] = R"({"type": "objekt"})";
  EXPECT_TRUE(broken.findings().starts_with("pack.yaml:15:13: forms/request.json: Malformed input"));
}

TEST(PackManifest, TextsAreCompleteInBothLanguages) {
  Sample sample;
  sample.files["texts/zh-CN.yaml"] = "hello: 您好，{name}\nbye: 再见\n";
  EXPECT_EQ(sample.findings(), "texts/zh-CN.yaml:2:1: texts/en.yaml has no bye\n");
  sample.files["texts/en.yaml"] = "hello: Hello\nbye: ''\n";
  EXPECT_EQ(sample.findings(),
            "texts/en.yaml:1:1: the placeholders of hello differ from texts/zh-CN.yaml\n"
            "texts/en.yaml:2:6: the text bye has to be a text that is not empty\n");
  sample.files.erase("texts/en.yaml");
  EXPECT_EQ(sample.findings(), "texts/en.yaml:1:1: this file is missing\n");
}

TEST(PackManifest, ThePacksOfThisTreeHaveNoMistakes) {
  const std::string folder = std::string(CHANCERY_SOURCE_DIR) + "/packs/service-rating/";
  const CheckedPack pack = check_pack([&](const std::string& path) -> Result<std::string> {
    std::ifstream file(folder + path);
    if (!file) return fail(Reason::kNotFound, path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  });
  for (const Finding& finding : pack.findings) ADD_FAILURE() << finding.text(Language::kEn);
  EXPECT_EQ(pack.manifest.id, "service-rating");
}

}  // namespace
}  // namespace chancery::packs
