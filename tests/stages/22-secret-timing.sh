#!/usr/bin/env bash
# Signing takes no branch and reads no address that depends on its nonce (memcheck over undefined bits; skipped without
# valgrind).
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! command -v valgrind >/dev/null; then
    echo "skipped: valgrind is not installed"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
tools/build.sh release secret_timing
program=build/release/tests/timing/secret_timing
memcheck() { valgrind --quiet --error-exitcode=99 "$program" "$@"; }
passed=0 failed=0
verdict() { if [ "$1" = yes ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi; echo "timing: $2: $1"; }
if memcheck; then verdict yes "no branch or address depends on the nonce"; else verdict no "no branch or address depends on the nonce"; fi
if memcheck leak >/dev/null 2>&1; then verdict no "a planted branch is seen"; else verdict yes "a planted branch is seen"; fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
