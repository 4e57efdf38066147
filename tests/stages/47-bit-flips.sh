#!/usr/bin/env bash
# One flipped bit anywhere in the store: refused, found, or harmless, and never served or signed.
set -euo pipefail
cd "$(dirname "$0")/../.."
ninja -C build/release --quiet bit_flip >&2
exec build/release/tests/chaos/bit_flip "${CHANCERY_BIT_FLIPS:-1000}"
