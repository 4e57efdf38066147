#!/usr/bin/env bash
# SD-JWT credentials between ours and two libraries of others, both ways. Prints "N passed, N failed" last.
# The libraries go to build/interop-sdjwt.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../.."
tools/build.sh release sdjwt_peer
build=build/release
work=build/interop-sdjwt
peer=$PWD/$build/tests/interop/sdjwt/sdjwt_peer

mkdir -p "$work"
if ! cmp -s "$here/requirements.txt" "$work/requirements.txt"; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$work/"
fi
if ! cmp -s "$here/package-lock.json" "$work/package-lock.json" || [ ! -d "$work/node_modules" ]; then
    cp "$here/package.json" "$here/package-lock.json" "$work/"
    (cd "$work" && npm ci --silent --no-audit --no-fund --ignore-scripts)
fi
# Node looks for packages beside the script.
cp "$here/with_node.mjs" "$here/cases.json" "$work/"

passed=0 failed=0
tally() {
    local name=$1 line
    shift
    echo "interop sdjwt: $name"
    "$@" >"$work/$name.log" 2>&1 || true
    line=$(tail -1 "$work/$name.log")
    if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
    else
        failed=$((failed + 1))
    fi
    [ "$failed" -eq 0 ] || tail -20 "$work/$name.log"
}
tally python "$work/venv/bin/python" "$here/with_python.py" "$peer"
tally node node "$work/with_node.mjs" "$peer"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
