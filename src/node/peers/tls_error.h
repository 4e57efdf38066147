#pragma once
// What went wrong in TLS, from the numbers of OpenSSL. Private to this folder.

#include <boost/system/error_code.hpp>

namespace chancery::node {

/// The other side's bytes were no TLS records: plain HTTP, most likely.
bool speaks_no_tls(const boost::system::error_code& error);
/// The other side sent an alert: it does not want us.
bool is_alert(const boost::system::error_code& error);
/// A client came without a certificate.
bool lacks_certificate(const boost::system::error_code& error);

}  // namespace chancery::node
