#include "ledger/context.h"

namespace chancery::ledger {

std::string raw_record_key(std::string_view contract, std::string_view collection, BytesView key) {
  CHANCERY_CHECK(contract.size() < 256 && collection.size() < 256);
  std::string raw;
  raw.reserve(2 + contract.size() + collection.size() + key.size());
  raw.push_back(static_cast<char>(contract.size()));
  raw.append(contract);
  raw.push_back(static_cast<char>(collection.size()));
  raw.append(collection);
  raw.append(as_text(key));
  return raw;
}

Result<RecordKey> parse_raw_record_key(std::string_view raw) {
  const auto take = [&raw]() -> Result<std::string> {
    if (raw.empty()) return fail(Reason::kMalformed, "a record key ends early");
    const std::size_t size = static_cast<std::uint8_t>(raw.front());
    if (raw.size() < 1 + size) return fail(Reason::kMalformed, "a record key ends early");
    std::string part(raw.substr(1, size));
    raw.remove_prefix(1 + size);
    return part;
  };
  RecordKey out;
  ASSIGN_OR_RETURN(out.contract, take());
  ASSIGN_OR_RETURN(out.collection, take());
  out.key = to_bytes(raw);
  return out;
}

const Bytes* Context::get(std::string_view collection, std::string_view key) const {
  return records_.get(raw_record_key(contract_, collection, as_bytes(key)));
}

void Context::put(std::string_view collection, std::string_view key, Bytes value) {
  records_.put(raw_record_key(contract_, collection, as_bytes(key)), std::move(value));
}

void Context::erase(std::string_view collection, std::string_view key) {
  records_.erase(raw_record_key(contract_, collection, as_bytes(key)));
}

void Context::emit(std::string_view name, std::string_view subject, Bytes data) {
  events_.push_back({call_, std::string(name), to_bytes(subject), std::move(data)});
}

}  // namespace chancery::ledger
