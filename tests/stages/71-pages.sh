#!/usr/bin/env bash
# The plain pages in a real browser: accessible by axe-core, whole on a phone, both languages, light and dark.
set -euo pipefail
cd "$(dirname "$0")/../.."
cmake --preset release --log-level=WARNING >/dev/null
cmake --build --preset release -j "$(nproc)" --target chancery
exec tests/interop/pages/run.sh build/release/src/cli/chancery
