#include "consensus/cometbft/bundle.h"

#include <fmt/format.h>
#include <zstd.h>

#include "bundle.pb.h"

namespace chancery::consensus {

namespace {

constexpr std::uint8_t kBundleTag = 'B';
constexpr std::uint8_t kTimeTag = 'T';
/// Transactions barely compress twice; a higher level costs time and saves little.
constexpr int kCompressionLevel = 1;
constexpr std::size_t kTimeBytes = 16;

std::unexpected<Error> malformed(std::string_view what) {
  return fail(Reason::kMalformed, fmt::format("a bundle: {}", what));
}

Result<Bytes> decompress(BytesView frame) {
  const auto size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN) return malformed("not a frame with its size");
  if (size > kBundleLimits.bytes) {
    return fail(Reason::kTooLarge, fmt::format("a bundle of {} bytes, the limit is {}", size, kBundleLimits.bytes));
  }
  if (ZSTD_findFrameCompressedSize(frame.data(), frame.size()) != frame.size())
    return malformed("bytes behind the frame");
  Bytes out(size);
  const std::size_t got = ZSTD_decompress(out.data(), out.size(), frame.data(), frame.size());
  if (ZSTD_isError(got) != 0 || got != size) return malformed("the frame is damaged");
  return out;
}

}  // namespace

Bytes encode_bundle(std::span<const BytesView> transactions) {
  CHANCERY_CHECK(!transactions.empty() && transactions.size() <= kBundleLimits.transactions);
  wire::Bundle bundle;
  for (const BytesView one : transactions) bundle.add_transactions(one.data(), one.size());
  const std::string plain = bundle.SerializeAsString();
  CHANCERY_CHECK(plain.size() <= kBundleLimits.bytes);
  Bytes out(1 + ZSTD_compressBound(plain.size()));
  out[0] = kBundleTag;
  const std::size_t size = ZSTD_compress(&out[1], out.size() - 1, plain.data(), plain.size(), kCompressionLevel);
  CHANCERY_CHECK(ZSTD_isError(size) == 0);
  out.resize(1 + size);
  return out;
}

Result<CheckedBundle> decode_bundle(BytesView encoded, crypto::HashAlgorithm hash) {
  if (encoded.size() > kBundleLimits.compressed_bytes) {
    return fail(Reason::kTooLarge, fmt::format("a bundle of {} compressed bytes, the limit is {}", encoded.size(),
                                               kBundleLimits.compressed_bytes));
  }
  if (encoded.empty() || encoded[0] != kBundleTag) return malformed("unknown kind");
  ASSIGN_OR_RETURN(const Bytes plain, decompress(encoded.subspan(1)));
  wire::Bundle bundle;
  if (!bundle.ParseFromArray(plain.data(), static_cast<int>(plain.size()))) return malformed("not a Bundle");
  const auto count = static_cast<std::size_t>(bundle.transactions_size());
  if (count == 0) return malformed("no transactions");
  if (count > kBundleLimits.transactions) {
    return fail(Reason::kTooLarge,
                fmt::format("a bundle of {} transactions, the limit is {}", count, kBundleLimits.transactions));
  }
  CheckedBundle out;
  out.transactions.reserve(count);
  for (const std::string& raw : bundle.transactions()) {
    ASSIGN_OR_RETURN(auto parsed, ledger::parse_transaction(to_bytes(raw), hash));
    out.transactions.push_back(std::make_shared<ledger::ParsedTransaction>(std::move(parsed)));
  }
  return out;
}

void check_signatures(CheckedBundle& bundle, const ledger::KeyLookup& lookup) {
  std::vector<ledger::ParsedTransaction*> pointers;
  for (const auto& one : bundle.transactions) {
    if (one->signed_with.empty()) pointers.push_back(one.get());
  }
  std::vector<Status> verified(pointers.size());
  ledger::verify_signatures(pointers, lookup, verified);
  for (const Status& status : verified) {
    if (!status && status.error().reason == Reason::kBadSignature) bundle.forged = true;
  }
}

Bytes encode_block_time(std::int64_t time_ms) {
  wire::BlockTime time;
  time.set_time_ms(time_ms);
  Bytes out{kTimeTag};
  append(out, as_bytes(time.SerializeAsString()));
  return out;
}

bool is_block_time(BytesView encoded) {
  return !encoded.empty() && encoded[0] == kTimeTag;
}

Result<std::int64_t> decode_block_time(BytesView encoded) {
  wire::BlockTime time;
  if (!is_block_time(encoded) || encoded.size() > kTimeBytes ||
      !time.ParseFromArray(encoded.data() + 1, static_cast<int>(encoded.size() - 1)) || time.time_ms() <= 0) {
    return fail(Reason::kMalformed, "a proposal's block time");
  }
  return time.time_ms();
}

}  // namespace chancery::consensus
