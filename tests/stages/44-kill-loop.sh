#!/usr/bin/env bash
# 500 kills of the real program under load (KILLS=5000 for longer). The seed is printed; SEED= repeats a run's delays.
# cores: 1
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/build.sh release chancery kill_loop
build/release/tests/chaos/kill_loop build/release/src/cli/chancery build/kill_loop "${KILLS:-500}" ${SEED:-}
rm -rf build/kill_loop
