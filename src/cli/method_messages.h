#pragma once
// The protobuf message of a contract method's arguments, for building transactions from JSON by hand.

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace chancery::cli {

/// An empty message for "credential.issue" and the like; kUnknownMethod otherwise.
Result<std::unique_ptr<google::protobuf::Message>> arguments_of(std::string_view method);
/// Encoded arguments from protobuf's JSON form: names as in proto/contracts, bytes in base64, 64-bit integers as
/// strings or numbers. kInvalidValue says what does not fit.
Result<std::string> encode_arguments(std::string_view method, const std::string& json_text);

}  // namespace chancery::cli
