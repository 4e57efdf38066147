#include "crypto/x509/chain.h"

#include <openssl/err.h>

#include <algorithm>
#include <chrono>

#include "crypto/x509/x509_parts.h"

namespace chancery::crypto {

namespace {

constexpr std::size_t kMostIntermediates = 4;

struct FreeCertificates {
  void operator()(STACK_OF(X509) * list) const { sk_X509_pop_free(list, X509_free); }
};
using CertificatesPtr = std::unique_ptr<STACK_OF(X509), FreeCertificates>;

std::string shown(const Certificate& certificate) {
  return "\"" + certificate.subject().common_name + "\"";
}

std::unexpected<Error> untrusted(const std::string& en, const std::string& zh) {
  return fail(Reason::kCertificateUntrusted, en, zh);
}

std::unexpected<Error> refusal(int code, const Certificate& at) {
  const std::string who = shown(at);
  switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return fail(Reason::kCertificateExpired, who + " ended on " + day_of(at.not_after_ms()) + " (UTC)",
                  who + " 已于 " + day_of(at.not_after_ms()) + "（UTC）到期");
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return fail(Reason::kCertificateNotYetValid, who + " begins on " + day_of(at.not_before_ms()) + " (UTC)",
                  who + " 自 " + day_of(at.not_before_ms()) + "（UTC）起生效");
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return untrusted(who + ", issued by \"" + at.issuer().common_name + "\", leads to no trusted root",
                       who + " 由“" + at.issuer().common_name + "”签发，不能追溯到受信任的根证书");
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return untrusted("the signature of " + who + " does not hold", who + " 的签名不成立");
    case X509_V_ERR_INVALID_PURPOSE:
      return untrusted(who + " was not issued for this use", who + " 的用途不符");
    default:
      return untrusted(who + ": " + X509_verify_cert_error_string(code),
                       who + "：" + X509_verify_cert_error_string(code));
  }
}

/// Our own look at the lists: OpenSSL's would not find the SM2 identifier.
Status check_revocation(const Certificate& leaf, const ChainQuestion& question) {
  for (const RevocationList& list : question.revocations) {
    const bool ours = std::ranges::any_of(question.roots, [&](const Certificate& root) {
      return root.subject() == leaf.issuer() && list.signed_by(root);
    });
    if (!ours) continue;
    if (list.names(leaf)) {
      return fail(Reason::kCertificateRevoked, shown(leaf) + " was taken back by its issuer",
                  shown(leaf) + " 已被签发机构撤销");
    }
    if (list.next_update_ms() < question.at_ms) {
      return untrusted("the issuer's revocation list ended on " + day_of(list.next_update_ms()),
                       "签发机构的撤销列表已于 " + day_of(list.next_update_ms()) + " 到期");
    }
  }
  return {};
}

/// RFC 3161 section 2.3: the extended key usage is critical and names nothing else.
bool for_timestamps_only(X509* leaf) {
  const int at = X509_get_ext_by_NID(leaf, NID_ext_key_usage, -1);
  const bool critical = at >= 0 && X509_EXTENSION_get_critical(X509_get_ext(leaf, at)) == 1;
  return critical && X509_get_extended_key_usage(leaf) == XKU_TIMESTAMP &&
         X509_check_purpose(leaf, X509_PURPOSE_TIMESTAMP_SIGN, 0) == 1;
}

bool allows(X509* leaf, ChainUse use) {
  if (use == ChainUse::kTimestamp) return for_timestamps_only(leaf);
  if (use == ChainUse::kSignature) return (X509_get_key_usage(leaf) & X509v3_KU_DIGITAL_SIGNATURE) != 0;
  // A certificate that names no extended use would pass for any: nodes must be named as such.
  const std::uint32_t extended = X509_get_extended_key_usage(leaf);
  return extended != UINT32_MAX && X509_check_purpose(leaf, X509_PURPOSE_SSL_SERVER, 0) == 1 &&
         X509_check_purpose(leaf, X509_PURPOSE_SSL_CLIENT, 0) == 1;
}

}  // namespace

std::string day_of(std::int64_t time_ms) {
  const std::chrono::sys_days day = std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(time_ms)));
  const std::chrono::year_month_day date(day);
  const auto two = [](unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return std::to_string(static_cast<int>(date.year())) + "-" + two(static_cast<unsigned>(date.month())) + "-" +
         two(static_cast<unsigned>(date.day()));
}

Status verify_certificate(const Certificate& leaf, const ChainQuestion& question) {
  if (question.intermediates.size() > kMostIntermediates) {
    return fail(Reason::kTooLarge, "more than 4 certificates between leaf and root", "证书链过长");
  }
  const X509StorePtr store(X509_STORE_new());
  const CertificatesPtr between(sk_X509_new_null());
  const X509StoreCtxPtr context(X509_STORE_CTX_new());
  const X509Ptr subject = to_openssl(leaf);
  if (!store || !between || !context) return openssl_failed("check a certificate");
  for (const Certificate& root : question.roots) {
    const X509Ptr trusted = to_openssl(root);
    if (X509_STORE_add_cert(store.get(), trusted.get()) != 1) return openssl_failed("add a root");
  }
  for (const Certificate& certificate : question.intermediates) {
    X509Ptr one = to_openssl(certificate);
    if (sk_X509_push(between.get(), one.get()) <= 0) return openssl_failed("add an intermediate");
    static_cast<void>(one.release());
  }
  if (X509_STORE_CTX_init(context.get(), store.get(), subject.get(), between.get()) != 1) {
    return openssl_failed("check a certificate");
  }
  X509_VERIFY_PARAM* const rules = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(rules, static_cast<time_t>(question.at_ms / 1000));
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT | X509_V_FLAG_CHECK_SS_SIGNATURE);
  if (X509_verify_cert(context.get()) != 1) {
    const int code = X509_STORE_CTX_get_error(context.get());
    X509* const at = X509_STORE_CTX_get_current_cert(context.get());
    ERR_clear_error();
    const auto named = at == nullptr ? Result<Certificate>(leaf) : Certificate::from_der(der_of<X509>(i2d_X509, at));
    return refusal(code, named ? *named : leaf);
  }
  if (!allows(subject.get(), question.use)) return refusal(X509_V_ERR_INVALID_PURPOSE, leaf);
  return check_revocation(leaf, question);
}

}  // namespace chancery::crypto
