#pragma once
// Attributes of a SignerInfo (RFC 5652 section 5.3), and the one that ties a signature to one certificate.

#include <string>
#include <string_view>
#include <vector>

#include "crypto/x509/certificate.h"
#include "documents/cms/algorithm.h"

namespace chancery::documents {

struct Attribute {
  std::string type;           ///< Object identifier
  std::vector<Bytes> values;  ///< Whole elements; at least one.
};

inline constexpr std::size_t kMostAttributes = 32;
inline constexpr std::size_t kMostAttributeValues = 8;

/// The content of a SET OF Attribute: at most 32, no type twice. kMalformed when `sorted` and not in the order of DER.
Result<std::vector<Attribute>> read_attributes(BytesView content, bool sorted);
Bytes to_der(const Attribute& attribute);
/// The values joined, without a tag in front, in the order of DER.
Bytes attributes_content(const std::vector<Attribute>& attributes);
/// Whether `content` is a SET OF Attribute with a content type and a message digest. A signature over such attributes
/// is also one over content of the same bytes without attributes: who sees the one could claim the other. So the latter
/// is neither made nor taken.
bool could_be_signed_attributes(BytesView content);
/// nullptr when there is none.
const Attribute* find_attribute(const std::vector<Attribute>& attributes, std::string_view type);

/// signing-certificate-v2 (RFC 5035 section 3): the certificate's digest. SHA-256 is left out, as DEFAULT demands.
Attribute signing_certificate_attribute(const crypto::Certificate& certificate, DigestAlgorithm digest);
/// kSignerMismatch when the first certificate that the attribute names is another one.
Status check_signing_certificate(const Attribute& attribute, const crypto::Certificate& certificate);

}  // namespace chancery::documents
