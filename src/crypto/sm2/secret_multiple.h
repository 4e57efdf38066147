#pragma once
// The one thing that signing computes on the curve, k * G, in the same time and over the same addresses for every k: no
// branch and no index depends on the secret. Private to crypto/.

#include "crypto/sm2/field.h"

namespace chancery::crypto::sm2 {

/// The plain x coordinate of secret * G, for 1 <= secret < n.
Limbs secret_multiple_x(const Limbs& secret);

}  // namespace chancery::crypto::sm2
