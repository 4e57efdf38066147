// Issuing: one, many, and new versions. Order of things: check, commit, keep the fields durable, submit, answer.

#include <fmt/format.h>

#include "base/failpoint.h"
#include "base/log.h"
#include "base/national_ids.h"
#include "node/services/credential_desk_state.h"

namespace chancery::node {

namespace {

constexpr std::size_t kCachedSchemas = 256;

Json to_json(const IssueRequest& request) {
  return {{"type", request.type},
          {"id", request.id},
          {"issuer", request.issuer},
          {"fields", request.fields},
          {"holder_reference", request.holder_reference},
          {"valid_from_ms", request.valid_from_ms},
          {"valid_until_ms", request.valid_until_ms},
          {"memo", request.memo}};
}

/// 20 characters of [0-9A-F]: eleven of time, so that ids of one office ascend, nine of chance.
std::string new_serial(std::int64_t now_ms, Random& random) {
  std::string chance = to_hex(random.bytes(5)).substr(0, 9);
  std::ranges::transform(chance, chance.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
  return fmt::format("{:011X}{}", now_ms, chance);
}

/// "x" -> "x.v2", "x.v2" -> "x.v3".
std::string next_plain_id(std::string_view id, std::uint32_t version) {
  const std::string suffix = fmt::format(".v{}", version - 1);
  if (id.ends_with(suffix)) id.remove_suffix(suffix.size());
  return fmt::format("{}.v{}", id, version);
}

Result<std::string> next_id(std::string_view id, std::uint32_t version) {
  const auto certificate = parse_certificate_identifier(id);
  if (!certificate.has_value()) return next_plain_id(id, version);
  ASSIGN_OR_RETURN(
      const CertificateIdentifier next,
      make_certificate_identifier(certificate->type_code, certificate->issuer_code, certificate->serial, version));
  return next.text();
}

}  // namespace

Digest CredentialDesk::State::request_hash(std::string_view what, const Json& request) const {
  const std::string text = canonical_json(Json::array({std::string(what), request}));
  return desk_key.keyed_hash("request", as_bytes(text));
}

Result<packs::Schema> CredentialDesk::State::schema_of(const wire::CredentialType& type) {
  const std::string key = fmt::format("{}/{}", type.id(), type.version());
  {
    const std::lock_guard lock(schema_mutex);
    if (const auto found = schemas.find(key); found != schemas.end()) return found->second;
  }
  ASSIGN_OR_RETURN(const auto found,
                   find_record<wire::CredentialTypeVersion>(ledger(), "credential", "type_version", key));
  if (!found.has_value()) return fail(Reason::kCorrupt, fmt::format("type {} has no schema", key));
  ASSIGN_OR_RETURN(Json document, parse_json(found->message.schema()));
  ASSIGN_OR_RETURN(packs::Schema schema, packs::Schema::compile(std::move(document), {}, {.assert_formats = true}));
  const std::lock_guard lock(schema_mutex);
  if (schemas.size() >= kCachedSchemas) schemas.clear();
  schemas.emplace(key, schema);
  return schema;
}

Status CredentialDesk::State::check_fields(const wire::CredentialType& type, const Json& fields) {
  if (!fields.is_object() || fields.empty()) {
    return fail(Reason::kInvalidValue, "fields must be an object with at least one member", "字段应为非空对象");
  }
  if (fields.size() > kMaxFields) {
    return fail(Reason::kTooLarge, fmt::format("{} fields, the limit is {}", fields.size(), kMaxFields),
                fmt::format("共 {} 个字段，上限为 {}", fields.size(), kMaxFields));
  }
  if (const std::size_t bytes = canonical_json(fields).size(); bytes > kMaxFieldsBytes) {
    return fail(Reason::kTooLarge, fmt::format("the fields have {} bytes, the limit is {}", bytes, kMaxFieldsBytes),
                fmt::format("字段共 {} 字节，上限为 {}", bytes, kMaxFieldsBytes));
  }
  ASSIGN_OR_RETURN(const packs::Schema schema, schema_of(type));
  ASSIGN_OR_RETURN(const auto failures, schema.validate(fields));
  if (!failures.empty()) return std::unexpected(packs::schema_mismatch(failures));
  return {};
}

Result<std::string> CredentialDesk::State::assign_id(const wire::CredentialType& type, std::string_view issuer) const {
  const std::string serial = new_serial(node.clock().now_ms(), node.random());
  if (type.id_scheme() == wire::ID_SCHEME_PLAIN) return fmt::format("{}-{}", type.id().substr(0, 43), serial);
  ASSIGN_OR_RETURN(const wire::Organisation organisation, read_organisation(ledger(), issuer));
  ASSIGN_OR_RETURN(const CertificateIdentifier id,
                   make_certificate_identifier(type.gbt_type_code(), organisation.uscc(), serial, 1));
  return id.text();
}

Result<CredentialDesk::State::Prepared> CredentialDesk::State::prepare_issue(const Session& session,
                                                                             const IssueRequest& request,
                                                                             std::string key) {
  Prepared out;
  out.key = std::move(key);
  out.memo = request.memo;
  out.request_hash = request_hash("issue", to_json(request));
  ASSIGN_OR_RETURN(out.earlier, submission.earlier(session.account(), out.key, out.request_hash));
  if (out.earlier.has_value()) return out;

  ASSIGN_OR_RETURN(const wire::CredentialType type, read_type(ledger(), request.type));
  TRY(check_fields(type, request.fields));
  std::string issuer = request.issuer;
  if (issuer.empty()) {
    ASSIGN_OR_RETURN(const wire::Account account, read_account(ledger(), session.account()));
    issuer = account.organisation();
  }
  out.id = request.id;
  if (out.id.empty()) {
    ASSIGN_OR_RETURN(out.id, assign_id(type, issuer));
  }
  const std::string reference = holder_reference_of(request.holder_reference, request.fields);
  if (reference.empty()) {
    return fail(Reason::kInvalidValue,
                "who the holder is must be said: holder_reference, or a field id_number, uscc or holder_id",
                "请填写持有人标识：holder_reference，或字段 id_number、uscc、holder_id");
  }
  const CredentialFields fields = CredentialFields::with_new_salts(request.fields, node.random());
  ASSIGN_OR_RETURN(const Digest root, contracts::credential::fields_root(hash, fields.commitments(hash)));
  out.blob = {fields_blob_id(out.id, root), fields.encode()};

  wire::Issue args;
  args.set_id(out.id);
  args.set_type(request.type);
  args.set_issuer(issuer);
  args.set_holder(bytes_of(holder_commitment_of(desk_key, hash, reference)));
  args.set_fields_root(bytes_of(root));
  args.set_valid_from_ms(request.valid_from_ms);
  args.set_valid_until_ms(request.valid_until_ms);
  out.calls = {{"credential", "issue", args.SerializeAsString()}};
  return out;
}

Result<CredentialDesk::State::Prepared> CredentialDesk::State::prepare_version(
    const Session& session, std::string_view id, const Found<wire::Credential>& before, const IssueRequest& request,
    std::string_view if_match, std::string key) {
  const wire::Credential& record = before.message;
  Prepared out;
  out.key = std::move(key);
  out.memo = request.memo;
  out.request_hash = request_hash("new_version/" + std::string(id), to_json(request));
  ASSIGN_OR_RETURN(out.earlier, submission.earlier(session.account(), out.key, out.request_hash));
  if (out.earlier.has_value()) return out;

  wire::NewVersion args;
  ASSIGN_OR_RETURN(*args.mutable_expected(), check_if_match(if_match, before.bytes));
  ASSIGN_OR_RETURN(const wire::CredentialType type, read_type(ledger(), record.type()));
  TRY(check_fields(type, request.fields));
  out.id = request.id;
  if (out.id.empty()) {
    ASSIGN_OR_RETURN(out.id, next_id(id, record.version() + 1));
  }
  const CredentialFields fields = CredentialFields::with_new_salts(request.fields, node.random());
  ASSIGN_OR_RETURN(const Digest root, contracts::credential::fields_root(hash, fields.commitments(hash)));
  out.blob = {fields_blob_id(out.id, root), fields.encode()};

  args.set_id(std::string(id));
  args.set_new_id(out.id);
  args.set_fields_root(bytes_of(root));
  args.set_valid_from_ms(request.valid_from_ms);
  args.set_valid_until_ms(request.valid_until_ms);
  const std::string reference = holder_reference_of(request.holder_reference, request.fields);
  if (!reference.empty()) args.set_holder(bytes_of(holder_commitment_of(desk_key, hash, reference)));
  out.calls = {{"credential", "new_version", args.SerializeAsString()}};
  return out;
}

Status CredentialDesk::State::store_blob(const Prepared& prepared) {
  const std::vector<crypto::ReaderPublicKey> readers = {desk_key.reader().public_key()};
  TRY(node.require_space());
  TRY(blobs.put(prepared.blob.id, prepared.blob.plaintext, readers));
  if (failpoint::visit("desk.after_blob")) return fail(Reason::kUnavailable, "failpoint");
  return {};
}

void CredentialDesk::State::drop_blob(const Prepared& prepared, const Error& error) {
  if (error.reason == Reason::kTimeout || error.reason == Reason::kInFlight) return;
  // What can't be discarded now is an orphan that the sweep finds.
  if (const Status status = blobs.discard(prepared.blob.id); !status.has_value()) {
    log_warn("desk.blob_left", {{"reason", reason_text(status.error().reason).wire_name}});
  }
}

Result<CredentialWritten> CredentialDesk::State::written(Submitted submitted, std::string id) const {
  if (id.empty()) {
    // A repeated request: the first answer says which credential it was about.
    for (const wire::Event& event : submitted.entry.events()) {
      if (event.name() != "superseded") id = event.subject();
    }
  }
  ASSIGN_OR_RETURN(const auto found, read_credential(ledger(), id));
  ASSIGN_OR_RETURN(CredentialView view, view_of(id, found));
  return CredentialWritten{std::move(id), std::move(submitted), std::move(view)};
}

Result<CredentialWritten> CredentialDesk::issue(const Session& session, const IssueRequest& request,
                                                std::string_view idempotency_key) {
  ASSIGN_OR_RETURN(State::Prepared prepared, state_->prepare_issue(session, request, std::string(idempotency_key)));
  if (prepared.earlier.has_value()) return state_->written(std::move(*prepared.earlier), {});
  TRY(state_->store_blob(prepared));
  auto submitted =
      state_->submission.submit(session, prepared.calls, prepared.key, prepared.request_hash, prepared.memo);
  if (!submitted.has_value()) {
    state_->drop_blob(prepared, submitted.error());
    return std::unexpected(std::move(submitted).error());
  }
  // The same key may have been answered by a request that was in flight: its credential counts, not this one's id.
  if (submitted->repeated) {
    state_->drop_blob(prepared, {});
    prepared.id.clear();
  }
  return state_->written(std::move(*submitted), std::move(prepared.id));
}

std::vector<Result<CredentialWritten>> CredentialDesk::issue_many(
    const Session& session, const std::vector<IssueRequest>& requests, std::string_view idempotency_key,
    const std::function<void(std::size_t, std::size_t)>& progress) {
  const auto all_fail = [&](const Error& error) {
    return std::vector<Result<CredentialWritten>>(requests.size(), std::unexpected(error));
  };
  if (requests.size() > kMaxIssueMany) {
    return all_fail({Reason::kTooLarge, fmt::format("{} items, the limit is {}", requests.size(), kMaxIssueMany),
                     fmt::format("共 {} 项，上限为 {}", requests.size(), kMaxIssueMany)});
  }
  std::vector<Result<State::Prepared>> prepared;
  std::vector<storage::BlobInput> blobs;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    std::string key = idempotency_key.empty() ? std::string() : fmt::format("{}/{}", idempotency_key, i);
    prepared.push_back(state_->prepare_issue(session, requests[i], std::move(key)));
    if (prepared.back().has_value() && !prepared.back()->earlier.has_value()) {
      blobs.push_back(std::move(prepared.back()->blob));
      prepared.back()->blob.id = blobs.back().id;
    }
  }
  if (const Status space = state_->node.require_space(); !space.has_value()) return all_fail(space.error());
  const std::vector<crypto::ReaderPublicKey> readers = {state_->desk_key.reader().public_key()};
  if (const Status kept = state_->blobs.put_many(blobs, readers); !kept.has_value()) return all_fail(kept.error());

