#pragma once
// The desk that issues credentials for people who are logged in. Personal fields are encrypted and durable in the blob
// store before the transaction is submitted; the chain gets salted commitments. Every read of them is logged.
//
// Blob "credential/<id>/<hex of fields root>": JSON { "fields": {...}, "salts": { name: base64 }, "holder":
// "<reference>" }. The fields root in the name keeps a second request for the same id from touching the first one's
// data.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "ledger/receipt.h"
#include "node/node.h"
#include "node/services/access_log.h"
#include "node/services/desk_key.h"
#include "node/services/submission.h"
#include "node/services/verdict.h"
#include "storage/blob_store.h"

namespace chancery::node {

inline constexpr std::size_t kMaxIssueMany = 1'000;
inline constexpr std::size_t kMaxFieldsBytes = 64U << 10;
inline constexpr std::size_t kMaxFields = 100;

struct DefineTypeRequest {
  std::string id;
  std::string name_zh;
  std::string name_en;
  std::vector<std::string> issuers;
  std::string schema;  ///< JSON Schema 2020-12 of the fields, JSON text
  std::string vct;
  std::string id_scheme = "plain";  ///< or "gbt36904"
  std::string gbt_type_code;
  std::string retention = "permanent";  ///< or "30_years", "10_years"
  std::int64_t max_validity_ms = 0;
  std::int64_t default_validity_ms = 0;
  bool closed = false;
};

struct IssueRequest {
  std::string type;
  std::string id;      ///< empty: assigned by the type's scheme
  std::string issuer;  ///< empty: the organisation of the session's account
  Json fields;         ///< an object; checked by the type's schema
  /// What identifies the holder to the issuer, e.g. the citizen number; the same reference gives the same public
  /// holder commitment. Empty: the field "id_number", "uscc" or "holder_id".
  std::string holder_reference;
  std::int64_t valid_from_ms = 0;   ///< 0: block time
  std::int64_t valid_until_ms = 0;  ///< 0: the type's default
  std::string memo;                 ///< public
};

struct CredentialStatusChange {
  std::string status;
  std::uint64_t height = 0;
  std::int64_t time_ms = 0;
  std::string reason;
  std::string reason_zh;
  std::string reason_en;
  std::string actor;
};

/// The public facts of one credential.
struct CredentialView {
  std::string id;
  std::string type;
  std::uint32_t type_version = 0;
  std::string type_name_zh;
  std::string type_name_en;
  std::string issuer;
  std::string issuer_name_zh;
  std::string issuer_name_en;
  Digest holder{};
  Digest fields_root{};
  std::uint32_t version = 0;
  std::int64_t valid_from_ms = 0;
  std::int64_t valid_until_ms = 0;
  std::uint64_t issued_height = 0;
  std::int64_t issued_ms = 0;
  std::string issued_by;
  std::string status;  ///< at the head: "valid", "suspended", ...
  std::vector<CredentialStatusChange> changes;
  struct AnnotationFact {
    std::uint64_t height = 0;
    std::int64_t time_ms = 0;
    Digest commitment{};
    std::string actor;
  };
  std::vector<AnnotationFact> annotations;
  std::string previous;
  std::string next;
  std::uint64_t height = 0;  ///< of the state that was read
  std::string etag;          ///< changes with the record: hex of the first 16 bytes of its hash
};

/// Facts as of one moment, for "what held then".
struct StatusAt {
  std::string status;
  std::uint64_t since_height = 0;
  std::int64_t since_ms = 0;
  std::string reason;
  std::uint64_t height = 0;  ///< that was asked for
  std::int64_t time_ms = 0;
};

struct CredentialWritten {
  std::string id;
  Submitted submitted;
  CredentialView view;
};

struct FieldDisclosure {
  std::string name;
  Json value;
};

/// Thread-safe. Writing calls are as in Submission: they wait until the transaction is final.
class CredentialDesk {
 public:
  CredentialDesk(Node& node, Submission& submission, storage::BlobStore& blobs, const DeskKey& desk_key,
                 AccessLog& access_log);
  ~CredentialDesk();

