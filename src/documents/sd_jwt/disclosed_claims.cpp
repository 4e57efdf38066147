#include "documents/sd_jwt/disclosed_claims.h"

#include <set>

namespace chancery::documents {

namespace {

constexpr int kMaxDepth = 32;
// Digests that nothing discloses (decoys among them) are allowed, but not without end.
constexpr std::size_t kMaxDigests = 20'000;

class Unpacking {
 public:
  explicit Unpacking(std::span<const Disclosure> disclosures) {
    for (const Disclosure& disclosure : disclosures) {
      if (!by_digest_.emplace(disclosure.digest, &disclosure).second) disclosed_twice_ = true;
    }
  }

  Result<DisclosedClaims> run(const Json& payload) {
    if (disclosed_twice_) return fail(Reason::kMalformed, "a disclosure occurs twice");
    if (!payload.is_object()) return fail(Reason::kMalformed, "the payload is not an object");
    if (const auto algorithm = payload.find(kDigestAlgorithmClaim);
        algorithm != payload.end() && *algorithm != "sha-256") {
      return fail(Reason::kUnsupported, "_sd_alg is not sha-256");
    }
    ASSIGN_OR_RETURN(out_.claims, unpack(payload, "", 0));
    out_.claims.erase(std::string(kDigestAlgorithmClaim));
    if (out_.pointer_by_digest.size() != by_digest_.size()) {
      return fail(Reason::kMalformed, "a disclosure belongs to no digest");
    }
    return std::move(out_);
  }

 private:
  Result<Json> unpack(const Json& value, const std::string& pointer, int depth) {
    if (depth > kMaxDepth) return fail(Reason::kMalformed, "claims nest deeper than 32 levels");
    if (value.is_object()) return unpack_object(value, pointer, depth);
    if (value.is_array()) return unpack_array(value, pointer, depth);
    return value;
  }

  Result<Json> unpack_object(const Json& object, const std::string& pointer, int depth) {
    Json out = Json::object();
    for (const auto& [name, value] : object.get_ref<const Json::object_t&>()) {
      if (name == kDigestsClaim) continue;
      if (name == kArrayDigestClaim) return fail(Reason::kMalformed, "\"...\" stands outside an array");
      ASSIGN_OR_RETURN(out[name], unpack(value, json_pointer_append(pointer, name), depth + 1));
    }
    const auto digests = object.find(kDigestsClaim);
    if (digests == object.end()) return out;
    if (!digests->is_array()) return fail(Reason::kMalformed, "_sd is not an array of digests");
    for (const Json& digest : *digests) {
      ASSIGN_OR_RETURN(const Disclosure* disclosure, find(digest));
      if (disclosure == nullptr) continue;
      if (!disclosure->name) return fail(Reason::kMalformed, "a disclosure of an item stands for a member");
      if (object.contains(*disclosure->name) || out.contains(*disclosure->name)) {
        return fail(Reason::kMalformed, "a disclosed member is there already");
      }
      const std::string at = json_pointer_append(pointer, *disclosure->name);
      out_.pointer_by_digest[disclosure->digest] = at;
      ASSIGN_OR_RETURN(out[*disclosure->name], unpack(disclosure->value, at, depth + 1));
    }
    return out;
  }

  Result<Json> unpack_array(const Json& array, const std::string& pointer, int depth) {
    Json out = Json::array();
    for (const Json& item : array) {
      const std::string at = json_pointer_append(pointer, std::to_string(out.size()));
      const Json* value = &item;
      if (item.is_object() && item.contains(kArrayDigestClaim)) {
        if (item.size() != 1) return fail(Reason::kMalformed, "\"...\" is not alone in its object");
        ASSIGN_OR_RETURN(const Disclosure* disclosure, find(item.at(std::string(kArrayDigestClaim))));
        if (disclosure == nullptr) continue;
        if (disclosure->name) return fail(Reason::kMalformed, "a disclosure of a member stands for an item");
        out_.pointer_by_digest[disclosure->digest] = at;
        value = &disclosure->value;
      }
      ASSIGN_OR_RETURN(Json unpacked, unpack(*value, at, depth + 1));
      out.push_back(std::move(unpacked));
    }
    return out;
  }

  /// The disclosure with this digest, null when it was withheld. Each digest may occur once in everything signed.
  Result<const Disclosure*> find(const Json& digest) {
    if (!digest.is_string()) return fail(Reason::kMalformed, "a digest is not a string");
    if (seen_.size() >= kMaxDigests) return fail(Reason::kTooLarge, "more than 20,000 digests");
    const auto& text = digest.get_ref<const std::string&>();
    if (!seen_.insert(text).second) return fail(Reason::kMalformed, "a digest occurs twice");
    const auto found = by_digest_.find(text);
    return found == by_digest_.end() ? nullptr : found->second;
  }

  std::map<std::string, const Disclosure*> by_digest_;
  std::set<std::string> seen_;
  bool disclosed_twice_ = false;
  DisclosedClaims out_;
};

}  // namespace

Result<DisclosedClaims> apply_disclosures(const Json& payload, std::span<const Disclosure> disclosures) {
  return Unpacking(disclosures).run(payload);
}

}  // namespace chancery::documents
