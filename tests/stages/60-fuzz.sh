#!/usr/bin/env bash
# Every decoder against libFuzzer for FUZZ_SECONDS (30), two at a time, from the seeds in tests/fuzz/corpus. First the
# canary: a decoder with a planted bug that the fuzzer must find. A target passes when it ran its time and found nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${FUZZ_SECONDS:-30}
build=build/fuzz
dictionaries=../shared/data/fuzz-dictionaries/dictionaries

echo "fuzz: building the targets (preset fuzz)"
tools/build.sh fuzz fuzz_targets
mkdir -p "$build/found"
rm -f "$build"/found/*.log "$build"/found/*.verdict

# Unsigned wrap-around is defined and used by hashes; a leak is a finding like any other.
export ASAN_OPTIONS=detect_container_overflow=0:allocator_may_return_null=1
export UBSAN_OPTIONS=print_stacktrace=1
export ASAN_SYMBOLIZER_PATH=/usr/lib/llvm-19/bin/llvm-symbolizer

echo "fuzz: canary, which must be caught"
canary_work=$(mktemp -d)
if "$build/tests/fuzz/fuzz_canary" -max_total_time=60 -artifact_prefix="$canary_work/" tests/fuzz/corpus/canary \
    >"$canary_work/log" 2>&1; then
    echo "fuzz: the canary's planted bug was NOT found"
    echo failed >"$build/found/canary.verdict"
else
    grep -aq 'AddressSanitizer: heap-buffer-overflow' "$canary_work/log" && echo passed >"$build/found/canary.verdict" ||
        { tail -20 "$canary_work/log"; echo failed >"$build/found/canary.verdict"; }
    echo "fuzz: canary caught after $(grep -acE '^#[0-9]+' "$canary_work/log") steps of coverage"
fi
rm -rf "$canary_work"

run_target() {
    local name=$1 dictionary=$2 max_bytes=$3 options=() log=$build/found/$1.log
    # New inputs go to the first folder, which is not committed; the seeds are only read.
    local work=$build/corpus/$name seeds=tests/fuzz/corpus/$name
    mkdir -p "$work"
    if [ "$dictionary" != - ] && [ -f "$dictionaries/$dictionary" ]; then options+=("-dict=$dictionaries/$dictionary"); fi
    if [ ! -d "$seeds" ] || [ -z "$(ls -A "$seeds")" ]; then
        echo "fuzz: $name has no seeds in $seeds"
        echo failed >"$build/found/$name.verdict"
        return
    fi
    if "$build/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -max_len="$max_bytes" -timeout=25 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$build/found/$name-" "${options[@]}" "$work" "$seeds" >"$log" 2>&1; then
        echo "fuzz: $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs," \
            "$(grep -aoE 'cov: [0-9]+' "$log" | tail -1 | cut -d' ' -f2) edges, $(ls "$seeds" | wc -l) seeds, nothing found"
        echo passed >"$build/found/$name.verdict"
    else
        echo "fuzz: $name FAILED; the input is in $build/found, the log ends:"
        tail -40 "$log"
        echo failed >"$build/found/$name.verdict"
    fi
}
export -f run_target
export build dictionaries seconds

count=$(wc -l <"$build/tests/fuzz/targets.txt")
echo "fuzz: $count targets, $seconds s each, two at a time"
xargs -P 2 -L 1 bash -c 'run_target "$@"' run <"$build/tests/fuzz/targets.txt"

passed=$(cat "$build"/found/*.verdict | grep -c '^passed$' || true)
failed=$(cat "$build"/found/*.verdict | grep -c '^failed$' || true)
missing=$((count + 1 - passed - failed))
echo "$passed passed, $((failed + missing)) failed"
[ $((failed + missing)) -eq 0 ]
