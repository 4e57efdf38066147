// Certificates, requests and revocation lists: whatever is taken comes back byte for byte, and judging it ends.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/x509/certificate_request.h"
#include "crypto/x509/chain.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chancery::crypto;
  const chancery::BytesView in(data, size);
  if (const auto certificate = Certificate::from_der(in)) {
    CHANCERY_CHECK(std::ranges::equal(certificate->der(), in));
    CHANCERY_CHECK(Certificate::from_pem(certificate->pem()).value() == *certificate);
    const std::int64_t middle_ms =
        certificate->not_before_ms() + (certificate->not_after_ms() - certificate->not_before_ms()) / 2;
    // Nobody is trusted: nothing may pass.
    CHANCERY_CHECK(!verify_certificate(*certificate, {.at_ms = middle_ms}));
    static_cast<void>(verify_certificate(*certificate, {.roots = {&*certificate, 1}, .at_ms = middle_ms}));
  }
  if (const auto request = CertificateRequest::from_der(in)) {
    CHANCERY_CHECK(CertificateRequest::from_pem(request->pem()).has_value());
  }
  if (const auto list = RevocationList::from_der(in)) {
    CHANCERY_CHECK(RevocationList::from_pem(list->pem())->revoked().size() == list->revoked().size());
  }
  return 0;
}
