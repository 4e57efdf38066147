#pragma once
// Signatures and timestamps whose keys no fuzzer has: whatever is accepted under their roots was signed here.

#include <vector>

#include "documents/tsa/timestamp.h"

namespace chancery::fuzz {

class SignatureFixture {
 public:
  SignatureFixture();

  /// Of all signers and of the authority.
  const std::vector<crypto::Certificate>& roots() const { return roots_; }
  const std::vector<crypto::Certificate>& certificates() const { return certificates_; }
  std::int64_t now_ms() const;
  const Bytes& content() const { return content_; }
  const documents::TimestampAuthority& authority() const { return authority_; }

  struct Seed {
    std::string name;
    Bytes bytes;
  };
  std::vector<Seed> cms_seeds() const;
  /// Requests, responses, tokens and TSTInfos: the target tries each reader on each input.
  std::vector<Seed> timestamp_seeds() const;

 private:
  std::vector<crypto::Certificate> roots_, certificates_;
  std::vector<crypto::PrivateKey> keys_;
  documents::TimestampAuthority authority_;
  Bytes content_;
};

}  // namespace chancery::fuzz
