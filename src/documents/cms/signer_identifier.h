#pragma once
// How a SignerInfo says whose certificate it means: by issuer and serial number, or by subject key identifier.
// RFC 5652 section 5.3.

#include "crypto/der.h"
#include "crypto/x509/certificate.h"

namespace chancery::documents {

struct SignerIdentifier {
  Bytes issuer;          ///< Name, with its tag. Empty: the key identifier counts.
  Bytes serial;          ///< INTEGER, with its tag.
  Bytes key_identifier;  ///< Without tag.

  bool names(const crypto::Certificate& certificate) const;
};

/// By issuer and serial number.
SignerIdentifier identifier_of(const crypto::Certificate& certificate);
Result<SignerIdentifier> read_signer_identifier(crypto::DerReader& reader);
Bytes to_der(const SignerIdentifier& identifier);

/// The extension's value; empty where there is none.
Bytes subject_key_identifier(const crypto::Certificate& certificate);

}  // namespace chancery::documents
