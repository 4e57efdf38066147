#!/usr/bin/env bash
# One flipped bit anywhere in the store: refused, found, or harmless, and never served or signed.
# cores: 1
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/build.sh release bit_flip
exec build/release/tests/chaos/bit_flip "${CHANCERY_BIT_FLIPS:-1000}"
