#!/usr/bin/env bash
# Configures a preset and builds targets of it; one caller at a time, since stages may run beside each other.
#   tools/build.sh release chancery kill_loop    these targets
#   tools/build.sh release                       everything
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1
shift
mkdir -p "build/$preset"
exec 9>"build/$preset/.building"
flock 9
cmake --preset "$preset" --log-level=WARNING >/dev/null
targets=()
if [ $# -gt 0 ]; then targets=(--target "$@"); fi
cmake --build "build/$preset" -j "$(nproc)" "${targets[@]}"
