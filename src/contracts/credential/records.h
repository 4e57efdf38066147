#pragma once
// Collections and bounds of the credential contract.

#include <cstddef>
#include <string_view>

namespace chancery::contracts::credential {

inline constexpr std::string_view kContractName = "credential";
inline constexpr std::string_view kTypes = "type";
inline constexpr std::string_view kTypeVersions = "type_version";
inline constexpr std::string_view kCredentials = "credential";

inline constexpr std::size_t kNameZhChars = 100;
inline constexpr std::size_t kNameEnChars = 200;
inline constexpr std::size_t kSchemaBytes = 64U << 10;
inline constexpr std::size_t kVctBytes = 200;
inline constexpr int kIssuersOfType = 256;
inline constexpr int kChangesOfCredential = 64;
inline constexpr int kAnnotationsOfCredential = 64;

}  // namespace chancery::contracts::credential
