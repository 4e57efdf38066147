#!/usr/bin/env bash
# The HTTP API of the real program, from outside: every operation does its work (exercise.py), the examples of the docs run,
# and schemathesis explores the OpenAPI document with valid and invalid requests.
# usage: run.sh PROGRAM [SCHEMATHESIS_EXAMPLES_PER_OPERATION]
set -euo pipefail
cd "$(dirname "$0")/../../.."
program=$(realpath "$1")
examples=${2:-90}
work=build/interop-api
rm -rf "$work"
mkdir -p "$work"
passed=0 failed=0

count() {  # takes "N passed, N failed" from the last line of a log
    local last
    last=$(tail -1 "$1")
    if [[ "$last" =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
    else
        echo "api: $1 has no result"
        failed=$((failed + 1))
    fi
}

python=build/venv/bin/python
if [ ! -x "$python" ]; then
    echo "api: build/venv is missing; tools/install.sh --tests makes it"
    echo "0 passed, 1 failed"
    exit 1
fi

echo "api: exercising every operation"
PYTHONPATH=tests/interop/api "$python" tests/interop/api/exercise.py "$program" "$work/exercise" >"$work/exercise.log" 2>&1 || true
grep -E '^(FAIL|operations|Traceback|[A-Za-z]*Error)' "$work/exercise.log" || true
count "$work/exercise.log"

echo "api: schemathesis, $examples examples an operation"
PYTHONPATH=tests/interop/api "$python" tests/interop/api/explore.py "$program" "$work/explore" "$examples" >"$work/explore.log" 2>&1 || true
grep -E '^(FAIL|api:|Traceback|[A-Za-z]*Error)' "$work/explore.log" || true
count "$work/explore.log"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
