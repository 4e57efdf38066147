// Writes the seeds that only our own code can make (signed, hashed) into tests/fuzz/corpus, or another folder:
//   fuzz_make_seeds tests/fuzz/corpus
// The fixture is the same in every run, so the files change only when a format does.

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/bytes.h"
#include "base/result.h"
#include "fixture.h"
#include "sd_jwt_fixture.h"
#include "signature_fixture.h"
#include "snapshot_fixture.h"

namespace {

void write(const std::filesystem::path& path, chancery::BytesView content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file.write(chancery::as_text(content).data(), static_cast<std::streamsize>(content.size()));
  CHANCERY_CHECK(file.good());
}

}  // namespace

int main(int argc, char** argv) {
  using namespace chancery;
  if (argc != 2) {
    std::fputs("usage: fuzz_make_seeds FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path corpus = argv[1];
  const fuzz::Fixture fixture;
  write(corpus / "transaction" / "signed", fixture.transaction());
  write(corpus / "checkpoint" / "text", as_bytes(fixture.checkpoint_text()));
  write(corpus / "checkpoint" / "signed", as_bytes(fixture.note()));
  for (const auto hash : {crypto::HashAlgorithm::kSha256, crypto::HashAlgorithm::kSm3}) {
    int number = 0;
    for (const fuzz::Claim& claim : fuzz::ProofFixture(hash).claims()) {
      if (!claim.proof) continue;
      Bytes seed = {hash == crypto::HashAlgorithm::kSha256 ? std::uint8_t{0} : std::uint8_t{1}};
      append(seed, *claim.proof);
      write(corpus / "ics23" /
                (std::string(hash == crypto::HashAlgorithm::kSha256 ? "sha256" : "sm3") +
                 (claim.value ? "_exists_" : "_absent_") + std::to_string(number++)),
            seed);
    }
  }
  const fuzz::ReceiptFixture receipts;
  write(corpus / "receipt" / "json", as_bytes(receipts.receipt_json()));
  write(corpus / "receipt" / "cbor", receipts.receipt_cbor());
  const fuzz::SdJwtFixture credentials;
  write(corpus / "sd_jwt" / "issued", as_bytes(credentials.issued()));
  write(corpus / "sd_jwt" / "presented", as_bytes(credentials.presented()));
  const fuzz::SnapshotFixture snapshots;
  Bytes manifest_seed{0};
  append(manifest_seed, snapshots.manifest());
  write(corpus / "snapshot" / "manifest", manifest_seed);
  Bytes records_seed{1};
  append(records_seed, snapshots.records());
  write(corpus / "snapshot" / "records", records_seed);
  const fuzz::SignatureFixture signatures;
  for (const auto& [name, bytes] : signatures.cms_seeds()) write(corpus / "cms" / name, bytes);
  for (const auto& [name, bytes] : signatures.timestamp_seeds()) write(corpus / "timestamp" / name, bytes);
  const crypto::Signature signature = *fixture.key().sign(as_bytes("message"));
  write(corpus / "der" / "signature", crypto::p1363_to_der(signature));
  return 0;
}
