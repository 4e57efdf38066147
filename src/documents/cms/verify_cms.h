#pragma once
// Judges SignedData: is it whole, who signed, and was that signer trusted at a given time?

#include <optional>
#include <span>

#include "crypto/x509/chain.h"
#include "documents/checks/check_report.h"
#include "documents/cms/signed_data.h"

namespace chancery::documents {

struct CmsQuestion {
  /// The signed bytes of a detached signature. When the file has content of its own, both must be equal.
  std::optional<BytesView> content = std::nullopt;
  std::span<const crypto::Certificate> roots = {};         ///< Nothing else is trusted.
  std::span<const crypto::Certificate> certificates = {};  ///< Known besides those in the file.
  std::span<const crypto::RevocationList> revocations = {};
  std::int64_t at_ms = 0;  ///< Milliseconds since 1970: when the signer has to have been valid.
  crypto::ChainUse use = crypto::ChainUse::kSignature;
  bool need_signing_certificate = false;  ///< CAdES and RFC 3161 ask for signing-certificate-v2.
};

struct CheckedSigner {
  CheckReport report;  ///< structure, digest, signature, chain, validity
  std::optional<crypto::Certificate> certificate;
  std::optional<std::int64_t> signing_time_ms;  ///< What the signer says; nobody else vouches for it.
};

struct CmsVerdict {
  CheckReport structure;               ///< One step; when it failed, there are no signers.
  std::optional<SignedData> data;      ///< As parsed.
  std::vector<CheckedSigner> signers;  ///< In the order of the file.

  /// The structure is right and every signer is accepted.
  bool accepted() const;
  /// Success, or the first failed step.
  Status status() const;
};

/// Never fails: whatever is wrong stands in the verdict. Revocation lists inside the file are used as well, where one
/// of the roots signed them.
CmsVerdict verify_cms(BytesView signed_data, const CmsQuestion& question);

}  // namespace chancery::documents
