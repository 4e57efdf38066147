#pragma once
// What the parts of the credential desk share.

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "contracts/credential/status.h"
#include "node/services/credential_blob.h"
#include "node/services/credentials.h"
#include "node/services/event_places.h"
#include "node/services/ledger_reads.h"
#include "packs/forms/json_schema.h"

namespace chancery::node {

struct CredentialDesk::State {
  State(Node& node_in, Submission& submission_in, storage::BlobStore& blobs_in, const DeskKey& desk_key_in,
        AccessLog& access_log_in)
      : node(node_in),
        submission(submission_in),
        blobs(blobs_in),
        desk_key(desk_key_in),
        access_log(access_log_in),
        hash(node_in.genesis().suite->hash) {}

  Node& node;
  Submission& submission;
  storage::BlobStore& blobs;
  const DeskKey& desk_key;
  AccessLog& access_log;
  crypto::HashAlgorithm hash;
  mutable EventPlaces issued{"credential", "issued"};

  std::mutex schema_mutex;
  std::map<std::string, packs::Schema> schemas;  ///< "<type>/<version>"
  /// Between the check of an etag and the end of the change that it allows.
  std::array<std::mutex, 64> record_locks;
  std::mutex& lock_of(std::string_view id) {
    return record_locks[std::hash<std::string_view>{}(id) % record_locks.size()];
  }

  ledger::Ledger& ledger() const { return node.ledger(); }
  /// The present, never before the head's block.
  std::int64_t now_ms() const { return std::max(node.clock().now_ms(), ledger().head().time_ms); }

  // --- credential_issue.cpp
  /// An issue that is ready: fields checked, salted, committed; the call is made.
  struct Prepared {
    std::string id;
    Digest request_hash{};
    std::string key;
    std::string memo;
    storage::BlobInput blob;
    std::vector<CallRequest> calls;
    std::optional<Submitted> earlier;  ///< this request was answered before
  };
  Result<Prepared> prepare_issue(const Session& session, const IssueRequest& request, std::string key);
  Result<Prepared> prepare_version(const Session& session, std::string_view id, const Found<wire::Credential>& before,
                                   const IssueRequest& request, std::string_view if_match, std::string key);
  Status store_blob(const Prepared& prepared);
  /// After a refusal nothing refers to the blob; after a time-out something still may.
  void drop_blob(const Prepared& prepared, const Error& error);
  Result<CredentialWritten> written(Submitted submitted, std::string id) const;
  Status check_fields(const wire::CredentialType& type, const Json& fields);
  Result<packs::Schema> schema_of(const wire::CredentialType& type);
  Result<std::string> assign_id(const wire::CredentialType& type, std::string_view issuer) const;
  /// Keyed, because a plain hash of a request could be compared with guesses of its personal fields.
  Digest request_hash(std::string_view what, const Json& request) const;

  // --- credential_lifecycle.cpp
  Result<CredentialWritten> change_status(const Session& session, std::string_view method, std::string_view id,
                                          std::string_view reason, std::string_view if_match,
                                          std::string_view idempotency_key);

  // --- credential_view.cpp
  Result<CredentialView> view_of(std::string_view id, const Found<wire::Credential>& found) const;

  // --- credential_disclosure.cpp
  Status record_access(const Session& session, std::string_view id, std::string_view action, std::string_view purpose,
                       std::vector<std::string> fields) const;
  Result<CredentialFields> read_fields(std::string_view id, const wire::Credential& record) const;
  /// Checks the right to look, the names, and logs the look; then reads.
  Result<CredentialFields> open_fields(const Session& session, std::string_view id, std::vector<std::string>& names,
                                       std::string_view purpose, std::string_view action,
                                       wire::Credential& record) const;
};

}  // namespace chancery::node