  std::vector<Submission::Item> items;
  for (const auto& one : prepared) {
    if (one.has_value() && !one->earlier.has_value()) {
      items.push_back({one->calls, one->key, one->request_hash, one->memo});
    }
  }
  std::vector<Result<Submitted>> answers = state_->submission.submit_many(session, std::move(items));

  std::vector<Result<CredentialWritten>> out;
  std::size_t next = 0;
  for (auto& one : prepared) {
    if (!one.has_value()) {
      out.emplace_back(std::unexpected(std::move(one).error()));
    } else if (one->earlier.has_value()) {
      out.push_back(state_->written(std::move(*one->earlier), {}));
    } else if (Result<Submitted>& answer = answers[next++]; !answer.has_value()) {
      state_->drop_blob(*one, answer.error());
      out.emplace_back(std::unexpected(std::move(answer).error()));
    } else {
      const bool repeated = answer->repeated;
      if (repeated) state_->drop_blob(*one, {});
      out.push_back(state_->written(std::move(*answer), repeated ? std::string() : std::move(one->id)));
    }
    if (progress) progress(out.size(), requests.size());
  }
  return out;
}

Result<CredentialWritten> CredentialDesk::new_version(const Session& session, std::string_view id,
                                                      const IssueRequest& request, std::string_view if_match,
                                                      std::string_view idempotency_key) {
  const std::lock_guard lock(state_->lock_of(id));
  ASSIGN_OR_RETURN(const auto found, read_credential(state_->ledger(), id));
  ASSIGN_OR_RETURN(State::Prepared prepared,
                   state_->prepare_version(session, id, found, request, if_match, std::string(idempotency_key)));
  if (prepared.earlier.has_value()) return state_->written(std::move(*prepared.earlier), {});
  TRY(state_->store_blob(prepared));
  auto submitted =
      state_->submission.submit(session, prepared.calls, prepared.key, prepared.request_hash, prepared.memo);
  if (!submitted.has_value()) {
    state_->drop_blob(prepared, submitted.error());
    return std::unexpected(std::move(submitted).error());
  }
  if (submitted->repeated) {
    state_->drop_blob(prepared, {});
    prepared.id.clear();
  }
  return state_->written(std::move(*submitted), std::move(prepared.id));
}

}  // namespace chancery::node
