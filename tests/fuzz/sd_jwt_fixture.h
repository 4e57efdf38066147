#pragma once
// One issued credential and its presentations, the same in every run.

#include <string>

#include "base/json.h"
#include "crypto/signature.h"
#include "documents/sd_jwt/sd_jwt_vc.h"

namespace chancery::fuzz {

class SdJwtFixture {
 public:
  SdJwtFixture();
  /// With all its disclosures.
  const std::string& issued() const { return issued_; }
  /// One claim shown, bound to the holder's key.
  const std::string& presented() const { return presented_; }
  /// All claims, as the issuer knows them.
  const Json& subject() const { return subject_; }
  /// Trusts the issuer; asks for no key binding.
  const documents::CredentialPolicy& policy() const { return policy_; }
  /// Asks for the binding in presented().
  const documents::CredentialPolicy& binding_policy() const { return binding_policy_; }

 private:
  Json subject_;
  std::string issued_;
  std::string presented_;
  documents::CredentialPolicy policy_;
  documents::CredentialPolicy binding_policy_;
};

}  // namespace chancery::fuzz
