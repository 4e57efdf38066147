#pragma once
// Object identifiers of signed documents, each with the place that assigns it.

#include <string_view>

namespace chancery::documents::oid {

// RFC 5652 sections 4, 5.1, 11.1 to 11.3.
inline constexpr std::string_view kData = "1.2.840.113549.1.7.1";
inline constexpr std::string_view kSignedData = "1.2.840.113549.1.7.2";
inline constexpr std::string_view kContentType = "1.2.840.113549.1.9.3";
inline constexpr std::string_view kMessageDigest = "1.2.840.113549.1.9.4";
inline constexpr std::string_view kSigningTime = "1.2.840.113549.1.9.5";
// RFC 5035 section 3.
inline constexpr std::string_view kSigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";
// RFC 3161 sections 2.4.2 and appendix A.
inline constexpr std::string_view kTstInfo = "1.2.840.113549.1.9.16.1.4";
inline constexpr std::string_view kTimeStampToken = "1.2.840.113549.1.9.16.2.14";

// GB/T 35275-2017 section 6.
inline constexpr std::string_view kGmData = "1.2.156.10197.6.1.4.2.1";
inline constexpr std::string_view kGmSignedData = "1.2.156.10197.6.1.4.2.2";

// RFC 5754 section 2 (digests), RFC 5758 section 3.2, RFC 8410 section 3.
inline constexpr std::string_view kSha256 = "2.16.840.1.101.3.4.2.1";
inline constexpr std::string_view kSha512 = "2.16.840.1.101.3.4.2.3";
inline constexpr std::string_view kEcdsaWithSha256 = "1.2.840.10045.4.3.2";
inline constexpr std::string_view kEd25519 = "1.3.101.112";

// GM/T 0006-2012: SM3, SM2 with SM3, the SM2 signature algorithm (which GB/T 35275 names in SignerInfo), SM2 itself.
inline constexpr std::string_view kSm3 = "1.2.156.10197.1.401";
inline constexpr std::string_view kSm2WithSm3 = "1.2.156.10197.1.501";
inline constexpr std::string_view kSm2Sign = "1.2.156.10197.1.301.1";

// RFC 5280 section 4.2.1.2.
inline constexpr std::string_view kSubjectKeyIdentifier = "2.5.29.14";

}  // namespace chancery::documents::oid
