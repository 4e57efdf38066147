#!/usr/bin/env bash
# Speed and size, into build/bench.json: a list of { name, value, unit, settings, peers }. The whole takes about 15 minutes;
#   bench/run.sh --quick    10 s a load, without the 10 million records
#   bench/run.sh solo many  only these parts
set -euo pipefail
cd "$(dirname "$0")/.."
echo "bench: building (preset release)"
tools/build.sh release chancery
export CHANCERY_BENCH_POSTGRES=$PWD/bench/peers/postgres.sh
export CHANCERY_BENCH_COMETBFT=$PWD/bench/peers/cometbft.sh
parts=() options=()
for argument in "$@"; do
    case "$argument" in
        --*) options+=("$argument") ;;
        *) parts+=("$argument") ;;
    esac
done
[ ${#parts[@]} -gt 0 ] || parts=(all)
exec build/release/src/cli/chancery bench "${parts[@]}" "${options[@]}" --out build/bench.json --directory build/bench --yes --lang en
