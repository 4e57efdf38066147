#include "node/peers/peer_tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "crypto/evp_key.h"
#include "crypto/x509/chain.h"

namespace chancery::node {

namespace {

using boost::asio::ssl::context;

constexpr long kMostChainBytes = 64L << 10;
constexpr int kMostPresented = 5;  // the leaf and four between it and the root

std::unexpected<Error> wrong_name(const std::string& en, const std::string& zh) {
  return fail(Reason::kCertificateWrongName, en, zh);
}

/// The one URI of our scheme; certificates that claim to be two nodes are nobody's.
Result<std::string> claimed_uri(const crypto::Certificate& leaf) {
  std::optional<std::string> found;
  for (const std::string& uri : leaf.alternative_names().uri) {
    if (!uri.starts_with("chancery://")) continue;
    if (found) return wrong_name("the certificate names two nodes", "证书同时写明两个节点");
    found = uri;
  }
  if (!found) return wrong_name("the certificate names no node of a network", "证书未写明任何网络的节点");
  return *found;
}

int verify_slot() {
  static const int slot = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return slot;
}

/// The number that OpenSSL turns into the alert for the other side.
int alert_code(Reason reason) {
  switch (reason) {
    case Reason::kCertificateExpired:
      return X509_V_ERR_CERT_HAS_EXPIRED;
    case Reason::kCertificateNotYetValid:
      return X509_V_ERR_CERT_NOT_YET_VALID;
    case Reason::kCertificateRevoked:
      return X509_V_ERR_CERT_REVOKED;
    case Reason::kCertificateWrongName:
      return X509_V_ERR_HOSTNAME_MISMATCH;
    default:
      return X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
  }
}

Result<crypto::Certificate> from_openssl(const X509* certificate) {
  unsigned char* raw = nullptr;
  const int length = certificate == nullptr ? -1 : i2d_X509(certificate, &raw);
  if (length <= 0) return fail(Reason::kMalformed, "a certificate that cannot be read", "证书无法读取");
  const Bytes der(raw, raw + length);
  OPENSSL_free(raw);
  return crypto::Certificate::from_der(der);
}

Status prepare(context& made, const NodeIdentity& identity, int (*check)(X509_STORE_CTX*, void*)) {
  SSL_CTX* const native = made.native_handle();
  const Bytes& der = identity.certificate.der();
  const crypto::EvpPkeyPtr key = crypto::to_evp(identity.key);
  const bool good = key && SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION) == 1 &&
                    SSL_CTX_set_max_proto_version(native, TLS1_3_VERSION) == 1 &&
                    SSL_CTX_use_certificate_ASN1(native, static_cast<int>(der.size()), der.data()) == 1 &&
                    SSL_CTX_use_PrivateKey(native, key.get()) == 1 && SSL_CTX_check_private_key(native) == 1 &&
                    // Tickets would carry yesterday's trust into tomorrow's connection.
                    SSL_CTX_set_num_tickets(native, 0) == 1;
  if (!good) {
    ERR_clear_error();
    return fail(Reason::kCryptoFailed, "OpenSSL does not take the node's certificate", "OpenSSL 无法使用节点证书");
  }
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(native, kMostChainBytes);
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(native, check, nullptr);
  return {};
}

}  // namespace

Result<std::string> authenticate_peer(const PeerList& list, const crypto::Certificate& leaf,
                                      std::span<const crypto::Certificate> intermediates, std::int64_t at_ms) {
  ASSIGN_OR_RETURN(const std::string uri, claimed_uri(leaf));
  const std::string ours = node_uri(list.network_id, "");
  if (!uri.starts_with(ours)) {
    return wrong_name("the certificate is for another network: " + uri, "证书属于另一个网络：" + uri);
  }
  std::string name = uri.substr(ours.size());
  const Peer* const peer = list.find(name);
  if (peer == nullptr) {
    return wrong_name("\"" + name + "\" is none of our peers", "“" + name + "”不在本节点的 peers.json 中");
  }
  TRY(crypto::verify_certificate(leaf, {.roots = {&peer->root, 1}, .intermediates = intermediates, .at_ms = at_ms}));
  return name;
}

Result<std::shared_ptr<PeerTls>> PeerTls::create(PeerList list, const NodeIdentity& identity, const Clock& clock) {
  auto out = std::shared_ptr<PeerTls>(new PeerTls(clock, identity));
  TRY(out->install(std::move(list), identity));
  return out;
}

