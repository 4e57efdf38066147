#include "node/peers/tls_error.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/ssl/error.hpp>

namespace chancery::node {

namespace {

/// OpenSSL's reason of an error that came from the TLS layer; 0 for others.
int tls_reason(const boost::system::error_code& error) {
  if (error.category() != boost::asio::error::get_ssl_category()) return 0;
  return ERR_GET_REASON(static_cast<unsigned long>(error.value()));
}

}  // namespace

bool speaks_no_tls(const boost::system::error_code& error) {
  const int reason = tls_reason(error);
  return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST ||
         reason == SSL_R_PACKET_LENGTH_TOO_LONG || reason == SSL_R_RECORD_LENGTH_MISMATCH;
}

bool is_alert(const boost::system::error_code& error) {
  const int reason = tls_reason(error);
  return reason >= SSL_AD_REASON_OFFSET && reason < SSL_AD_REASON_OFFSET + 256;
}

bool lacks_certificate(const boost::system::error_code& error) {
  return tls_reason(error) == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE;
}

}  // namespace chancery::node
