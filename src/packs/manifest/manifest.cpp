#include "packs/manifest/manifest.h"

#include "packs/manifest/manifest_reader.h"
#include "packs/manifest/texts_check.h"
#include "packs/manifest/workflow_check.h"

namespace chancery::packs {

namespace {

constexpr char kManifestFile[] = "pack.yaml";

void read_manifest(const PackFiles& files, Manifest& out, Findings& findings) {
  auto content = files(kManifestFile);
  if (!content) {
    findings.add({kManifestFile, {}, {"缺少这个文件", "this file is missing"}, {"请补上它", "Add it"}});
    return;
  }
  auto file = YamlFile::load(kManifestFile, *std::move(content), findings);
  if (!file) return;
  ManifestReader(*file, files, out).read();
  for (const auto& [name, record] : out.records) check_workflow(*file, record);
}

}  // namespace

CheckedPack check_pack(const PackFiles& files) {
  CheckedPack out;
  Findings findings;
  read_manifest(files, out.manifest, findings);
  out.manifest.texts = read_texts(files, findings);
  out.findings = std::move(findings).sorted();
  return out;
}

rules::DeclaredFacts declared_facts(const Manifest& manifest) {
  rules::DeclaredFacts out = {{"record", rules::Kind::kMap}, {"now", rules::Kind::kTimestamp}};
  for (const auto& [path, fact] : manifest.facts) out[path] = fact.kind;
  return out;
}

}  // namespace chancery::packs
