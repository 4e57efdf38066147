#include "cli/signature_check.h"

#include <fmt/core.h>

#include "crypto/hash.h"
#include "documents/tsa/timestamp.h"

namespace chancery::cli {
namespace {

constexpr std::size_t kMostRoots = 64;
constexpr std::string_view kPemBegin = "-----BEGIN CERTIFICATE-----";

/// A failed step says why behind its title; one that was not reached is left out, as it says nothing.
void add_steps(FileVerdict& verdict, const documents::CheckReport& report) {
  for (const documents::CheckedStep& step : report.steps()) {
    if (step.outcome == documents::CheckOutcome::kNotReached) continue;
    const bool ok = step.outcome == documents::CheckOutcome::kPassed;
    std::string zh(documents::title(step.step, Language::kZhCn));
    std::string en(documents::title(step.step, Language::kEn));
    if (!ok) {
      zh = fmt::format("{}：否。{}", zh, step.error.detail_zh.empty() ? step.error.detail : step.error.detail_zh);
      en = fmt::format("{}: no. {}", en, step.error.detail);
      if (!verdict.failure) verdict.failure = step.error.reason;
    }
    verdict.steps.push_back({std::string(documents::to_string(step.step)), ok, std::move(zh), std::move(en)});
  }
}

void add_fact(FileVerdict& verdict, std::string name, std::string zh, std::string en) {
  verdict.steps.push_back({std::move(name), true, std::move(zh), std::move(en)});
}

void add_signer(FileVerdict& verdict, const crypto::Certificate& certificate) {
  const crypto::DistinguishedName& name = certificate.subject();
  const std::string whole =
      name.organisation.empty() ? name.common_name : fmt::format("{} ({})", name.common_name, name.organisation);
  add_fact(verdict, "signer", fmt::format("签名者：{}", whole), fmt::format("Signed by {}", whole));
}

FileVerdict verify_token(std::string_view kind, BytesView token, const SignatureSupport& support) {
  FileVerdict verdict;
  verdict.kind = kind;
  const Result<documents::TstInfo> info = documents::read_timestamp_token(token);
  documents::TimestampQuestion question{.imprint = {}, .roots = support.roots, .at_ms = support.at_ms};
  if (info && !support.content) {
    verdict.failure = Reason::kContentMissing;
    verdict.steps.push_back(
        {"digest", false, "需要 --content：加盖时间戳的原文件。", "--content is needed: the file that was stamped."});
    return verdict;
  }
  if (info) question.imprint = {info->imprint.algorithm, crypto::hash(info->imprint.algorithm, *support.content)};
  const documents::TimestampVerdict found = documents::verify_timestamp(token, question);
  add_steps(verdict, found.report);
  verdict.passed = found.report.accepted();
  if (found.authority) add_signer(verdict, *found.authority);
  if (!found.info) return verdict;
  verdict.time_ms = found.info->at_ms;
  add_fact(verdict, "time", fmt::format("时间：{}", show_time(found.info->at_ms)),
           fmt::format("Time: {}", show_time(found.info->at_ms)));
  return verdict;
}

/// The time of a timestamp over this signature, when there is one that holds; what is found goes into the verdict.
std::optional<std::int64_t> stamped_at(const documents::SignerInfo& signer, const SignatureSupport& support,
                                       FileVerdict& verdict) {
  const documents::Attribute* const attribute =
      documents::find_attribute(signer.unsigned_attributes, documents::oid::kTimeStampToken);
  if (attribute == nullptr) return std::nullopt;
  const FileVerdict stamp =
      verify_token("timestamp", attribute->values[0],
                   {.roots = support.roots, .content = signer.signature, .at_ms = {}, .now_ms = 0});
  if (stamp.passed) {
    add_fact(verdict, "timestamp", fmt::format("签名带有有效的时间戳：{}", show_time(stamp.time_ms)),
             fmt::format("The signature carries a timestamp that holds: {}", show_time(stamp.time_ms)));
    return stamp.time_ms;
  }
  const ledger::VerificationStep& why = stamp.steps.back();
  add_fact(verdict, "timestamp", fmt::format("签名所带的时间戳不被采信：{}", why.text_zh),
           fmt::format("The timestamp in the signature is not relied on: {}", why.text_en));
  return std::nullopt;
}

FileVerdict verify_signed_data(BytesView bytes, const documents::SignedData* data, const SignatureSupport& support) {
  FileVerdict verdict;
  verdict.kind = "signature";
  std::optional<std::int64_t> stamp_ms;
  if (data != nullptr && data->signers.size() == 1) stamp_ms = stamped_at(data->signers[0], support, verdict);
  documents::CmsQuestion question{.roots = support.roots};
  question.at_ms = support.at_ms.value_or(stamp_ms.value_or(support.now_ms));
  if (support.content) question.content = *support.content;
  const documents::CmsVerdict found = documents::verify_cms(bytes, question);
  verdict.passed = found.accepted();
  verdict.time_ms = question.at_ms;
  if (found.signers.empty()) add_steps(verdict, found.structure);
  for (const documents::CheckedSigner& signer : found.signers) {
    add_steps(verdict, signer.report);
    if (signer.certificate) add_signer(verdict, *signer.certificate);
    if (!signer.signing_time_ms) continue;
    const std::string time = show_time(*signer.signing_time_ms);
    add_fact(verdict, "claimed_time", fmt::format("签名者自称的签名时间（无人证明）：{}", time),
             fmt::format("Time that the signer claims (nobody vouches for it): {}", time));
  }
  return verdict;
}

}  // namespace

bool looks_like_signature(BytesView content) {
  return !content.empty() && content[0] == crypto::der::kSequence;
}

Result<std::vector<crypto::Certificate>> read_roots(std::string_view pem) {
  std::vector<crypto::Certificate> out;
  for (auto at = pem.find(kPemBegin); at != std::string_view::npos; at = pem.find(kPemBegin, at + 1)) {
    if (out.size() == kMostRoots) return fail(Reason::kTooLarge, "more than 64 roots", "根证书超过 64 个");
    const std::string_view rest = pem.substr(at);
    ASSIGN_OR_RETURN(crypto::Certificate root,
                     crypto::Certificate::from_pem(rest.substr(0, rest.find(kPemBegin, kPemBegin.size()))));
    out.push_back(std::move(root));
  }
  if (out.empty()) return fail(Reason::kMalformed, "there is no certificate in PEM", "其中没有 PEM 证书");
  return out;
}

FileVerdict verify_signature_file(BytesView content, const SignatureSupport& support) {
  const Result<documents::SignedData> data = documents::parse_signed_data(content);
  if (data && data->content_type == documents::oid::kTstInfo) return verify_token("timestamp", content, support);
  if (data) return verify_signed_data(content, &*data, support);
  // A reply begins with a sequence of its own, SignedData with its object identifier.
  if (const Result<Bytes> token = documents::token_of_response(content)) {
    return verify_token("timestamp-reply", *token, support);
  }
  return verify_signed_data(content, nullptr, support);
}

}  // namespace chancery::cli
