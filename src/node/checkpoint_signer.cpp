#include "node/checkpoint_signer.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <future>

#include <fmt/format.h>

#include "node/files.h"
#include "node/node_files.h"

namespace chancery::node {

namespace {
constexpr std::size_t kLineBytes = 20 + 1 + 64 + 1;
constexpr std::size_t kKeyFileBytes = 64U << 10;

Result<crypto::PrivateKey> read_key(const std::string& path, std::string_view passphrase) {
  ASSIGN_OR_RETURN(const std::string pem, read_file(path, kKeyFileBytes));
  return crypto::PrivateKey::from_pkcs8_pem(pem, passphrase);
}
}  // namespace

FileCheckpointSigner::FileCheckpointSigner(std::string name, crypto::PrivateKey key, crypto::PrivateKey log_key)
    : name_(std::move(name)), key_(std::move(key)), log_key_(std::move(log_key)) {}

FileCheckpointSigner::~FileCheckpointSigner() {
  if (file_ >= 0) ::close(file_);
}

Result<std::unique_ptr<FileCheckpointSigner>> FileCheckpointSigner::open(const std::string& directory,
                                                                         std::string_view passphrase,
                                                                         const ledger::Genesis& genesis) {
  auto opening_log_key =
      std::async(std::launch::async, [&] { return read_key(node_log_key_path(directory), passphrase); });
  ASSIGN_OR_RETURN(auto key, read_key(node_key_path(directory), passphrase));
  ASSIGN_OR_RETURN(auto log_key, opening_log_key.get());
  const ledger::Validator* self = nullptr;
  for (const ledger::Validator& validator : genesis.validators) {
    if (validator.key == key.public_key() && validator.log_key == log_key.public_key()) self = &validator;
  }
  if (self == nullptr && !genesis.has_consensus())
    return fail(Reason::kProofUntrusted, "the node's keys are not those of a validator of the genesis");
  // An observer marks its own copies, so that they are notes; its line counts for nobody and travels nowhere.
  const std::string name =
      self != nullptr ? self->name : "observer-" + to_hex(BytesView(key.public_key().bytes)).substr(0, 16);
  std::unique_ptr<FileCheckpointSigner> signer(new FileCheckpointSigner(name, std::move(key), std::move(log_key)));
  signer->observes_ = self == nullptr;
  const std::string path = signed_state_path(directory);
  signer->file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (signer->file_ < 0) return fail(Reason::kStorageFailed, "cannot open " + path);
  std::array<char, kLineBytes> line{};
  const ssize_t got = ::pread(signer->file_, line.data(), line.size(), 0);
  if (got == 0) return signer;
  const auto hash = digest_from_hex(std::string_view(line.data() + 21, 64));
  const auto [end, error] = std::from_chars(line.data(), line.data() + 20, signer->height_);
  if (got != static_cast<ssize_t>(kLineBytes) || !hash || error != std::errc{} || end != line.data() + 20) {
    return fail(Reason::kCorrupt, path + " is not what this node wrote");
  }
  signer->block_hash_ = *hash;
  return signer;
}

Result<std::string> FileCheckpointSigner::sign(const merkle::Checkpoint& checkpoint) {
  if (checkpoint.height <= height_) {
    return fail(Reason::kCorrupt,
                fmt::format("this node has signed block {} already; it will not sign another block {}", height_,
                            checkpoint.height));
  }
  merkle::SignedNote note;
  note.text = merkle::encode_checkpoint(checkpoint);
  ASSIGN_OR_RETURN(auto line, merkle::sign_note(note.text, name_, key_));
  note.signatures.push_back(std::move(line));
  if (log_key_.public_key() != key_.public_key()) {
    ASSIGN_OR_RETURN(auto log_line, merkle::sign_note(note.text, name_, log_key_));
    note.signatures.push_back(std::move(log_line));
  }
  return merkle::encode_note(note);
}

void FileCheckpointSigner::made_durable(const merkle::Checkpoint& checkpoint) {
  height_ = checkpoint.height;
  block_hash_ = checkpoint.block_hash;
  const std::string line = fmt::format("{:020} {}\n", height_, to_hex(block_hash_));
  // Not synced: after a power cut it may be older than the store, never newer.
  const ssize_t written = ::pwrite(file_, line.data(), line.size(), 0);
  CHANCERY_CHECK(written == static_cast<ssize_t>(line.size()) || errno == ENOSPC);
}

Status FileCheckpointSigner::accept_stored(const merkle::Checkpoint& checkpoint) {
  if (checkpoint.height < height_) {
    return fail(Reason::kCorrupt,
                fmt::format("the store ends at block {}, but this node has signed block {}: the store was rolled back",
                            checkpoint.height, height_));
  }
  if (checkpoint.height == height_ && checkpoint.block_hash != block_hash_) {
    return fail(Reason::kCorrupt, fmt::format("block {} in the store is not the one that this node signed", height_));
  }
  made_durable(checkpoint);
  return {};
}

}  // namespace chancery::node
