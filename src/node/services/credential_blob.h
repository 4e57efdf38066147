#pragma once
// What the desk keeps of a credential's holder, encrypted, and the commitments that stand for it on the chain.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/random.h"
#include "base/result.h"
#include "contracts/credential/commitment.h"
#include "node/services/desk_key.h"

namespace chancery::node {

/// The fields of one credential with their salts.
struct CredentialFields {
  Json fields = Json::object();
  std::map<std::string, contracts::credential::Salt> salts;  ///< one for each member of `fields`

  /// Fresh salts.
  static CredentialFields with_new_salts(Json fields, Random& random);
  std::vector<Digest> commitments(crypto::HashAlgorithm hash) const;
  Digest commitment(crypto::HashAlgorithm hash, const std::string& name) const;

  Bytes encode() const;
  /// kCorrupt.
  static Result<CredentialFields> decode(BytesView bytes);
};

struct AnnotationBlob {
  std::string text;
  contracts::credential::Salt salt{};

  Digest commitment(crypto::HashAlgorithm hash) const;
  Bytes encode() const;
  static Result<AnnotationBlob> decode(BytesView bytes);
};

std::string fields_blob_id(std::string_view credential, const Digest& fields_root);
std::string annotation_blob_id(std::string_view credential, const Digest& commitment);

/// What a blob id of this desk is about; nullopt for others.
struct BlobSubject {
  bool annotation = false;
  std::string credential;
  Digest digest{};  ///< fields root or annotation commitment
};
std::optional<BlobSubject> parse_blob_id(std::string_view id);

/// The holder commitment of a reference: the same reference gives the same one, under a salt that only this desk knows.
Digest holder_commitment_of(const DeskKey& desk_key, crypto::HashAlgorithm hash, std::string_view reference);
/// `wanted`, or else the field "id_number", "uscc" or "holder_id"; empty when there is none.
std::string holder_reference_of(const std::string& wanted, const Json& fields);

}  // namespace chancery::node
