#!/usr/bin/env bash
# Power cuts: the disk is forked at random writes and syncs; each fork is opened as a restarted node would open it.
# cores: 1
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/build.sh release power_cut
exec build/release/tests/chaos/power_cut "${CHANCERY_POWER_CUTS:-2000}"
