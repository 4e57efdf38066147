#include "node/services/timestamp_desk.h"

#include <charconv>
#include <filesystem>
#include <mutex>

#include "base/log.h"
#include "base/metrics.h"
#include "crypto/x509/certificate_authority.h"
#include "documents/tsa/timestamp.h"
#include "node/files.h"

namespace chancery::node {

namespace {

constexpr std::int64_t kDay_ms = 86'400'000;
constexpr std::int64_t kRootValidity_ms = 3650 * kDay_ms;
constexpr std::int64_t kCertificateValidity_ms = 1095 * kDay_ms;
/// A certificate with less left is issued anew at start.
constexpr std::int64_t kRenewBefore_ms = 30 * kDay_ms;
constexpr std::size_t kFileBytes = 64U << 10;
/// Serial numbers that one write of the counter covers.
constexpr std::uint64_t kReserved = 1'000;
/// What we promise for the node's clock: NTP keeps it well within.
constexpr documents::Accuracy kAccuracy{.seconds = 1, .millis = 0, .micros = 0};

/// What is in the file, or nullopt where there is none.
Result<std::optional<crypto::Certificate>> read_certificate(const std::string& path) {
  const Result<std::string> pem = read_file(path, kFileBytes);
  if (!pem && pem.error().reason == Reason::kNotFound) return std::nullopt;
  if (!pem) return std::unexpected(pem.error());
  Result<crypto::Certificate> certificate = crypto::Certificate::from_pem(*pem);
  if (!certificate) return fail(Reason::kCorrupt, path + ": " + certificate.error().detail);
  return std::optional(std::move(*certificate));
}

Result<crypto::CertificateAuthority> open_root(const std::string& path, const crypto::DistinguishedName& name,
                                               crypto::PrivateKey key, std::int64_t now_ms, Random& random) {
  ASSIGN_OR_RETURN(const auto kept, read_certificate(path));
  if (kept && kept->not_after_ms() > now_ms + kCertificateValidity_ms) {
    return crypto::CertificateAuthority::open(*kept, std::move(key));
  }
  ASSIGN_OR_RETURN(auto authority, crypto::CertificateAuthority::create(
                                       name, std::move(key), {now_ms - kDay_ms, now_ms + kRootValidity_ms}, random));
  TRY(write_file(path, authority.root().pem()));
  return authority;
}

struct AuthorityPlan {
  std::string file;  ///< "p256"
  crypto::SignatureAlgorithm algorithm;
  std::string network;
};

Result<std::pair<crypto::Certificate, documents::TimestampAuthority>> open_authority(const std::string& directory,
                                                                                     const AuthorityPlan& plan,
                                                                                     const DeskKey& desk_key,
                                                                                     std::int64_t now_ms,
                                                                                     Random& random) {
  const std::string path = directory + "/" + plan.file;
  ASSIGN_OR_RETURN(crypto::PrivateKey root_key, desk_key.signing_key("tsa-root/" + plan.file, plan.algorithm));
  ASSIGN_OR_RETURN(crypto::PrivateKey key, desk_key.signing_key("tsa/" + plan.file, plan.algorithm));
  ASSIGN_OR_RETURN(const auto root, open_root(path + "-root.pem", {"Timestamp root " + plan.file, plan.network},
                                              std::move(root_key), now_ms, random));
  ASSIGN_OR_RETURN(auto certificate, read_certificate(path + ".pem"));
  const bool usable =
      certificate && certificate->not_after_ms() > now_ms + kRenewBefore_ms &&
      certificate->public_key() == key.public_key() &&
      crypto::verify_certificate(*certificate,
                                 {.roots = {&root.root(), 1}, .at_ms = now_ms, .use = crypto::ChainUse::kTimestamp});
  if (!usable) {
    ASSIGN_OR_RETURN(certificate, root.issue({"Timestamp authority " + plan.file, plan.network}, {}, key.public_key(),
                                             crypto::CertificateUse::kTimestamp,
                                             {now_ms - kDay_ms, now_ms + kCertificateValidity_ms}, random));
    TRY(write_file(path + ".pem", certificate->pem()));
  }
  return std::pair(root.root(), documents::TimestampAuthority{.certificate = std::move(*certificate),
                                                              .key = std::move(key),
                                                              .more_certificates = {},
                                                              .policy = std::string(kTimestampPolicy),
                                                              .accuracy = kAccuracy});
}

Result<std::uint64_t> read_counter(const std::string& path) {
  const Result<std::string> text = read_file(path, kFileBytes);
  if (!text && text.error().reason == Reason::kNotFound) return std::uint64_t{1};
  if (!text) return std::unexpected(text.error());
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(text->data(), text->data() + text->size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text->data() + text->size() || value == 0) {
    return fail(Reason::kCorrupt, path + " is no number");
  }
  return value;
}

}  // namespace

struct TimestampDesk::State {
  std::string directory;
  const Clock* clock = nullptr;
  Random* random = nullptr;
  std::vector<crypto::Certificate> roots;                  ///< P-256, SM2
  std::vector<documents::TimestampAuthority> authorities;  ///< in the same order
  std::mutex mutex;
  std::uint64_t next = 0;            // guarded by mutex
  std::uint64_t reserved_until = 0;  // guarded by mutex; exclusive

