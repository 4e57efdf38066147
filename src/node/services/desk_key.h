#pragma once
// keys/desk.p8: the node's own secret for personal data, a PKCS#8 file under the node's passphrase. Everything that the
// desks need is derived from it by HKDF: the reader key that documents are wrapped to, the pseudonyms of holders, the
// ES256 key of SD-JWTs, the keys of the timestamp authorities. Whoever loses it loses the personal data of this node:
// it belongs into the backup of keys.

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/key_agreement.h"
#include "crypto/secret.h"
#include "crypto/signature.h"
#include "crypto/suite.h"

namespace chancery::node {

class DeskKey {
 public:
  /// Opens keys/desk.p8, or makes it where there is none. kForbidden when the passphrase is wrong.
  static Result<DeskKey> open(const std::string& keys_directory, std::string_view passphrase,
                              const crypto::Suite& suite, Random& random);

  /// What documents are wrapped to: SM2 in a gm network, X25519 in an intl one.
  const crypto::ReaderPrivateKey& reader() const { return reader_; }
  /// Signs SD-JWTs (ES256); its public part is served as a JWK.
  const crypto::PrivateKey& sd_jwt_key() const { return sd_jwt_key_; }
  /// A key of its own for each purpose and algorithm, the same whenever it is asked for.
  Result<crypto::PrivateKey> signing_key(std::string_view purpose, crypto::SignatureAlgorithm algorithm) const;
  /// HMAC under a key of its own for each purpose: hashes of personal data that nobody can guess values for.
  Digest keyed_hash(std::string_view purpose, BytesView data) const;

 private:
  DeskKey(crypto::SecretBytes secret, crypto::HashAlgorithm hash, crypto::ReaderPrivateKey reader,
          crypto::PrivateKey sd_jwt_key)
      : secret_(std::move(secret)), hash_(hash), reader_(std::move(reader)), sd_jwt_key_(std::move(sd_jwt_key)) {}

  crypto::SecretBytes secret_;
  crypto::HashAlgorithm hash_;
  crypto::ReaderPrivateKey reader_;
  crypto::PrivateKey sd_jwt_key_;
};

}  // namespace chancery::node
