#include "readmodel/sqlite/cursor.h"

#include <algorithm>

#include "crypto/hash.h"

namespace chancery::readmodel {

namespace {
constexpr std::size_t kFilterBytes = 8;
constexpr std::size_t kMacBytes = 8;
constexpr std::size_t kPlainBytes = 1 + kFilterBytes + 3 * 8;
constexpr std::size_t kMaxTextBytes = 128;
}  // namespace

FilterHash& FilterHash::add(std::string_view text) {
  append_u64_be(parts_, text.size());
  append(parts_, as_bytes(text));
  return *this;
}

FilterHash& FilterHash::add(std::int64_t number) {
  append_u64_be(parts_, static_cast<std::uint64_t>(number));
  return *this;
}

Digest FilterHash::finish() const {
  return crypto::domain_hash(crypto::HashAlgorithm::kSha256, "chancery/cursor-filter/1", {parts_});
}

std::string seal_cursor(const Cursor& cursor, const FilterHash& filter, BytesView key) {
  Bytes out;
  out.push_back(static_cast<std::uint8_t>(filter.query()));
  const Digest hash = filter.finish();
  append(out, BytesView(hash).first(kFilterBytes));
  append_u64_be(out, cursor.height);
  append_u64_be(out, static_cast<std::uint64_t>(cursor.time_ms));
  append_u64_be(out, static_cast<std::uint64_t>(cursor.before));
  const Digest mac = crypto::hmac(crypto::HashAlgorithm::kSha256, key, out);
  append(out, BytesView(mac).first(kMacBytes));
  return to_base64url(out);
}

Result<Cursor> open_cursor(std::string_view text, const FilterHash& filter, BytesView key) {
  const auto refuse = [] {
    return fail(Reason::kBadCursor, "it was made for another query or is damaged", "游标属于另一个查询或已损坏");
  };
  if (text.size() > kMaxTextBytes) return refuse();
  const auto bytes = from_base64url(text);
  if (!bytes.has_value() || bytes->size() != kPlainBytes + kMacBytes) return refuse();
  const BytesView plain = BytesView(*bytes).first(kPlainBytes);
  const Digest mac = crypto::hmac(crypto::HashAlgorithm::kSha256, key, plain);
  if (!equal_constant_time(BytesView(mac).first(kMacBytes), BytesView(*bytes).subspan(kPlainBytes))) return refuse();
  const Digest hash = filter.finish();
  if (plain[0] != static_cast<std::uint8_t>(filter.query()) ||
      !std::ranges::equal(plain.subspan(1, kFilterBytes), BytesView(hash).first(kFilterBytes))) {
    return refuse();
  }
  const BytesView numbers = plain.subspan(1 + kFilterBytes);
  return Cursor{read_u64_be(numbers), static_cast<std::int64_t>(read_u64_be(numbers.subspan(8))),
                static_cast<std::int64_t>(read_u64_be(numbers.subspan(16)))};
}

}  // namespace chancery::readmodel
