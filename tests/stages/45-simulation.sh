#!/usr/bin/env bash
# Three replicas of the state machine from one seed against a tiny model, with crashes, lag, copies and replays.
# cores: 1
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/build.sh release simulate
exec build/release/tests/sim/simulate "${CHANCERY_SIM_SEEDS:-200}"
