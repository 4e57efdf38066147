#include "contracts/record_tag.h"

#include <fmt/format.h>

#include <algorithm>

#include "contracts/field_rules.h"
#include "crypto/hash.h"

namespace chancery::contracts {

RecordTag tag_of_record(BytesView record) {
  const Digest hash = crypto::hash(crypto::HashAlgorithm::kSha256, record);
  RecordTag tag{};
  std::copy_n(hash.begin(), tag.size(), tag.begin());
  return tag;
}

Status require_tag(BytesView record, std::string_view expected) {
  const RecordTag tag = tag_of_record(record);
  if (expected.size() != tag.size()) {
    return invalid("expected", fmt::format("has {} bytes, it must have {}", expected.size(), tag.size()),
                   fmt::format("为 {} 字节，应为 {} 字节", expected.size(), tag.size()));
  }
  if (std::ranges::equal(as_bytes(expected), tag)) return {};
  return fail(Reason::kPreconditionFailed, "the record has changed since you read it", "该记录在您读取之后已被更新");
}

}  // namespace chancery::contracts
