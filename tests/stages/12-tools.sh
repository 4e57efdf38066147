#!/usr/bin/env bash
# The tools that judge everything else are judged first: their own tests, and the syntax of every script.
set -euo pipefail
cd "$(dirname "$0")/../.."
passed=0 failed=0
for test in tools/*_test.py; do
    report=$(cd tools && python3 "$(basename "$test")" 2>&1) && code=0 || code=$?
    count=$(sed -n 's/^Ran \([0-9]*\) tests* in.*/\1/p' <<<"$report")
    if [ "$code" -eq 0 ]; then
        echo "tools: $test: $count passed"
        passed=$((passed + count))
    else
        echo "$report"
        failed=$((failed + 1))
    fi
done
while IFS= read -r script; do
    if bash -n "$script"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done < <(find tools tests packaging .ci -type f \( -name '*.sh' -o -path .ci/run \) -not -path '*/node_modules/*' -not -path '*/target/*')
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
