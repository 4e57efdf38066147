#pragma once
// Statuses and reasons of credentials in words: one table for API, pages, command line and read model.

#include <span>
#include <string_view>

#include "contracts/credential.pb.h"

namespace chancery::contracts::credential {

struct StatusWords {
  wire::CredentialStatus status;
  std::string_view code;              ///< "suspended": stable, for programs
  std::string_view zh, en;            ///< "已暂停", "Suspended"
  std::string_view next_zh, next_en;  ///< what can be done about it; empty where nothing needs to be
  bool final;                         ///< can't change any more
};
/// Of any status; those of UNSPECIFIED for a number that is none of ours.
const StatusWords& status_words(wire::CredentialStatus status);
std::span<const StatusWords> all_status_words();

struct ReasonWords {
  std::string_view code;  ///< what the record holds
  std::string_view zh, en;
};
/// Null for a code that isn't in the table.
const ReasonWords* reason_words(std::string_view code);
std::span<const ReasonWords> all_reason_words();

}  // namespace chancery::contracts::credential
