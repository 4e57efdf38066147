#!/usr/bin/env bash
# Power cuts: the disk is forked at random writes and syncs; each fork is opened as a restarted node would open it.
set -euo pipefail
cd "$(dirname "$0")/../.."
ninja -C build/release --quiet power_cut >&2
exec build/release/tests/chaos/power_cut "${CHANCERY_POWER_CUTS:-2000}"
