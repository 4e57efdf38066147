#include <algorithm>

#include "crypto/der.h"
#include "crypto/signature.h"

namespace chancery::crypto {

Result<Signature> der_to_p1363(BytesView der) {
  DerReader outside(der);
  ASSIGN_OR_RETURN(DerReader inside, outside.enter(der::kSequence));
  TRY(outside.end());
  Signature out{};
  for (std::size_t half = 0; half < 2; ++half) {
    ASSIGN_OR_RETURN(const BytesView magnitude, inside.unsigned_integer());
    if (magnitude.size() > 32) return fail(Reason::kMalformed, "DER: a signature with a number above 32 bytes");
    std::ranges::copy(magnitude, out.begin() + static_cast<std::ptrdiff_t>(32 * (half + 1) - magnitude.size()));
  }
  TRY(inside.end());
  return out;
}

Bytes p1363_to_der(const Signature& signature) {
  const BytesView both(signature);
  return der::sequence({der::unsigned_integer(both.first(32)), der::unsigned_integer(both.last(32))});
}

}  // namespace chancery::crypto
