// Issuing: the selective claims leave the payload, digests take their places (RFC 9901 section 4.2.4).

#include <algorithm>

#include "documents/sd_jwt/sd_jwt.h"

namespace chancery::documents {

namespace {

constexpr std::size_t kMaxDecoys = 50;

bool has_reserved_name(const Json& value) {
  if (value.is_object()) {
    for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
      if (name == kDigestsClaim || name == kArrayDigestClaim || name == kDigestAlgorithmClaim) return true;
      if (has_reserved_name(member)) return true;
    }
  }
  return value.is_array() && std::ranges::any_of(value, has_reserved_name);
}

class Packing {
 public:
  Packing(Json claims, std::size_t decoys, Random& random)
      : claims_(std::move(claims)), decoys_(decoys), random_(random) {}

  /// Pointers must come deepest first, so that an outer disclosure holds the digests of the inner ones.
  Status conceal(const std::string& pointer) {
    try {
      const Json::json_pointer at(pointer);
      if (at.empty() || !claims_.contains(at)) return fail(Reason::kInvalidValue, "no claim at " + pointer);
      Json& parent = claims_.at(at.parent_pointer());
      Json value = claims_.at(at);
      if (parent.is_array()) {
        Disclosure disclosure = make_disclosure(std::nullopt, std::move(value), random_);
        claims_.at(at) = {{kArrayDigestClaim, disclosure.digest}};
        disclosures_.push_back(std::move(disclosure));
        return {};
      }
      Disclosure disclosure = make_disclosure(at.back(), std::move(value), random_);
      parent.erase(at.back());
      add_digest(parent, disclosure.digest);
      disclosures_.push_back(std::move(disclosure));
    } catch (const Json::exception&) {
      return fail(Reason::kInvalidValue, "no claim at " + pointer);
    }
    return {};
  }

  Json take_payload() {
    if (!disclosures_.empty()) claims_[std::string(kDigestAlgorithmClaim)] = "sha-256";
    return std::move(claims_);
  }
  const std::vector<Disclosure>& disclosures() const { return disclosures_; }

 private:
  void add_digest(Json& object, const std::string& digest) {
    Json& digests = object[std::string(kDigestsClaim)];
    if (digests.is_null()) {
      digests = Json::array();
      for (std::size_t i = 0; i < decoys_; ++i) digests.push_back(sd_digest(to_base64url(random_.bytes(32))));
    }
    digests.push_back(digest);
    // Sorted, so that the order says nothing about the names behind it.
    std::ranges::sort(digests.get_ref<Json::array_t&>());
  }

  Json claims_;
  std::size_t decoys_;
  Random& random_;
  std::vector<Disclosure> disclosures_;
};

}  // namespace

Result<std::string> issue_sd_jwt(Json claims, const SdJwtPlan& plan, Json header, const crypto::PrivateKey& key,
                                 Random& random) {
  if (!claims.is_object()) return fail(Reason::kInvalidValue, "the claims are not an object");
  if (has_reserved_name(claims)) return fail(Reason::kInvalidValue, "a claim has the name _sd, _sd_alg or ...");
  if (plan.decoys_per_object > kMaxDecoys) return fail(Reason::kInvalidValue, "more than 50 decoys an object");
  std::vector<std::string> deepest_first = plan.selective;
  std::ranges::stable_sort(deepest_first, std::greater<>(),
                           [](const std::string& pointer) { return std::ranges::count(pointer, '/'); });
  std::vector<std::string> sorted = plan.selective;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end()) {
    return fail(Reason::kInvalidValue, "a selective claim is named twice");
  }
  Packing packing(std::move(claims), plan.decoys_per_object, random);
  for (const std::string& pointer : deepest_first) TRY(packing.conceal(pointer));
  const std::string payload = canonical_json(packing.take_payload());
  ASSIGN_OR_RETURN(std::string out, sign_compact_jws(std::move(header), as_bytes(payload), key));
  out.push_back('~');
  for (const Disclosure& disclosure : packing.disclosures()) out.append(disclosure.encoded).append("~");
  return out;
}

}  // namespace chancery::documents
