#!/usr/bin/env bash
# Runs every stage of tests/stages (NN-name.sh, in order) and adds up what they counted.
#   tools/test.sh               all stages
#   tools/test.sh unit layers   only the stages with these names
# A stage is a program that prints "N passed, N failed[, N skipped]" as its last line. A stage that ends with another
# code than 0, or without that line, counts as one more failure. The last line of this script is the total.
# A stage with the line "# cores: 1" runs beside its neighbours that have it too, one for each core, and its name stands
# before each line that it prints. Every other stage has the machine to itself.
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

passed=0 failed=0 skipped=0
started=$SECONDS
cores=$(nproc)
declare -A rows name_of started_at
running=()

# Adds the counts of a stage that ended with a code to the totals and to the table.
count_stage() {
    local name=$1 code=$2 seconds=$3 counts
    local stage_passed=0 stage_failed=0 stage_skipped=0
    counts=$(grep -aE '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "build/stages/$name.log" | tail -1 || true)
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
    rows[$name]=$(printf '%-24s %7s %9d %8d %9d' "$name" "$(clock "$seconds")" "$stage_passed" "$stage_failed" "$stage_skipped")
}

# Waits until one of the stages that run beside each other has ended, and counts it.
finish_one() {
    local code=0 pid name kept=()
    wait -n -p pid "${running[@]}" || code=$?
    name=${name_of[$pid]}
    for each in "${running[@]}"; do [ "$each" = "$pid" ] || kept+=("$each"); done
    running=("${kept[@]}")
    printf '\n=== %s ended (%s since the start)\n' "$name" "$(clock $((SECONDS - started)))"
    count_stage "$name" "$code" $((SECONDS - started_at[$pid]))
}

# Stages get no stdin, so that none can wait for a person.
for file in "${stages[@]}"; do
    name=$(basename "$file" .sh)
    log=build/stages/$name.log
    if grep -q '^# cores: 1$' "$file"; then
        while [ ${#running[@]} -ge "$cores" ]; do finish_one; done
        printf '\n=== %s begins (%s since the start)\n' "$name" "$(clock $((SECONDS - started)))"
        (bash "$file" </dev/null 2>&1 | tee "$log" | sed -u "s/^/${name#*-} | /") &
        running+=($!)
        name_of[$!]=$name started_at[$!]=$SECONDS
        continue
    fi
    while [ ${#running[@]} -gt 0 ]; do finish_one; done
    printf '\n=== %s (%s since the start)\n' "$name" "$(clock $((SECONDS - started)))"
    stage_started=$SECONDS
    code=0
    bash "$file" </dev/null 2>&1 | tee "$log" || code=$?
    count_stage "$name" "$code" $((SECONDS - stage_started))
done
while [ ${#running[@]} -gt 0 ]; do finish_one; done

printf '\n%-24s %7s %9s %8s %9s\n' stage min:s passed failed skipped
for file in "${stages[@]}"; do printf '%s\n' "${rows[$(basename "$file" .sh)]}"; done
printf 'elapsed %s on %d cores\n' "$(clock $((SECONDS - started)))" "$(nproc)"
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
