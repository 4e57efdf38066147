// Types, and what happens to a credential after its issue.

#include <fmt/format.h>

#include "node/services/credential_desk_state.h"

namespace chancery::node {

namespace {

constexpr std::size_t kMaxAnnotationChars = 2'000;

Result<wire::CredentialType> type_of(const DefineTypeRequest& request) {
  wire::CredentialType out;
  out.set_id(request.id);
  out.set_name_zh(request.name_zh);
  out.set_name_en(request.name_en);
  for (const std::string& issuer : request.issuers) out.add_issuers(issuer);
  out.set_vct(request.vct);
  if (request.id_scheme == "plain") {
    out.set_id_scheme(wire::ID_SCHEME_PLAIN);
  } else if (request.id_scheme == "gbt36904") {
    out.set_id_scheme(wire::ID_SCHEME_GBT36904);
  } else {
    return fail(Reason::kInvalidValue, "id_scheme must be plain or gbt36904", "id_scheme 应为 plain 或 gbt36904");
  }
  out.set_gbt_type_code(request.gbt_type_code);
  if (request.retention == "permanent") {
    out.set_retention(wire::RETENTION_CLASS_PERMANENT);
  } else if (request.retention == "30_years") {
    out.set_retention(wire::RETENTION_CLASS_30_YEARS);
  } else if (request.retention == "10_years") {
    out.set_retention(wire::RETENTION_CLASS_10_YEARS);
  } else {
    return fail(Reason::kInvalidValue, "retention must be permanent, 30_years or 10_years",
                "retention 应为 permanent、30_years 或 10_years");
  }
  out.mutable_validity()->set_max_ms(request.max_validity_ms);
  out.mutable_validity()->set_default_ms(request.default_validity_ms);
  out.set_closed(request.closed);
  return out;
}

/// Compiled here so that a bad schema is refused before it is on the ledger for ever.
Status check_schema(const std::string& schema) {
  ASSIGN_OR_RETURN(Json document, parse_json(schema));
  const auto compiled = packs::Schema::compile(std::move(document), {}, {.assert_formats = true});
  if (!compiled.has_value()) return std::unexpected(compiled.error());
  return {};
}

}  // namespace

Result<Submitted> CredentialDesk::define_type(const Session& session, const DefineTypeRequest& request,
                                              std::string_view idempotency_key) {
  wire::DefineType args;
  ASSIGN_OR_RETURN(*args.mutable_type(), type_of(request));
  TRY(check_schema(request.schema));
  args.set_schema(request.schema);
  return state_->submission.submit(session, {{"credential", "define_type", args.SerializeAsString()}}, idempotency_key);
}

Result<Submitted> CredentialDesk::update_type(const Session& session, const DefineTypeRequest& request,
                                              std::uint32_t expected_version, std::string_view idempotency_key) {
  wire::UpdateType args;
  ASSIGN_OR_RETURN(*args.mutable_type(), type_of(request));
  if (!request.schema.empty()) TRY(check_schema(request.schema));
  args.set_schema(request.schema);
  args.set_expected_version(expected_version);
  return state_->submission.submit(session, {{"credential", "update_type", args.SerializeAsString()}}, idempotency_key);
}

Result<CredentialWritten> CredentialDesk::State::change_status(const Session& session, std::string_view method,
                                                               std::string_view id, std::string_view reason,
                                                               std::string_view if_match,
                                                               std::string_view idempotency_key) {
  wire::ChangeStatus args;
  args.set_id(std::string(id));
  args.set_reason(std::string(reason));
  const Digest asked = request_hash(method, Json::array({id, reason}));
  const std::lock_guard lock(lock_of(id));
  ASSIGN_OR_RETURN(auto earlier, submission.earlier(session.account(), idempotency_key, asked));
  if (earlier.has_value()) return written(std::move(*earlier), std::string(id));
  ASSIGN_OR_RETURN(const auto found, read_credential(ledger(), id));
  ASSIGN_OR_RETURN(*args.mutable_expected(), check_if_match(if_match, found.bytes));
  const std::vector<CallRequest> calls = {{"credential", std::string(method), args.SerializeAsString()}};
  ASSIGN_OR_RETURN(Submitted submitted, submission.submit(session, calls, idempotency_key, asked));
  return written(std::move(submitted), std::string(id));
}

Result<CredentialWritten> CredentialDesk::suspend(const Session& session, std::string_view id, std::string_view reason,
                                                  std::string_view if_match, std::string_view idempotency_key) {
  return state_->change_status(session, "suspend", id, reason, if_match, idempotency_key);
}

Result<CredentialWritten> CredentialDesk::resume(const Session& session, std::string_view id, std::string_view reason,
                                                 std::string_view if_match, std::string_view idempotency_key) {
  return state_->change_status(session, "resume", id, reason, if_match, idempotency_key);
}

Result<CredentialWritten> CredentialDesk::revoke(const Session& session, std::string_view id, std::string_view reason,
                                                 std::string_view if_match, std::string_view idempotency_key) {
  return state_->change_status(session, "revoke", id, reason, if_match, idempotency_key);
}

Result<CredentialWritten> CredentialDesk::annotate(const Session& session, std::string_view id, std::string_view text,
                                                   std::string_view if_match, std::string_view idempotency_key) {
  if (!is_utf8(text) || text.empty() || utf8_length(text) > kMaxAnnotationChars) {
    return fail(Reason::kInvalidValue, fmt::format("an annotation has 1 to {} characters", kMaxAnnotationChars),
                fmt::format("批注应为 1 至 {} 个字", kMaxAnnotationChars));
  }
  State& state = *state_;
  const Digest asked = state.request_hash("annotate", Json::array({id, text}));
  const std::lock_guard lock(state.lock_of(id));
  ASSIGN_OR_RETURN(auto earlier, state.submission.earlier(session.account(), idempotency_key, asked));
  if (earlier.has_value()) return state.written(std::move(*earlier), std::string(id));
  ASSIGN_OR_RETURN(const auto found, read_credential(state.ledger(), id));
  wire::Annotate args;
  ASSIGN_OR_RETURN(*args.mutable_expected(), check_if_match(if_match, found.bytes));

  AnnotationBlob note{std::string(text), {}};
  state.node.random().fill(note.salt);
  const Digest commitment = note.commitment(state.hash);
  State::Prepared prepared;
  prepared.blob = {annotation_blob_id(id, commitment), note.encode()};
  TRY(state.store_blob(prepared));
  args.set_id(std::string(id));
  args.set_commitment(bytes_of(commitment));
  auto submitted =
      state.submission.submit(session, {{"credential", "annotate", args.SerializeAsString()}}, idempotency_key, asked);
  if (!submitted.has_value()) {
    state.drop_blob(prepared, submitted.error());
    return std::unexpected(std::move(submitted).error());
  }
  if (submitted->repeated) state.drop_blob(prepared, {});
  return state.written(std::move(*submitted), std::string(id));
}

Result<std::uint64_t> CredentialDesk::sweep_orphans() {
  // A blob is written before its transaction; the transaction is final or dead when its window is over.
  const std::int64_t old_enough_ms =
      state_->now_ms() - state_->node.genesis().parameters.window_ms - 2 * kSubmitTimeout_ms;
  std::vector<std::string> orphans;
  std::optional<Error> failed;
  TRY(state_->blobs.for_each([&](const storage::BlobInfo& info) {
    const auto subject = parse_blob_id(info.id);
    if (!subject.has_value() || info.created_ms > old_enough_ms) return true;
    const auto found = find_record<wire::Credential>(state_->ledger(), "credential", "credential", subject->credential);
    if (!found.has_value()) {
      failed = found.error();
      return false;
    }
    const std::string wanted = bytes_of(subject->digest);
    bool referred = false;
    if (found->has_value()) {
      const wire::Credential& record = (*found)->message;
      referred = !subject->annotation && record.fields_root() == wanted;
      for (const wire::Annotation& note : record.annotations()) {
        referred = referred || (subject->annotation && note.commitment() == wanted);
      }
    }
    if (!referred) orphans.push_back(info.id);
    return true;
  }));
  if (failed.has_value()) return std::unexpected(*failed);
  for (const std::string& id : orphans) TRY(state_->blobs.discard(id));
  return orphans.size();
}

}  // namespace chancery::node
