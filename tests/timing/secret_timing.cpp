// Run under memcheck: the nonce of a signature is marked undefined, and every branch or address that depends on an
// undefined bit is an error that memcheck reports. With "leak" a branch that does depend on it is planted: memcheck
// must see that one, or it looks at nothing.
#include <valgrind/memcheck.h>

#include <cstdio>
#include <cstring>

#include "base/random.h"
#include "crypto/sm2/secret_multiple.h"

namespace {

using chancery::crypto::Limbs;

constexpr int kNonces = 20;

}  // namespace

int main(int argc, char** argv) {
  const bool leak = argc > 1 && std::strcmp(argv[1], "leak") == 0;
  chancery::SeededRandom random(81);
  Limbs first{1, 0, 0, 0};
  // Makes the table, whose numbers are public.
  chancery::crypto::sm2::secret_multiple_x(first);
  unsigned long long mixed = 0;
  for (int i = 0; i < kNonces; ++i) {
    Limbs nonce;
    for (auto& word : nonce) word = random.next_u64() >> 1 | 1;
    VALGRIND_MAKE_MEM_UNDEFINED(nonce.data(), sizeof nonce);
    Limbs x = chancery::crypto::sm2::secret_multiple_x(nonce);
    if (leak && nonce[0] % 3 == 0) std::puts("a branch on a secret");
    VALGRIND_MAKE_MEM_DEFINED(x.data(), sizeof x);
    mixed ^= x[0];
  }
  std::printf("%d nonces, %llx\n", kNonces, mixed);
  return 0;
}
