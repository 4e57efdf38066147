#include "node/services/access_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <mutex>

#include "base/json.h"
#include "base/json_reader.h"
#include "base/log.h"

namespace chancery::node {

namespace {

constexpr std::size_t kMaxLineBytes = 16U << 10;
constexpr std::size_t kMaxPurposeChars = 200;
constexpr std::string_view kDomain = "chancery/access/1";

Json to_json(const Access& access) {
  return {{"time_ms", access.time_ms}, {"account", access.account}, {"action", access.action},
          {"subject", access.subject}, {"purpose", access.purpose}, {"fields", access.fields}};
}

Result<Access> from_json(const Json& line) {
  JsonReader reader(line);
  Access out;
  ASSIGN_OR_RETURN(out.time_ms, reader.required_integer("time_ms", 0, std::numeric_limits<std::int64_t>::max()));
  ASSIGN_OR_RETURN(out.account, reader.required_string("account", 64));
  ASSIGN_OR_RETURN(out.action, reader.required_string("action", 32));
  ASSIGN_OR_RETURN(out.subject, reader.required_string("subject", 200));
  ASSIGN_OR_RETURN(out.purpose, reader.required_string("purpose", 1'000));
  ASSIGN_OR_RETURN(out.fields, reader.required_strings("fields", 1'000, 200));
  return out;
}

Digest chain(crypto::HashAlgorithm hash, const Digest& previous, const Json& facts) {
  const std::string text = canonical_json(facts);
  return crypto::domain_hash(hash, kDomain, {previous, as_bytes(text)});
}

std::unexpected<Error> broken(std::uint64_t line) {
  return fail(Reason::kCorrupt, fmt::format("the access log is broken at line {}", line),
              fmt::format("访问日志在第 {} 行断裂", line));
}

}  // namespace

struct AccessLog::State {
  std::string path;
  crypto::HashAlgorithm hash = crypto::HashAlgorithm::kSha256;
  const Clock* clock = nullptr;
  mutable std::mutex mutex;
  int descriptor = -1;
  Digest last{};
  bool damaged = false;  ///< half a line could not be taken back: nothing more may follow it

  ~State() {
    if (descriptor >= 0) ::close(descriptor);
  }

  /// Calls `visit` for each whole line whose place in the chain is right. `good_bytes`: up to the end of the last one.
  Status walk(const std::function<void(const Access&)>& visit, Digest& last_hash, std::uintmax_t& good_bytes) const {
    std::ifstream file(path, std::ios::binary);
    std::string line;
    std::uint64_t number = 0;
    last_hash = {};
    good_bytes = 0;
    while (std::getline(file, line)) {
      ++number;
      if (file.eof()) return {};  // no end of line: a crash cut it off before it was acknowledged
      const auto parsed = parse_json(line, {.max_bytes = kMaxLineBytes, .max_depth = 4});
      if (!parsed.has_value() || !parsed->is_object()) return broken(number);
      Json facts = *parsed;
      const std::string claimed = facts.value("hash", "");
      const std::string previous = facts.value("previous", "");
      facts.erase("hash");
      facts.erase("previous");
      const Digest expected = chain(hash, last_hash, facts);
      if (previous != to_hex(last_hash) || claimed != to_hex(expected)) return broken(number);
      const auto access = from_json(facts);
      if (!access.has_value()) return broken(number);
      last_hash = expected;
      good_bytes += line.size() + 1;
      if (visit) visit(*access);
    }
    return {};
  }
};

AccessLog::AccessLog() : state_(std::make_unique<State>()) {}
AccessLog::~AccessLog() = default;

Result<std::unique_ptr<AccessLog>> AccessLog::open(const std::string& directory, crypto::HashAlgorithm hash,
                                                   const Clock& clock) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return fail(Reason::kStorageFailed, "access log: " + error.message());
  std::unique_ptr<AccessLog> log(new AccessLog());
  State& state = *log->state_;
  state.path = directory + "/access.jsonl";
  state.hash = hash;
  state.clock = &clock;
  std::uintmax_t good_bytes = 0;
  TRY(state.walk({}, state.last, good_bytes));
  state.descriptor = ::open(state.path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (state.descriptor < 0 || ::ftruncate(state.descriptor, static_cast<off_t>(good_bytes)) != 0) {
    return fail(Reason::kStorageFailed, fmt::format("access log: {}", std::strerror(errno)));
  }
  return log;
}

Status AccessLog::record(Access access) {
  State& state = *state_;
  if (!is_utf8(access.purpose) || utf8_length(access.purpose) > kMaxPurposeChars) {
    return fail(Reason::kInvalidValue, fmt::format("a purpose has at most {} characters", kMaxPurposeChars),
                fmt::format("用途最多 {} 个字", kMaxPurposeChars));
  }
  access.purpose = redact_text(access.purpose);
  const std::lock_guard lock(state.mutex);
  if (state.damaged) return fail(Reason::kStorageFailed, "the access log is damaged", "访问日志已损坏");
  access.time_ms = state.clock->now_ms();
  Json line = to_json(access);
  const Digest hash = chain(state.hash, state.last, line);
  line["previous"] = to_hex(state.last);
  line["hash"] = to_hex(hash);
  const std::string text = canonical_json(line) + "\n";
  const off_t before = ::lseek(state.descriptor, 0, SEEK_END);
  const ssize_t written = ::write(state.descriptor, text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size()) || ::fdatasync(state.descriptor) != 0) {
    const int code = errno;
    // Half a line would break the chain for the next one.
    state.damaged = before < 0 || ::ftruncate(state.descriptor, before) != 0;
    return fail(code == ENOSPC ? Reason::kReadOnly : Reason::kStorageFailed, "the access can't be recorded",
                "无法记录本次访问，因此不予提供");
  }
  state.last = hash;
  return {};
}

Result<std::vector<Access>> AccessLog::list(std::string_view subject, std::size_t limit) const {
  std::deque<Access> newest;
  Digest last{};
  std::uintmax_t bytes = 0;
  TRY(state_->walk(
      [&](const Access& access) {
        if (!subject.empty() && access.subject != subject) return;
        newest.push_front(access);
        if (newest.size() > limit) newest.pop_back();
      },
      last, bytes));
  return std::vector<Access>(newest.begin(), newest.end());
}

Status AccessLog::verify() const {
  Digest last{};
  std::uintmax_t bytes = 0;
  const std::lock_guard lock(state_->mutex);
  TRY(state_->walk({}, last, bytes));
  if (last != state_->last) return fail(Reason::kCorrupt, "the end of the access log is missing", "访问日志末尾缺失");
  return {};
}

}  // namespace chancery::node
