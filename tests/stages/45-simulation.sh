#!/usr/bin/env bash
# Three replicas of the state machine from one seed against a tiny model, with crashes, lag, copies and replays.
set -euo pipefail
cd "$(dirname "$0")/../.."
ninja -C build/release --quiet simulate >&2
exec build/release/tests/sim/simulate "${CHANCERY_SIM_SEEDS:-200}"
