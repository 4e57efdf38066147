#include "contracts/encoding.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>

namespace chancery::contracts {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kMaxNesting = 8;

bool has_unknown_fields(const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) return true;
  const auto& descriptor = *message.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor* field = descriptor.field(i);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (field->is_repeated()) {
      for (int item = 0; item < reflection.FieldSize(message, field); ++item) {
        if (has_unknown_fields(reflection.GetRepeatedMessage(message, field, item))) return true;
      }
    } else if (reflection.HasField(message, field) && has_unknown_fields(reflection.GetMessage(message, field))) {
      return true;
    }
  }
  return false;
}

}  // namespace

Status decode_arguments(BytesView args, Message& out) {
  google::protobuf::io::CodedInputStream stream(args.data(), static_cast<int>(args.size()));
  stream.SetRecursionLimit(kMaxNesting);
  if (out.ParseFromCodedStream(&stream) && stream.ConsumedEntireMessage() && !has_unknown_fields(out)) return {};
  return fail(Reason::kMalformed, fmt::format("the arguments are no {}", out.GetDescriptor()->name()),
              fmt::format("参数不是 {} 消息", out.GetDescriptor()->name()));
}

Result<bool> load(const Context& context, std::string_view collection, std::string_view key, Message& out) {
  const Bytes* record = context.get(collection, key);
  if (record == nullptr) return false;
  if (!out.ParseFromArray(record->data(), static_cast<int>(record->size()))) {
    return fail(Reason::kCorrupt, fmt::format("a record of {} can't be read", collection),
                fmt::format("{} 中的一条记录无法读取", collection));
  }
  return true;
}

void store(Context& context, std::string_view collection, std::string_view key,
           const google::protobuf::MessageLite& message) {
  context.put(collection, key, encode(message));
}

Bytes encode(const google::protobuf::MessageLite& message) {
  Bytes out(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(out.data());
  return out;
}

Status require_digest(std::string_view field, std::string_view value) {
  if (value.size() == sizeof(Digest)) return {};
  return fail(Reason::kInvalidValue, fmt::format("{} has {} bytes, it must have 32", field, value.size()),
              fmt::format("{} 为 {} 字节，应为 32 字节", field, value.size()));
}

}  // namespace chancery::contracts
