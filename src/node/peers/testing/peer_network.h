#pragma once
// Organisations with a root and a node each, for tests of what goes between nodes.

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "node/peers/certificates.h"
#include "node/peers/peer_client.h"
#include "node/peers/peer_server.h"

namespace chancery::node::testing {

inline constexpr std::int64_t kNow_ms = 1'790'000'000'000;

inline Digest network_of(std::uint8_t number) {
  Digest out{};
  out.fill(number);
  return out;
}

struct Organisation {
  std::string name;
  crypto::CertificateAuthority authority;

  explicit Organisation(const std::string& id, std::uint64_t seed = 1)
      : name(id), authority([&] {
          SeededRandom random(seed + 1000 * id.size());
          auto key = crypto::PrivateKey::generate(crypto::SignatureAlgorithm::kEcdsaP256Sha256, random).value();
          return crypto::CertificateAuthority::create({id + " root", id}, std::move(key),
                                                      {kNow_ms - kDay_ms, kNow_ms + kRootValidityDays * kDay_ms},
                                                      random)
              .value();
        }()) {}

  Peer peer(const std::string& address = "127.0.0.1:1") const {
    return {name + "-1", name, address, "", authority.root()};
  }
  NodeIdentity identity(const Digest& network, std::int64_t now_ms = kNow_ms,
                        std::int64_t days = kNodeValidityDays) const {
    SystemRandom random;
    return issue_identity(authority, network, peer(), now_ms, days, random).value();
  }
};

inline PeerList list_of(const std::string& own, const std::vector<Peer>& peers, const Digest& network = network_of(1)) {
  return {network, own, peers};
}

}  // namespace chancery::node::testing
