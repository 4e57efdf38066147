#pragma once
// What an organisation hands to the founder of a network: public halves alone, signed by the node's key. Its private
// halves were made in its own directory and stay there.
//   { "format": "chancery-organisation-v1",
//     "organisation": { "id": "gulou", "name_zh": "鼓楼区", "name_en": "Gulou District", "uscc": "…",
//                       "node": "gulou-1", "algorithm": "sm2-sm3", "public_key": "<hex>", "log_key": "<hex of
//                       Ed25519>", "engine_key": "<hex of Ed25519>", "tls_root": "-----BEGIN CERTIFICATE-----…",
//                       "address": "192.0.2.2:8701", "engine_address": "192.0.2.2:26656",
//                       "administrator": "gulou-admin", "administrator_key": "<hex>" },
//     "signature": "<hex>" }
// The signature covers domain_hash(SHA-256, "chancery/organisation-file/1", {canonical JSON of "organisation"}). The
// fingerprint of the file is that hash, too: what two people read to each other covers every member.

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/signature.h"
#include "crypto/suite.h"
#include "crypto/x509/certificate.h"

namespace chancery::node {

struct OrganisationFacts {
  std::string id;  ///< [a-z0-9._-], 1 to 32
  std::string name_zh;
  std::string name_en;           ///< may be empty
  std::string uscc;              ///< unified social credit code, GB 32100; may be empty
  std::string node;              ///< is_node_name
  crypto::PublicKey key;         ///< of the node: signs checkpoints with the network's suite
  crypto::PublicKey log_key;     ///< Ed25519
  crypto::PublicKey engine_key;  ///< Ed25519
  crypto::Certificate tls_root;
  std::string address;                  ///< where the node answers its peers, "host:port"
  std::string engine_address;           ///< where its consensus engine does
  std::string administrator;            ///< account id, [a-z0-9._-], 1 to 64
  crypto::PublicKey administrator_key;  ///< of the same algorithm as `key`
};

class OrganisationFile {
 public:
  /// kInvalidValue when `key` is not the node's of these facts, or a fact is not what its comment says.
  static Result<OrganisationFile> sign(const OrganisationFacts& facts, const crypto::PrivateKey& key);
  /// At most 128 KiB. kBadSignature when the signature does not hold, kInvalidValue names the member otherwise.
  static Result<OrganisationFile> parse(std::string_view json_text);

  const OrganisationFacts& facts() const { return facts_; }
  std::string to_json() const;
  Digest fingerprint() const;

 private:
  OrganisationFile(OrganisationFacts facts, crypto::Signature signature)
      : facts_(std::move(facts)), signature_(signature) {}
  OrganisationFacts facts_;
  crypto::Signature signature_;
};

}  // namespace chancery::node
