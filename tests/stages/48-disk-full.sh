#!/usr/bin/env bash
# A real small volume that fills up, grows, and fills up again (as root; skipped otherwise).
# cores: 1
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/build.sh release chancery
exec python3 tests/chaos/disk_full.py build/release/src/cli/chancery build/disk_full
