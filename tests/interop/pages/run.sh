#!/usr/bin/env bash
# The pages of a demo node in a real browser, judged by axe-core. usage: run.sh PROGRAM. Pictures go to build/interop-pages/pictures.
set -euo pipefail
cd "$(dirname "$0")/../../.."
program=$(realpath "$1")
work=$PWD/build/interop-pages
mkdir -p "$work"
browser=$(command -v chromium || command -v chromium-browser || true)
if [ -z "$browser" ] || ! command -v npm >/dev/null; then
    echo "pages: skipped, there is no chromium or no npm"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
if ! cmp -s tests/interop/pages/package-lock.json "$work/package-lock.json" || [ ! -d "$work/node_modules" ]; then
    cp tests/interop/pages/package.json tests/interop/pages/package-lock.json "$work/"
    (cd "$work" && npm ci --silent --no-audit --no-fund --ignore-scripts)
fi
# Node looks for packages beside the script.
cp tests/interop/pages/pages.mjs "$work/"
rm -rf "$work/node" "$work/pictures"
mkdir -p "$work/pictures"
"$program" dev --json --quiet --directory "$work/node" --port 0 >"$work/facts.json" 2>"$work/node.err" </dev/null &
node=$!
trap 'kill "$node" 2>/dev/null || true; wait "$node" 2>/dev/null || true' EXIT
for _ in $(seq 600); do
    if python3 -c "import json, sys; json.load(open(sys.argv[1]))" "$work/facts.json" 2>/dev/null; then break; fi
    kill -0 "$node" || { cat "$work/node.err"; echo "0 passed, 1 failed"; exit 1; }
    sleep 0.2
done
node "$work/pages.mjs" "$browser" "$work/facts.json" "$work/pictures"
