#include "crypto/suite.h"

namespace chancery::crypto {

namespace {
constexpr Suite kIntl{"intl", HashAlgorithm::kSha256, SignatureAlgorithm::kEd25519, AeadAlgorithm::kAes256Gcm};
constexpr Suite kGm{"gm", HashAlgorithm::kSm3, SignatureAlgorithm::kSm2Sm3, AeadAlgorithm::kSm4Gcm};
}  // namespace

const Suite& suite_intl() {
  return kIntl;
}
const Suite& suite_gm() {
  return kGm;
}

const Suite* suite_by_name(std::string_view name) {
  if (name == kIntl.name) return &kIntl;
  if (name == kGm.name) return &kGm;
  return nullptr;
}

}  // namespace chancery::crypto
