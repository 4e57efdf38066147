#!/usr/bin/env bash
# Scenarios in text, run against the real program (tests/acceptance/*.yaml).
set -euo pipefail
cd "$(dirname "$0")/../.."
cmake --preset release --log-level=WARNING >/dev/null
cmake --build --preset release -j "$(nproc)" --target chancery
tests/acceptance/run build/release/src/cli/chancery build/acceptance
