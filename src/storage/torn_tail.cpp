#include "storage/torn_tail.h"

#include <fmt/core.h>

#include <bit>
#include <boost/crc.hpp>
#include <boost/endian/conversion.hpp>
#include <filesystem>
#include <fstream>

namespace chancery::storage {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlockBytes = 32U << 10;
constexpr std::size_t kHeaderBytes = 7;
constexpr std::uint8_t kFull = 1;
constexpr std::uint8_t kFirst = 2;
constexpr std::uint8_t kLast = 4;

using Crc32c = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;

std::uint32_t masked(std::uint32_t crc) {
  return std::rotr(crc, 15) + 0xa282ead8U;
}

struct Fragment {
  std::size_t bytes;  ///< with its header
  std::uint8_t type;
};

/// The fragment at `place`, if it lies inside its block and its checksum is right.
std::optional<Fragment> sound_fragment(BytesView log, std::size_t place) {
  const std::size_t block_end = std::min(log.size(), (place / kBlockBytes + 1) * kBlockBytes);
  if (place + kHeaderBytes > block_end) return std::nullopt;
  const std::size_t length = boost::endian::load_little_u16(&log[place + 4]);
  const std::uint8_t type = log[place + 6];
  if (type < kFull || type > kLast || place + kHeaderBytes + length > block_end) return std::nullopt;
  Crc32c crc;
  crc.process_bytes(&log[place + 6], length + 1);
  if (masked(crc.checksum()) != boost::endian::load_little_u32(&log[place])) return std::nullopt;
  return Fragment{kHeaderBytes + length, type};
}

/// True when a record begins, soundly, at some block start or behind a length field between `from` and the end.
bool record_starts_behind(BytesView log, std::size_t from) {
  std::size_t place = from;
  while (place < log.size()) {
    const std::size_t next_block = (place / kBlockBytes + 1) * kBlockBytes;
    const auto fragment = sound_fragment(log, place);
    if (fragment && (fragment->type == kFull || fragment->type == kFirst)) return true;
    if (fragment) {
      place += fragment->bytes;
    } else if (place + kHeaderBytes <= std::min(next_block, log.size()) && log[place + 6] != 0) {
      // The length field of a fragment with a wrong checksum may still be right.
      place += kHeaderBytes + boost::endian::load_little_u16(&log[place + 4]);
      if (place > next_block) place = next_block;
    } else {
      place = next_block;
    }
    if (place + kHeaderBytes > next_block && place < next_block) place = next_block;
  }
  return false;
}

fs::path copies_of(const std::string& store) {
  return store + ".torn";
}

Result<Bytes> whole_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  Bytes content((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  if (!stream.good() && !stream.eof()) return fail(Reason::kStorageFailed, "can't read " + path.string());
  return content;
}

}  // namespace

std::optional<std::uint64_t> torn_tail_at(BytesView log) {
  std::size_t record_start = 0;  // of the record that the fragment at `place` belongs to
  std::size_t place = 0;
  while (place < log.size()) {
    const std::size_t left_in_block = kBlockBytes - place % kBlockBytes;
    if (left_in_block < kHeaderBytes) {
      if (record_start == place) record_start += left_in_block;
      place += left_in_block;
      continue;
    }
    const auto fragment = sound_fragment(log, place);
    if (!fragment) {
      if (record_starts_behind(log, place)) return std::nullopt;
      return record_start;
    }
    place += fragment->bytes;
    if (fragment->type == kFull || fragment->type == kLast) record_start = place;
  }
  if (record_start == place) return std::nullopt;
  return record_start;
}

Result<TornTails> TornTails::cut(const std::string& directory) {
  const fs::path store(directory);
  std::ifstream current(store / "CURRENT");
  std::string manifest;
  std::getline(current, manifest);
  std::string newest_log;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(store, error)) {
    if (entry.path().extension() == ".log") newest_log = std::max(newest_log, entry.path().filename().string());
  }
  TornTails tails;
  tails.directory_ = directory;
  for (const std::string& name : {manifest, newest_log}) {
    if (name.empty()) continue;
    ASSIGN_OR_RETURN(const Bytes content, whole_file(store / name));
    const auto keep = torn_tail_at(content);
    if (!keep) continue;
    fs::create_directories(copies_of(directory), error);
    fs::copy_file(store / name, copies_of(directory) / name, fs::copy_options::overwrite_existing, error);
    if (!error) fs::resize_file(store / name, *keep, error);
    if (error) return fail(Reason::kStorageFailed, fmt::format("{}/{}: {}", directory, name, error.message()));
    tails.files_.push_back(name);
  }
  return tails;
}

Status TornTails::put_back() const {
  for (const std::string& name : files_) {
    std::error_code error;
    fs::copy_file(copies_of(directory_) / name, fs::path(directory_) / name, fs::copy_options::overwrite_existing,
                  error);
    if (error) return fail(Reason::kStorageFailed, fmt::format("{}/{}: {}", directory_, name, error.message()));
  }
  return {};
}

}  // namespace chancery::storage