  Result<Bytes> take_serial();
  const documents::TimestampAuthority& authority_for(BytesView request) const;
};

TimestampDesk::TimestampDesk() : state_(std::make_unique<State>()) {}
TimestampDesk::~TimestampDesk() = default;

Result<std::unique_ptr<TimestampDesk>> TimestampDesk::open(const std::string& directory, std::string_view network,
                                                           const DeskKey& desk_key, const Clock& clock,
                                                           Random& random) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return fail(Reason::kStorageFailed, error.message());
  std::unique_ptr<TimestampDesk> desk(new TimestampDesk());
  State& state = *desk->state_;
  state.directory = directory;
  state.clock = &clock;
  state.random = &random;
  for (const auto& [file, algorithm] : {std::pair{"p256", crypto::SignatureAlgorithm::kEcdsaP256Sha256},
                                        std::pair{"sm2", crypto::SignatureAlgorithm::kSm2Sm3}}) {
    ASSIGN_OR_RETURN(auto opened, open_authority(directory, {file, algorithm, std::string(network)}, desk_key,
                                                 clock.now_ms(), random));
    state.roots.push_back(std::move(opened.first));
    state.authorities.push_back(std::move(opened.second));
  }
  ASSIGN_OR_RETURN(state.next, read_counter(directory + "/serial"));
  state.reserved_until = state.next;
  return desk;
}

Result<Bytes> TimestampDesk::State::take_serial() {
  const std::lock_guard lock(mutex);
  if (next == reserved_until) {
    TRY(write_file(directory + "/serial", std::to_string(next + kReserved)));
    reserved_until = next + kReserved;
  }
  const std::uint64_t number = next++;
  Bytes serial = to_bytes(u64_be(number));
  serial.resize(16);
  random->fill(std::span(serial).subspan(8));
  return serial;
}

const documents::TimestampAuthority& TimestampDesk::State::authority_for(BytesView request) const {
  const auto parsed = documents::parse_timestamp_request(request);
  const bool sm3 = parsed && parsed->imprint.algorithm == crypto::HashAlgorithm::kSm3;
  return authorities[sm3 ? 1 : 0];
}

Result<Bytes> TimestampDesk::answer(BytesView request) {
  static Counter& answered = metrics().counter("chancery_timestamp_answers_total", "Timestamp requests answered.");
  answered.add();
  const Result<Bytes> serial = state_->take_serial();
  if (!serial) {
    log_error("timestamp.serial_failed", serial.error());
    return documents::refuse_timestamp(documents::TimestampFailure::kSystemFailure, "no serial number can be kept");
  }
  return documents::answer_timestamp_request(state_->authority_for(request), request,
                                             {state_->clock->now_ms(), *serial});
}

std::string TimestampDesk::roots_pem() const {
  std::string out;
  for (const crypto::Certificate& root : state_->roots) out += root.pem();
  return out;
}

}  // namespace chancery::node
