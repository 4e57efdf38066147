#!/usr/bin/env bash
# Scenarios in text, run against the real program (tests/acceptance/*.yaml).
# cores: 1
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/build.sh release chancery
tests/acceptance/run build/release/src/cli/chancery build/acceptance