Status PeerTls::install(PeerList list, const NodeIdentity& identity) {
  // Our own certificate must pass what the peers will ask of it; being out of date is theirs and doctor's to say.
  const auto own = authenticate_peer(list, identity.certificate, {}, identity.certificate.not_before_ms());
  if (!own) return std::unexpected(own.error());
  if (*own != list.own_name) {
    return wrong_name("the certificate is for \"" + *own + "\", this node is \"" + list.own_name + "\"",
                      "证书属于“" + *own + "”，本节点是“" + list.own_name + "”");
  }
  auto next = std::make_shared<Snapshot>();
  next->list = std::move(list);
  TRY(prepare(next->server, identity, &PeerTls::check));
  TRY(prepare(next->client, identity, &PeerTls::check));
  const std::lock_guard lock(mutex_);
  next->generation = generation_.load(std::memory_order_relaxed) + 1;
  identity_ = identity;
  seen_.insert_or_assign(next->list.own_name, identity.certificate);
  snapshot_ = std::move(next);
  generation_.store(snapshot_->generation, std::memory_order_relaxed);
  return {};
}

Status PeerTls::rotate(const NodeIdentity& identity) {
  return install(snapshot()->list, identity);
}

Status PeerTls::set_peers(PeerList list) {
  if (list.network_id != snapshot()->list.network_id) {
    return wrong_name("the list of peers is for another network", "peers.json 属于另一个网络");
  }
  const auto identity = [this] {
    const std::lock_guard lock(mutex_);
    return identity_;
  }();
  return install(std::move(list), identity);
}

std::shared_ptr<PeerTls::Snapshot> PeerTls::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

PeerList PeerTls::seen() const {
  const std::lock_guard lock(mutex_);
  PeerList out = snapshot_->list;
  for (Peer& peer : out.peers) {
    if (const auto found = seen_.find(peer.name); found != seen_.end()) peer.certificate = found->second;
  }
  return out;
}

void PeerTls::watch(SSL* ssl, Verdict& verdict) {
  CHANCERY_CHECK(SSL_set_ex_data(ssl, verify_slot(), &verdict) == 1);
}

int PeerTls::check(X509_STORE_CTX* context, void* /*unused*/) {
  const auto* const ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* const verdict = static_cast<Verdict*>(SSL_get_ex_data(ssl, verify_slot()));
  if (verdict == nullptr) return 0;
  auto peer = verdict->tls->judge(context, *verdict);
  if (peer) {
    verdict->peer = std::move(*peer);
    X509_STORE_CTX_set_error(context, X509_V_OK);
    return 1;
  }
  X509_STORE_CTX_set_error(context, alert_code(peer.error().reason));
  verdict->error = std::move(peer).error();
  return 0;
}

Result<std::string> PeerTls::judge(X509_STORE_CTX* context, Verdict& verdict) {
  ASSIGN_OR_RETURN(const crypto::Certificate leaf, from_openssl(X509_STORE_CTX_get0_cert(context)));
  std::vector<crypto::Certificate> intermediates;
  STACK_OF(X509)* const presented = X509_STORE_CTX_get0_untrusted(context);
  if (sk_X509_num(presented) > kMostPresented) {
    return fail(Reason::kTooLarge, "more than 5 certificates were presented", "出示的证书过多");
  }
  for (int i = 0; i < sk_X509_num(presented); ++i) {
    ASSIGN_OR_RETURN(crypto::Certificate one, from_openssl(sk_X509_value(presented, i)));
    if (!(one == leaf)) intermediates.push_back(std::move(one));
  }
  const PeerList& list = verdict.snapshot->list;
  ASSIGN_OR_RETURN(std::string name, authenticate_peer(list, leaf, intermediates, clock_->now_ms()));
  if (verdict.expected && name != *verdict.expected) {
    return wrong_name("\"" + name + "\" answers where \"" + *verdict.expected + "\" was called",
                      "呼叫“" + *verdict.expected + "”，应答的却是“" + name + "”");
  }
  if (name == list.own_name && !verdict.expected) {
    return wrong_name("somebody presents our own certificate", "对方出示了本节点自己的证书");
  }
  const std::lock_guard lock(mutex_);
  seen_.insert_or_assign(name, leaf);
  return name;
}

}  // namespace chancery::node
