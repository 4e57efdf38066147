#!/usr/bin/env bash
# 500 kills of the real program under load (KILLS=5000 for longer). The seed is printed; SEED= repeats a run's delays.
set -euo pipefail
cd "$(dirname "$0")/../.."
cmake --preset release --log-level=WARNING >/dev/null
cmake --build --preset release -j "$(nproc)" --target chancery kill_loop
build/release/tests/chaos/kill_loop build/release/src/cli/chancery build/kill_loop "${KILLS:-500}" ${SEED:-}
rm -rf build/kill_loop
