#pragma once
// Mutual TLS 1.3 between nodes. A peer is authenticated when its certificate leads to the root of an organisation in
// the peer list, and its URI names this network and that organisation's node. Nothing of the system's trust store
// counts, no session is resumed: every connection is checked anew, at the time of our clock.
// What is in force is one unchanging snapshot; rotate() and set_peers() put another one in its place. Connections keep
// the snapshot that they began with.

#include <atomic>
#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "node/peers/certificates.h"
#include "node/peers/peer_list.h"

namespace chancery::node {

/// The name of the peer that this certificate belongs to, at a time. kCertificateWrongName for another network, a node
/// that is not in the list, or no node at all; the reasons of crypto::verify_certificate beyond that.
Result<std::string> authenticate_peer(const PeerList& list, const crypto::Certificate& leaf,
                                      std::span<const crypto::Certificate> intermediates, std::int64_t at_ms);

/// Thread-safe.
class PeerTls {
 public:
  struct Snapshot {
    PeerList list;
    boost::asio::ssl::context server{boost::asio::ssl::context::tls_server};
    boost::asio::ssl::context client{boost::asio::ssl::context::tls_client};
    std::uint64_t generation = 0;
  };

  /// kInvalidValue when the identity is not this node's of this network; the clock outlives it.
  static Result<std::shared_ptr<PeerTls>> create(PeerList list, const NodeIdentity& identity, const Clock& clock);

  /// New connections use the new certificate; those that are open finish what they do and are then replaced.
  Status rotate(const NodeIdentity& identity);
  Status set_peers(PeerList list);

  std::shared_ptr<Snapshot> snapshot() const;
  std::uint64_t generation() const { return generation_.load(std::memory_order_relaxed); }

  /// The list in force, with the newest certificate that each peer has shown.
  PeerList seen() const;

  /// Filled by the handshake of one connection; set on its SSL object by `watch`.
  struct Verdict {
    PeerTls* tls = nullptr;
    std::shared_ptr<Snapshot> snapshot;
    std::optional<std::string> expected;  ///< a client knows whom it called
    std::string peer;                     ///< once authenticated
    std::optional<Error> error;
  };
  /// `verdict` must live as long as the SSL object.
  static void watch(SSL* ssl, Verdict& verdict);

 private:
  PeerTls(const Clock& clock, NodeIdentity identity) : clock_(&clock), identity_(std::move(identity)) {}
  Status install(PeerList list, const NodeIdentity& identity);
  static int check(X509_STORE_CTX* context, void* unused);
  Result<std::string> judge(X509_STORE_CTX* context, Verdict& verdict);

  const Clock* clock_;
  mutable std::mutex mutex_;
  NodeIdentity identity_;                                         // guarded by mutex_
  std::shared_ptr<Snapshot> snapshot_;                            // guarded by mutex_
  std::map<std::string, crypto::Certificate, std::less<>> seen_;  // guarded by mutex_
  std::atomic<std::uint64_t> generation_ = 0;
};

}  // namespace chancery::node