  // --- types
  Result<Submitted> define_type(const Session& session, const DefineTypeRequest& request,
                                std::string_view idempotency_key);
  /// `schema` empty: unchanged. `expected_version` 0: whichever.
  Result<Submitted> update_type(const Session& session, const DefineTypeRequest& request,
                                std::uint32_t expected_version, std::string_view idempotency_key);

  // --- life of a credential; `if_match` (an etag, empty: any) else kPreconditionFailed; `reason`: contracts' codes
  /// kSchemaMismatch names every field that fails.
  Result<CredentialWritten> issue(const Session& session, const IssueRequest& request,
                                  std::string_view idempotency_key);
  /// One transaction an item; answers in order. Item i has the idempotency key "<key>/<i>". `progress(done, total)` is
  /// called from this thread.
  std::vector<Result<CredentialWritten>> issue_many(const Session& session, const std::vector<IssueRequest>& requests,
                                                    std::string_view idempotency_key,
                                                    const std::function<void(std::size_t, std::size_t)>& progress = {});
  /// The text is kept encrypted; the chain gets its commitment.
  Result<CredentialWritten> annotate(const Session& session, std::string_view id, std::string_view text,
                                     std::string_view if_match, std::string_view idempotency_key);
  /// `request.type`, `issuer` and `holder_reference` may be empty: as before. Answers with the new credential.
  Result<CredentialWritten> new_version(const Session& session, std::string_view id, const IssueRequest& request,
                                        std::string_view if_match, std::string_view idempotency_key);
  Result<CredentialWritten> suspend(const Session& session, std::string_view id, std::string_view reason,
                                    std::string_view if_match, std::string_view idempotency_key);
  Result<CredentialWritten> resume(const Session& session, std::string_view id, std::string_view reason,
                                   std::string_view if_match, std::string_view idempotency_key);
  Result<CredentialWritten> revoke(const Session& session, std::string_view id, std::string_view reason,
                                   std::string_view if_match, std::string_view idempotency_key);

  // --- public reading
  /// kNotFound.
  Result<CredentialView> view(std::string_view id) const;
  /// Never fails for an id without a record: that is kUnknown. Errors are the store's.
  Result<Verdict> verdict(std::string_view id) const;
  Result<StatusAt> status_at_height(std::string_view id, std::uint64_t height) const;
  Result<StatusAt> status_at_time(std::string_view id, std::int64_t time_ms) const;
  /// The transaction that issued it, and its record, both proven at the head; history and status are inside the record.
  /// Of an id without a record: its absence, proven at the head.
  Result<ledger::Receipt> receipt(std::string_view id) const;

  // --- personal data: only for members of the issuing organisation; every look is logged
  /// All fields, or those named. kGone when they were erased.
  Result<std::vector<FieldDisclosure>> fields(const Session& session, std::string_view id,
                                              const std::vector<std::string>& names, std::string_view purpose) const;
  struct AnnotationText {
    Digest commitment{};
    std::string text;
  };
  Result<std::vector<AnnotationText>> annotation_texts(const Session& session, std::string_view id,
                                                       std::string_view purpose) const;
  /// chancery-fields-v1: the chosen fields with what opens their commitments against the record's fields root, for an
  /// offline verifier: { "format", "credential", "fields_root", "count", "fields": [ {name, value, salt, index, proof}
  /// ] }
  Result<Json> field_proofs(const Session& session, std::string_view id, const std::vector<std::string>& names,
                            std::string_view purpose) const;
  /// An SD-JWT VC (RFC 9901) signed with the desk's ES256 key: the chosen fields disclosed, all others as digests.
  /// `holder_jwk` (may be null): the holder's key for the `cnf` claim.
  Result<std::string> sd_jwt(const Session& session, std::string_view id, const std::vector<std::string>& names,
                             const Json& holder_jwk, std::string_view purpose) const;
  /// Deletes the data key of the credential's fields: they can't be read again, by anybody. The record stays.
  Status erase_fields(const Session& session, std::string_view id, std::string_view purpose);

  /// The holder commitment that this desk uses for a reference, to list by holder.
  Digest holder_commitment(std::string_view holder_reference) const;

  /// Erases blobs that no record refers to and that are older than any open window. Returns how many.
  Result<std::uint64_t> sweep_orphans();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::node
