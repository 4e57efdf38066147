#!/usr/bin/env bash
# Hours of faults under load: the simulation, power cuts, flipped bits, the kill loop and the fuzz targets, again and
# again until SOAK_HOURS (8) are over or something fails. Each round is ten times what CI does; the kill loop draws a new
# seed each time, the fuzzers go on from what they found (build/fuzz/corpus).
set -euo pipefail
cd "$(dirname "$0")/.."
deadline=$((SECONDS + ${SOAK_HOURS:-8} * 3600))
round=0
mkdir -p build/stages
tools/build.sh release
while [ "$SECONDS" -lt "$deadline" ]; do
    round=$((round + 1))
    echo "soak: round $round, $((SECONDS / 60)) minutes"
    KILLS=5000 CHANCERY_POWER_CUTS=20000 CHANCERY_BIT_FLIPS=10000 CHANCERY_SIM_SEEDS=2000 FUZZ_SECONDS=300 \
        tools/test.sh simulation power-cuts bit-flips kill-loop fuzz
done
echo "soak: $round rounds without a failure"
