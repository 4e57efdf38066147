#!/usr/bin/env bash
# Runs every stage of tests/stages (NN-name.sh, in order) and adds up what they counted.
#   tools/test.sh               all stages
#   tools/test.sh unit layers   only the stages with these names
# A stage is a program that prints "N passed, N failed[, N skipped]" as its last line. A stage that ends with another
# code than 0, or without that line, counts as one more failure. The last line of this script is the total.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/stages

stages=()
for file in tests/stages/[0-9]*.sh; do
    name=$(basename "$file" .sh)
    name=${name#*-}
    if [ $# -eq 0 ]; then stages+=("$file"); continue; fi
    for wanted in "$@"; do
        if [ "$wanted" = "$name" ]; then stages+=("$file"); fi
    done
done
[ ${#stages[@]} -gt 0 ] || { echo "test: no stage has such a name" >&2; exit 2; }

clock() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

passed=0 failed=0 skipped=0 table=""
started=$SECONDS
for file in "${stages[@]}"; do
    name=$(basename "$file" .sh)
    log=build/stages/$name.log
    printf '\n=== %s (%s since the start)\n' "$name" "$(clock $((SECONDS - started)))"
    stage_started=$SECONDS
    code=0
    # Stages get no stdin, so that none can wait for a person.
    bash "$file" </dev/null 2>&1 | tee "$log" || code=$?
    seconds=$((SECONDS - stage_started))
    counts=$(grep -aE '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$log" | tail -1 || true)
    stage_passed=0 stage_failed=0 stage_skipped=0
    if [[ "$counts" =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]]; then
        stage_passed=${BASH_REMATCH[1]} stage_failed=${BASH_REMATCH[2]} stage_skipped=${BASH_REMATCH[4]:-0}
    else
        echo "test: stage $name ended without its total"
        stage_failed=1
    fi
    if [ "$code" -ne 0 ] && [ "$stage_failed" -eq 0 ]; then
        echo "test: stage $name ended with code $code"
        stage_failed=1
    fi
    passed=$((passed + stage_passed)) failed=$((failed + stage_failed)) skipped=$((skipped + stage_skipped))
    table+=$(printf '%-24s %7s %9d %8d %9d' "$name" "$(clock "$seconds")" "$stage_passed" "$stage_failed" "$stage_skipped")$'\n'
done

printf '\n%-24s %7s %9s %8s %9s\n' stage min:s passed failed skipped
printf '%s' "$table"
printf 'elapsed %s on %d cores\n' "$(clock $((SECONDS - started)))" "$(nproc)"
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
