#!/usr/bin/env bash
# A real small volume that fills up, grows, and fills up again (as root; skipped otherwise).
set -euo pipefail
cd "$(dirname "$0")/../.."
cmake --preset release --log-level=WARNING >/dev/null
cmake --build --preset release -j "$(nproc)" --target chancery
exec python3 tests/chaos/disk_full.py build/release/src/cli/chancery build/disk_full
