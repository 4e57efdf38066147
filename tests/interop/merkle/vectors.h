#pragma once
// What merkle_interop_vectors writes for programs that are not ours. All of it comes from fixed seeds.

#include <filesystem>

namespace chancery::interop {

/// ics23.jsonl: one JSON object a line.
///   kind "exist" | "absent"; root, key, value, proof in hexadecimal; mutation: what was changed, "" for a good proof;
///   expect: "accept", "refuse", or "ours_only" for what the libraries judge otherwise by design (see
///   state_proofs.cpp); ours: our own verifier's verdict.
void write_state_proofs(const std::filesystem::path& folder);

/// log/: checkpoint, tile/..., the static resources of C2SP tlog-tiles; log_key: the Ed25519 verifier key;
/// log_proofs.jsonl: inclusion and consistency proofs of ours, good and bad.
void write_log(const std::filesystem::path& folder);

}  // namespace chancery::interop
